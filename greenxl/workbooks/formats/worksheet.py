"""A worksheet part of an Office Open XML workbook to its cells (ECMA-376 part 1, 18.3), in one pass."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from xml.etree.ElementTree import Element

from greenxl.workbooks.cells import (
    LEAST_HEIGHT,
    LEAST_WIDTH,
    MOST_COLUMNS,
    MOST_ROWS,
    PLAIN,
    Ambiguous,
    Box,
    CellBudget,
    Marks,
    Refused,
    SheetCells,
    Stretch,
    Value,
    Visibility,
    address,
    limited,
    stretches,
)
from greenxl.workbooks.formats.cell_value import Context, cell_value, number
from greenxl.workbooks.formats.number_format import Epoch
from greenxl.workbooks.formats.rich_text import Text
from greenxl.workbooks.formats.shared_strings import TextReader
from greenxl.workbooks.formats.spreadsheet_ml import (
    PLAIN_STYLE,
    Style,
    Styles,
    check_foreign,
    root_namespace,
)
from greenxl.workbooks.formats.xml_part import Members, flag, local

_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
_MEASURE = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[Ee][+-]?[0-9]+)?|\.[0-9]+")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_LETTERS = re.compile("[A-Z]{1,3}")
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_POINTS_A_LETTER = 5.25
"""Of the width of a column, which is counted in digits of the standard font."""
_COLUMNS: dict[str, int] = {}
"""Letters -> column, of those that were met."""


_MANY = 1024 * 1024
"""Bytes of a part from which on it pays to look for empty cells beforehand."""
_EMPTY_CELLS = re.compile(rb'(?<=>)(?:<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,9}")?/>)+(?=<)')
_UNADDRESSED = re.compile(rb'<c(?![A-Za-z]| r="[A-Z])')


def _without_empty_cells(part: bytes) -> bytes:
    """Return a long part without the formatted cells that hold nothing: there may be millions of them.

    Only where nothing but an element can begin with those letters, and no cell takes its place from the last.
    """
    if len(part) < _MANY or b"<!" in part or part.count(b"<?") > 1 or _UNADDRESSED.search(part):
        return part
    return _EMPTY_CELLS.sub(b"", part)


def column_number(letters: str) -> int:
    """Return the column of its letters, -1 where there is none."""
    number = 0
    if _LETTERS.fullmatch(letters):
        for letter in letters:
            number = number * 26 + ord(letter) - 64
    if not 0 < number <= MOST_COLUMNS:
        return -1
    _COLUMNS[letters] = number - 1
    return number - 1


class Book:
    """What the sheets of a workbook share."""

    def __init__(self, strings: Sequence[Text], styles: Styles, epoch: Epoch) -> None:
        self.context = Context({str(index): text for index, text in enumerate(strings)}, epoch)
        self.plain_texts = {
            index: text for index, text in self.context.strings.items() if text and isinstance(text, str)
        }
        self.conditional = styles.conditional
        self.styles: dict[str | None, Style | None] = {
            str(index): None if style == PLAIN_STYLE else style for index, style in enumerate(styles.cells)
        }
        """By the number that a cell gives; None is a plain one."""
        self.styles[None] = self.styles.setdefault("0", None)
        self.budget = CellBudget()


class _Tags:
    """The names of the elements that are read, in one of the two namespaces."""

    def __init__(self, main: str) -> None:
        names = ("row", "c", "v", "f", "is", "sheetData", "cols", "col", "sheetFormatPr", "sheetViews")
        (
            self.row,
            self.c,
            self.v,
            self.f,
            self.inline,
            self.data,
            self.cols,
            self.col,
            self.format,
            self.views,
        ) = (main + name for name in names)
        self.merges, self.merge, self.rules = (
            main + name for name in ("mergeCells", "mergeCell", "conditionalFormatting")
        )
        self.view, self.extensions, self.extension = (main + name for name in ("sheetView", "extLst", "ext"))
        self.changes = (f"{_X14}dxf/{main}numFmt", f"{_X14}dxf/{main}font/{main}strike")
        self.early = {self.format, self.cols}
        self.known = {*self.early, self.data, self.merges}
        self.texts = TextReader(main)


_tags = lru_cache(maxsize=2)(_Tags)


class SheetReader:
    """The pass over one worksheet."""

    def __init__(self, part: str, book: Book) -> None:
        self._part, self._book = part, book
        self._rows: dict[int, dict[int, Value]] = {}
        self._marks: dict[int, dict[int, Marks]] = {}
        self._arrays: list[Box] = []
        self._hidden: list[Stretch] = []
        self._low = False
        """Whether rows that say nothing of their height are too low to be read."""
        self._tags: _Tags | None = None
        self._at = -1, -1

    def read(self, data: bytes, name: str, state: Visibility) -> SheetCells:
        """Return the sheet that the part holds.

        :raises Refused: it cannot be read in one way alone.
        """
        members = Members(_without_empty_cells(data), self._part, "sheetData")
        try:
            for member in members:
                if self._tags is None:
                    self._begin(members.root)
                self._row(member)
            if self._tags is None:
                self._begin(members.root)
            return self._sheet(members.root, name, state)
        except Refused as refused:
            refused.sheet = name
            raise

    def _begin(self, root: Element) -> None:
        """Take from the root what the rows are read by."""
        tags = self._tags = _tags(root_namespace(root, "worksheet", self._part))
        self._r, self._c, self._v, self._f, self._is = tags.row, tags.c, tags.v, tags.f, tags.inline
        self._texts = tags.texts
        defaults = root.find(tags.format)
        if defaults is not None:
            self._low = self._least(defaults, "defaultRowHeight", LEAST_HEIGHT)

    def _sheet(self, root: Element, name: str, state: Visibility) -> SheetCells:
        """Return the sheet, its rows having been read."""
        tags = _tags(root_namespace(root, "worksheet", self._part))
        parts: dict[str, list[Element]] = {}
        for child in root:
            if child.tag in parts:
                parts[child.tag].append(child)
            else:
                parts[child.tag] = [child]
            if child.tag not in tags.known:
                check_foreign(child)
            elif child.tag in tags.early and tags.data in parts or len(parts.get(tags.data, ())) > 1:
                raise self._ambiguous("<sheetData>")
        return SheetCells(
            name=name,
            state=state,
            rows=self._rows,
            marks=self._marks,
            merges=limited([self._box(m.get("ref", "")) for m in _inside(parts, tags.merges, tags.merge)]),
            arrays=limited(self._arrays),
            conditional=limited([*self._conditional(parts, tags), *self._newer(parts, tags)]),
            hidden_rows=stretches(self._hidden),
            hidden_columns=stretches(self._hidden_columns(parts, tags)),
            zeros_shown=all(
                flag(view.get("showZeros"), "showZeros", default=True)
                for view in _inside(parts, tags.views, tags.view)
            ),
        )

    def _ambiguous(self, what: str) -> Ambiguous:
        return Ambiguous(f"{self._part}: {what}")

    def _wrong(self, what: str) -> Ambiguous:
        """Return the refusal for the cell that is read."""
        return self._ambiguous(f"{address(*self._at)} {what}")

    # Rows and columns.

    def _least(self, element: Element, name: str, least: float) -> bool:
        """Return whether a measure is given and too small to show anything."""
        text = element.get(name)
        measure = math.inf if text is None else _measure(text)
        if measure is None:
            raise self._ambiguous(f'{name}="{text}"'[:60])
        return measure < least

    def _hidden_columns(self, parts: "_Parts", tags: _Tags) -> Iterator[Stretch]:
        """Yield the columns that are hidden or too narrow to be read."""
        listed: list[Stretch] = []
        for column in _inside(parts, tags.cols, tags.col):
            first, last = column.get("min", ""), column.get("max", "")
            if not (_ROW.fullmatch(first) and _ROW.fullmatch(last)):
                raise self._ambiguous(f'min="{first[:20]}" max="{last[:20]}"')
            listed.append((int(first) - 1, int(last) - 1))
            narrow = self._least(column, "width", LEAST_WIDTH / _POINTS_A_LETTER)
            if narrow or flag(column.get("hidden"), "hidden"):
                yield listed[-1]
        defaults = parts.get(tags.format, ())
        if any(self._least(one, "defaultColWidth", LEAST_WIDTH / _POINTS_A_LETTER) for one in defaults):
            yield from _between(stretches(listed))

    def _row(self, row: Element) -> None:
        if row.tag != self._r:
            check_foreign(row)
            return
        digits = row.get("r") or str(self._at[0] + 2)
        at = int(digits) - 1 if _ROW.fullmatch(digits) else -1
        if not self._at[0] < at < MOST_ROWS:
            raise self._ambiguous(f'<row r="{digits[:20]}">')
        low = self._least(row, "ht", LEAST_HEIGHT) if "ht" in row.attrib else self._low
        hidden = row.get("hidden")
        if low or (hidden is not None and flag(hidden, "hidden")):
            joined = bool(self._hidden) and self._hidden[-1][1] == at - 1
            self._hidden.append((self._hidden.pop()[0] if joined else at, at))
        self._at = at, -1
        line, marks = self._cells(row, digits)
        if line:
            self._rows[at] = line
            self._book.budget.spend(len(line))
        if marks:
            self._marks[at] = marks

    # Cells.

    def _cells(self, row: Element, digits: str) -> tuple[dict[int, Value], dict[int, Marks]]:
        """Return the values and marks of a row by column; ``digits`` is the row's number.

        Most cells are empty, or hold a text or number in no style: those go the short way.
        """
        line: dict[int, Value] = {}
        marked: dict[int, Marks] = {}
        tag, holder, count = self._c, self._v, len(digits)
        styles, texts = self._book.styles, self._book.plain_texts
        row_at, at = self._at
        for cell in row:
            if cell.tag != tag:
                check_foreign(cell)
                continue
            reference = cell.get("r", "")
            column = _COLUMNS.get(reference[:-count], -1) if reference.endswith(digits) else -1
            at = column if column > at else self._column(reference, digits, at)
            if not len(cell):
                continue
            child, kind = cell[0], cell.get("t", "n")
            value: Value = None
            if len(cell) == 1 and child.tag == holder and styles.get(cell.get("s"), PLAIN_STYLE) is None:
                if kind == "s":
                    value = texts.get(child.text or "")
                elif kind == "n":
                    value = number(child.text or "")
            if value is not None and not len(child):
                line[at] = value
                continue
            self._at = row_at, at
            value, marks = self._cell(cell)
            if value is not None:
                line[at] = value
            if marks is not PLAIN:
                marked[at] = marks
        return line, marked

    def _column(self, reference: str, digits: str, before: int) -> int:
        """Return the column of a cell, the next one where it gives no address."""
        column = before + 1
        if reference:
            right = reference.endswith(digits)
            column = column_number(reference[: -len(digits)]) if right else -1
        if not before < column < MOST_COLUMNS:
            raise self._ambiguous(f'<row r="{digits}"> <c r="{reference[:20]}">')
        return column

    def _cell(self, cell: Element) -> tuple[Value, Marks]:
        kind, content, formula = self._content(cell)
        try:
            style = self._book.styles[cell.get("s")]
        except KeyError:
            raise self._wrong(f's="{cell.get("s", "")[:20]}"') from None
        try:
            value, marks = cell_value(kind, content, style, self._book.context)
        except ValueError as error:
            raise self._wrong(f't="{kind[:20]}" <v>{str(error)[:40]}</v>') from error
        if not formula:
            return value, marks
        if kind == "str" and value is None:
            value = ""  # calculated, to an empty text
        return value, marks._replace(formula=formula) if marks is not PLAIN else Marks(formula=formula)

    def _content(self, cell: Element) -> tuple[str, Text, str]:
        """Return the type of a cell, what stands in it and its formula ('' if none)."""
        found: dict[str, Element] = {}
        for child in cell:
            if child.tag not in (self._v, self._f, self._is):
                check_foreign(child)
            elif child.tag in found or (len(child) and child.tag != self._is):
                raise self._wrong(f"<{local(child.tag)}>")
            else:
                found[child.tag] = child
        kind = cell.get("t", "n")
        value, inline = found.get(self._v), found.get(self._is)
        if inline is not None and (value is not None or kind != "inlineStr"):
            raise self._wrong("<is>")
        if kind == "inlineStr" and inline is None:
            kind = "str"  # as LibreOffice 4 wrote formulas
        content = (
            self._texts.text(inline) if inline is not None else "" if value is None else value.text or ""
        )
        return kind, content, self._formula(found[self._f]) if self._f in found else ""

    def _formula(self, element: Element) -> str:
        if element.get("t") in ("array", "dataTable"):
            self._arrays.append(self._box(element.get("ref", "")))
        return "=" + ((element.text or "").strip() or "…")

    # Boxes.

    def _box(self, reference: str) -> Box:
        """:raises Ambiguous: it is none."""
        box = _box(reference)
        if box is None:
            raise self._ambiguous(f'ref="{reference[:40]}"')
        return box

    def _conditional(self, parts: "_Parts", tags: _Tags) -> Iterator[Box]:
        """Yield the cells of conditional formats that may show something else than the value.

        They change the number format, strike text through, or show a bar or an icon in its stead.
        """
        for one in parts.get(tags.rules, ()):
            if any(rule.get("dxfId", "") in self._book.conditional or _replaces(rule) for rule in one):
                yield from map(self._box, one.get("sqref", "").split())

    def _newer(self, parts: "_Parts", tags: _Tags) -> Iterator[Box]:
        """Yield the same of the conditional formats that only Excel 2010 and later know."""
        path = f"{_X14}conditionalFormattings/{_X14}conditionalFormatting"
        for extension in _inside(parts, tags.extensions, tags.extension):
            for one in extension.iterfind(path):
                rules = one.findall(f"{_X14}cfRule")
                changes = (rule.find(path) is not None for rule in rules for path in tags.changes)
                if any(map(_replaces, rules)) or any(changes):
                    yield from map(self._box, (one.findtext(f"{_XM}sqref") or "").split())


_Parts = Mapping[str, Sequence[Element]]
"""The children of a worksheet by their names."""


def _inside(parts: _Parts, outer: str, inner: str) -> Iterator[Element]:
    return (child for part in parts.get(outer, ()) for child in part if child.tag == inner)


def _replaces(rule: Element) -> bool:
    """Whether a rule shows a bar or an icon instead of the value."""
    return any(child.get("showValue") in ("0", "false", "off") for child in rule)


@lru_cache(maxsize=1024)
def _measure(text: str) -> float | None:
    """Return a height or width, None where it is none."""
    return float(text) if _MEASURE.fullmatch(text) else None


@lru_cache(maxsize=1024)
def _box(reference: str) -> Box | None:
    """Return the cells of a reference (``E4:E6``), None where it is none."""
    first, _colon, last = reference.partition(":")
    begin, end = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(last or first)
    if begin is None or end is None:
        return None
    rows = sorted((int(begin[2]) - 1, int(end[2]) - 1))
    columns = sorted((column_number(begin[1]), column_number(end[1])))
    return Box(rows[0], columns[0], rows[1], columns[1]) if columns[0] >= 0 and rows[1] < MOST_ROWS else None


def _between(listed: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield the columns between these, which rise and do not touch."""
    first = 0
    for begin, end in listed:
        if begin > first:
            yield first, begin - 1
        first = end + 1
    if first < MOST_COLUMNS:
        yield first, MOST_COLUMNS - 1
