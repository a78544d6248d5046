"""OpenDocument spreadsheets, .ods (ODF 1.3), as LibreOffice and Excel read them.

Equal rows that a file gives once stay one; what two programs may read in two ways is refused.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from xml.etree.ElementTree import Element

from greenxl.workbooks.cells import (
    MOST_COLUMNS,
    MOST_ROWS,
    PLAIN,
    Ambiguous,
    Box,
    CellBudget,
    Format,
    Marks,
    Refused,
    SheetCells,
    Stretch,
    Struck,
    Value,
    Visibility,
    WorkbookCells,
    address,
    limited,
    stretches,
)
from greenxl.workbooks.formats.cell_value import number
from greenxl.workbooks.formats.number_format import Epoch, iso_value, moment_shown, number_look, text_look
from greenxl.workbooks.formats.open_document_styles import OFFICE, TABLE, TEXT, CellStyle, Styles, styles
from greenxl.workbooks.formats.package import saved_time
from greenxl.workbooks.formats.rich_text import Rich, Text, struck_runs
from greenxl.workbooks.formats.spreadsheet_ml import column_number
from greenxl.workbooks.formats.xml_part import local, tree
from greenxl.workbooks.safe_zip import Archive, Member

_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CONFIG = "{urn:oasis:names:tc:opendocument:xmlns:config:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_ACTIVE = ("basic/", "scripts/")
_CACHED = re.compile(r"'[A-Za-z][A-Za-z0-9+.-]*:[^#]*'#.", re.S)
"""How the name of a table begins that LibreOffice copied from another file (lcl_isExternalRefCache)."""
_LINK = re.compile(r"['\[](?:file|https?|ftp|smb|webdavs?):", re.I)
"""In a formula that draws on another file."""


_NAMES = {
    name.lower(): name
    for name in ("mimetype", "content.xml", "styles.xml", "settings.xml", "meta.xml", "META-INF/manifest.xml")
}
"""The parts that are read: LibreOffice finds none by a name in other case."""


def read(box: Archive) -> WorkbookCells:
    """Return the cells of a workbook.

    :raises Refused: it cannot be read in one way alone.
    """
    parts = _parts(box)
    content = _part(box, parts, "content.xml", "document-content")
    if content is None:
        raise Ambiguous("content.xml")
    common = _part(box, parts, "styles.xml", "document-styles")
    meta = _part(box, parts, "meta.xml", "document-meta")
    spreadsheet = _spreadsheet(content)
    null_date = spreadsheet.find(f"{TABLE}calculation-settings/{TABLE}null-date")
    from_1904 = null_date is not None and null_date.get(f"{TABLE}date-value", "").startswith("1904")
    settings = _part(box, parts, "settings.xml", "document-settings")
    book = _Book(
        styles=styles(content) if common is None else styles(common, content),
        epoch=Epoch.FROM_1904 if from_1904 else Epoch.OPEN_DOCUMENT,
        budget=CellBudget(),
        zeros_shown=settings is None or not _hides_zeros(settings),
    )
    sheets = tuple(_sheets(spreadsheet, book))
    saved = None if meta is None else meta.findtext(f"{OFFICE}meta/{{http://purl.org/dc/elements/1.1/}}date")
    return WorkbookCells(
        sheets=sheets,
        date_1904=from_1904,
        macros=any(name.startswith(_ACTIVE) for name in parts),
        links=_refers(spreadsheet),
        saved=saved_time(saved),
    )


def _parts(box: Archive) -> Mapping[str, Member]:
    """Return the members of the container by their names in lower case.

    :raises Refused: it is encrypted, another document, or two in one.
    """
    parts: dict[str, Member] = {}
    for member in box.members:
        name = member.name.lower().lstrip("/")
        if name in parts:
            raise Ambiguous(f"{parts[name].name}, {member.name}")
        if member.name != _NAMES.get(name, member.name):
            raise Ambiguous(member.name)
        parts[name] = member
    kind = box.inflate(parts["mimetype"]) if "mimetype" in parts else b""
    if b"opendocument.spreadsheet" not in kind or "[content_types].xml" in parts:
        raise Ambiguous("mimetype" if "mimetype" in parts else "[Content_Types].xml")
    manifest = box.inflate(parts["meta-inf/manifest.xml"]) if "meta-inf/manifest.xml" in parts else b""
    if b"encryption-data" in manifest or "encrypted-package" in parts:
        raise Refused("file-password")
    return parts


def _part(box: Archive, parts: Mapping[str, Member], name: str, root: str) -> Element | None:
    if name not in parts:
        return None
    found = tree(box.inflate(parts[name]), name)
    if found.tag != OFFICE + root:
        raise Ambiguous(f"{name}: <{local(found.tag)}>")
    return found


def _spreadsheet(content: Element) -> Element:
    found = content.findall(f"{OFFICE}body/{OFFICE}spreadsheet")
    if len(found) != 1 or len(content.findall(f"{OFFICE}body")) != 1:
        raise Ambiguous("content.xml: <office:spreadsheet>")
    return found[0]


def _refers(spreadsheet: Element) -> bool:
    """Whether the workbook draws on another file."""
    links = (f"{TABLE}table-source", f"{OFFICE}dde-source", f"{TABLE}cell-range-source", f"{TABLE}dde-link")
    for element in spreadsheet.iter():
        formula = element.get(_FORMULA)
        if element.tag in links or (formula is not None and _LINK.search(formula)):
            return True
    return False


class _Book(NamedTuple):
    """What the sheets of a workbook share."""

    styles: Styles
    epoch: Epoch
    budget: CellBudget
    zeros_shown: bool


def _hides_zeros(settings: Element) -> bool:
    """Whether the view in which the document opens shows nothing where a value is 0."""
    items = settings.iter(f"{_CONFIG}config-item")
    return any(i.get(f"{_CONFIG}name") == "ShowZeroValues" and i.text == "false" for i in items)


def _sheets(spreadsheet: Element, book: _Book) -> Iterator[SheetCells]:
    seen: set[str] = set()
    if any(not child.tag.startswith(TABLE) and _holds_cells(child) for child in spreadsheet):
        raise Ambiguous("content.xml: <office:spreadsheet>")
    for table in spreadsheet.iterfind(f"{TABLE}table"):
        name = table.get(f"{TABLE}name", "")
        if _CACHED.match(name):
            continue
        if not name or name.casefold() in seen:
            raise Ambiguous("content.xml: <table:table>", sheet=name)
        seen.add(name.casefold())
        try:
            yield _TableReader(table, book).read(name)
        except Refused as refused:
            refused.sheet = name
            raise


# Tables.

_ROW, _COLUMN = f"{TABLE}table-row", f"{TABLE}table-column"
_CELL, _COVERED = f"{TABLE}table-cell", f"{TABLE}covered-table-cell"
_VALUE_TYPE, _NEWER_TYPE, _FORMULA = f"{OFFICE}value-type", f"{_CALC}value-type", f"{TABLE}formula"
_STYLE_NAME, _DEFAULT_STYLE = f"{TABLE}style-name", f"{TABLE}default-cell-style-name"
_ROWS_REPEATED, _COLUMNS_REPEATED = f"{TABLE}number-rows-repeated", f"{TABLE}number-columns-repeated"
_SPANS = tuple(
    (f"{TABLE}number-{kind}rows-spanned", f"{TABLE}number-{kind}columns-spanned") for kind in ("", "matrix-")
)
_VISIBILITY = f"{TABLE}visibility"
_FORMATTING = {_STYLE_NAME, _COLUMNS_REPEATED, f"{TABLE}content-validation-name", f"{TABLE}protect"}
"""The attributes of a cell that nothing stands in."""
_WATCHED = frozenset({_ROW, _COLUMN, _CELL, _COVERED, f"{TABLE}table"})
_GROUPS = {
    _ROW: frozenset(f"{TABLE}{name}" for name in ("table-rows", "table-header-rows", "table-row-group")),
    _COLUMN: frozenset(
        f"{TABLE}{name}" for name in ("table-columns", "table-header-columns", "table-column-group")
    ),
}
_GROUPED = frozenset().union(*_GROUPS.values())
_PLACES = {
    f"{TABLE}table": frozenset().union(_GROUPS, *_GROUPS.values()),
    **{group: groups | {leaf} for leaf, groups in _GROUPS.items() for group in groups},
}
"""What holds rows or columns -> what of it is read."""
_DRAWN = {f"{TABLE}shapes", f"{OFFICE}forms"}
"""What lies over a table, whatever tables it holds itself."""
_VALUES = {
    "float": "value",
    "currency": "value",
    "percentage": "value",
    "date": "date-value",
    "time": "time-value",
    "boolean": "boolean-value",
    "string": "string-value",
}
"""Type of a value -> the attribute that holds it."""
_TRUTHS = {"TRUE()": True, "FALSE()": False}
"""As what LibreOffice keeps the truths of other formats, with the values 1 and 0; it shows words."""
_STATED = {kind: f"{OFFICE}{name}" for kind, name in _VALUES.items()}
_ATTRIBUTES = frozenset(_STATED.values())
_WANTED: Mapping[str | None, set[str]] = {None: set(), **{kind: {key} for kind, key in _STATED.items()}}
_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?|Err:[0-9]{3}")
_COUNT = re.compile(r"[0-9]{1,9}")
_RANGE = re.compile(
    r"\.\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::(?:(?:'(?:[^']|'')*'|[^\s.:']*)\.)?\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)
"""A cell or some of them, as conditional formats name them: ``'a b'.E4:'a b'.E23``."""


class _TableReader:
    """The pass over one table."""

    def __init__(self, table: Element, book: _Book) -> None:
        self._table, self._book = table, book
        self._texts = _TextReader(book.styles)
        self._merges: list[Box] = []
        self._arrays: list[Box] = []
        self._defaults: list[tuple[int, str | None]] = []
        """First column -> the style of its cells that have none."""
        self._row_default: str | None = None
        self._at = 0, 0

    def read(self, name: str) -> SheetCells:
        hidden_columns = stretches(self._columns())
        rows: dict[int, Mapping[int, Value]] = {}
        marks: dict[int, Mapping[int, Marks]] = {}
        hidden_rows: list[Stretch] = []
        for first, last, element, hidden in self._stretches(_ROW, _ROWS_REPEATED, "table-row"):
            line, marked = self._cells(element, first, last - first + 1)
            if hidden:
                hidden_rows.append((first, last))
            if not (line or marked):
                continue
            if last >= MOST_ROWS:
                raise self._ambiguous(f"{last + 1:,}")
            self._book.budget.spend(max(1, len(line)) * (last - first + 1))
            for row in range(first, last + 1):
                if line:
                    rows[row] = line
                if marked:
                    marks[row] = marked
        self._check_foreign()
        shown = not self._book.styles.hides("table", self._table.get(f"{TABLE}style-name"))
        return SheetCells(
            name=name,
            state=Visibility.VISIBLE if shown else Visibility.HIDDEN,
            rows=rows,
            marks=marks,
            merges=limited(self._merges),
            arrays=limited(self._arrays),
            conditional=limited(list(self._conditional())),
            hidden_rows=stretches(hidden_rows),
            hidden_columns=hidden_columns,
            zeros_shown=self._book.zeros_shown,
        )

    def _ambiguous(self, what: str) -> Ambiguous:
        return Ambiguous(f"content.xml: {address(*self._at)} {what}")

    def _check_foreign(self) -> None:
        """:raises Ambiguous: rows or cells stand where one program looks for them and another does not."""
        parents = [self._table]
        for parent in parents:
            for child in parent:
                if child.tag not in _PLACES[parent.tag]:
                    if child.tag not in _DRAWN and _holds_cells(child):
                        raise self._ambiguous(f"<{local(child.tag)}>")
                elif child.tag in _PLACES:
                    parents.append(child)

    # Rows and columns.

    def _stretches(self, leaf: str, repeated: str, family: str) -> Iterator[tuple[int, int, Element, bool]]:
        """Yield (first, last, element, whether hidden) of the rows or columns, out of all groups."""
        first = 0
        for element, folded in _leaves(self._table, leaf):
            last = first + self._count(element, repeated) - 1
            visibility = element.get(_VISIBILITY, "visible")
            if visibility not in ("visible", "collapse", "filter"):
                raise self._ambiguous(f'visibility="{visibility[:20]}"')
            small = self._book.styles.hides(family, element.get(_STYLE_NAME))
            yield first, last, element, folded or visibility != "visible" or small
            first = last + 1

    def _count(self, element: Element, name: str) -> int:
        text = element.get(name)
        if text is None:
            return 1
        if not _COUNT.fullmatch(text) or int(text) < 1:
            raise self._ambiguous(f'{local(name)}="{text[:20]}"')
        return int(text)

    def _columns(self) -> Iterator[Stretch]:
        """Yield the hidden columns, keeping what style the cells of each have."""
        for first, last, element, hidden in self._stretches(_COLUMN, _COLUMNS_REPEATED, "table-column"):
            self._defaults.append((first, element.get(_DEFAULT_STYLE)))
            if hidden:
                yield first, last

    def _style(self, cell: Element) -> CellStyle:
        name = cell.get(_STYLE_NAME) or self._row_default
        if name is None and self._defaults:
            at = bisect_right(self._defaults, self._at[1], key=lambda default: default[0])
            name = self._defaults[at - 1][1]
        return self._book.styles.cell(name)

    # Cells.

    def _cells(self, row: Element, at: int, rows: int) -> tuple[dict[int, Value], dict[int, Marks]]:
        """Return the values and marks of a row by column; it is ``rows`` times there."""
        self._row_default = row.get(_DEFAULT_STYLE)
        line: dict[int, Value] = {}
        marked: dict[int, Marks] = {}
        column = 0
        for cell in row:
            if cell.tag not in (_CELL, _COVERED):
                if _holds_cells(cell):
                    raise self._ambiguous(f"<{local(cell.tag)}>")
                continue
            self._at = at, column
            count = self._count(cell, _COLUMNS_REPEATED)
            if not len(cell) and cell.attrib.keys() <= _FORMATTING:
                column += count
                continue
            self._spans(cell, rows * count)
            value, marks = self._cell(cell)
            if value is not None or marks is not PLAIN:
                if column + count > MOST_COLUMNS:
                    raise self._ambiguous(f"{column + count:,}")
                for place in range(column, column + count):
                    if value is not None:
                        line[place] = value
                    if marks is not PLAIN:
                        marked[place] = marks
            column += count
        return line, marked

    def _spans(self, cell: Element, times: int) -> None:
        """Keep the cells that are merged into one, or filled by one formula."""
        for (down, across), boxes in zip(_SPANS, (self._merges, self._arrays), strict=True):
            if down not in cell.attrib and across not in cell.attrib:
                continue
            rows, columns = self._count(cell, down), self._count(cell, across)
            if (rows, columns) != (1, 1):
                if times > 1:
                    raise self._ambiguous(local(across))
                row, column = self._at
                boxes.append(Box(row, column, row + rows - 1, column + columns - 1))
                limited(boxes)

    def _cell(self, cell: Element) -> tuple[Value, Marks]:
        kind, newer, formula = cell.get(_VALUE_TYPE), cell.get(_NEWER_TYPE), cell.get(_FORMULA)
        if kind is None and formula is None and not len(cell) and newer is None:
            if any(name in cell.attrib for name in _ATTRIBUTES):
                raise self._ambiguous("value-type")
            return None, PLAIN
        if newer not in (None, kind, "error") or kind not in (None, *_VALUES):
            raise self._ambiguous(f'value-type="{(kind or newer or "")[:20]}"')
        self._check_values(cell, kind)
        text = self._texts.text(cell, self._ambiguous) if kind in (None, "string") or formula else ""
        shown = text if isinstance(text, str) else text.text
        if newer == "error" or (formula is not None and _ERROR.fullmatch(shown.strip())):
            value, marks = None, Marks(error=shown.strip() or "#VALUE!")
        elif formula is not None and kind is None:
            value, marks = None, PLAIN  # never calculated
        else:
            value, marks = self._value(cell, kind or "string", text)
        if formula is not None:
            said = formula.partition("=")[2]
            value = _TRUTHS.get(said, value) if isinstance(value, float) else value
            marks = marks._replace(formula=f"={said}")
            value = "" if kind == "string" and value is None and not marks.error else value
        return value, marks

    def _check_values(self, cell: Element, kind: str | None) -> None:
        """:raises Ambiguous: the cell states another value than that of its type, or none."""
        stated = cell.attrib.keys() & _ATTRIBUTES
        if stated != _WANTED[kind] and not (kind == "string" and not stated):
            raise self._ambiguous(f'value-type="{kind or ""}" {" ".join(map(local, sorted(stated)))}')

    def _value(self, cell: Element, kind: str, text: Text) -> tuple[Value, Marks]:
        style = self._style(cell)
        stated = cell.get(_STATED[kind], "")
        struck = Struck.WHOLE if style.struck else Struck.NO
        if kind == "string":
            value, marks = _string(stated, text, style)
        elif kind == "boolean":
            if stated not in ("true", "false"):
                raise self._ambiguous(f'boolean-value="{stated[:20]}"')
            value, marks = stated == "true", Marks(struck=struck)
        else:
            try:
                value, marks = _READERS[kind](stated, style, self._book.epoch)
            except ValueError:
                raise self._ambiguous(f'{_VALUES[kind]}="{stated[:40]}"') from None
            marks = marks._replace(struck=struck) if style.struck else marks
        if style.conditional and value is not None and marks.format is Format.PLAIN:
            marks = marks._replace(format=Format.OTHER)
        return value, PLAIN if marks == PLAIN else marks

    def _conditional(self) -> Iterator[Box]:
        """Yield the cells of conditional formats that may show something else than the value.

        They change the number format, strike text through, or show a bar or an icon in its stead.
        """
        path = f"{_CALC}conditional-formats/{_CALC}conditional-format"
        for one in self._table.iterfind(path):
            applied = (c.get(f"{_CALC}apply-style-name", "") for c in one.iterfind(f"{_CALC}condition"))
            replaced = any(part.get(f"{_CALC}show-value") == "false" for part in one.iter())
            if not replaced and not any(map(self._book.styles.changes, applied)):
                continue
            for match in _RANGE.finditer(one.get(f"{_CALC}target-range-address", "")):
                last_letters, last_digits = match[3] or match[1], match[4] or match[2]
                yield Box(
                    int(match[2]) - 1,
                    column_number(match[1]),
                    int(last_digits) - 1,
                    column_number(last_letters),
                )


def _holds_cells(element: Element) -> bool:
    """Whether an element is, or holds, what a table consists of."""
    return any(inner.tag in _WATCHED for inner in element.iter())


def _leaves(table: Element, leaf: str) -> Iterator[tuple[Element, bool]]:
    """Yield the rows or columns of a table, out of all groups, and whether such a group is folded up."""
    groups = [(iter(table), False)]
    while groups:
        children, folded = groups[-1]
        child = next(children, None)
        if child is None:
            groups.pop()
        elif child.tag == leaf:
            yield child, folded
        elif child.tag in _GROUPS[leaf]:
            groups.append((iter(child), folded or child.get(f"{TABLE}display") == "false"))


# Values.

_DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:[.,][0-9]+)?)S)?")
_FAR_DATE = re.compile(r"(?:-[0-9-]+|[0-9]{5,})-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+)?|0000-.*")
"""A date that no calendar has, as LibreOffice writes a large number in a date format."""
_FAR_TIME = re.compile(r"-?PT-[0-9]+H[0-9]+M[0-9.]+S")
"""A duration beyond what LibreOffice can count."""


def _string(stated: str, text: Text, style: CellStyle) -> tuple[Value, Marks]:
    """Return a text: the one that is stated counts, as it does to LibreOffice, if another one is shown."""
    shown = text if isinstance(text, str) else text.text
    value = stated or shown
    look = text_look(style.code, value)
    kind, seen = look.format, look.shown
    if kind is Format.PLAIN and stated and shown and stated.split() != shown.split():
        kind, seen = Format.OTHER, shown.strip()
    struck, rest = (Struck.WHOLE if style.struck else Struck.NO), ""
    if isinstance(text, Rich):
        struck, rest = struck_runs(text, style.struck)
    return (value, Marks(format=kind, shown=rest or seen, struck=struck)) if value else (None, PLAIN)


def _number(stated: str) -> float:
    value = number(stated)
    if value is None:
        raise ValueError(stated)
    return value


def _float(stated: str, style: CellStyle, epoch: Epoch) -> tuple[Value, Marks]:
    look = number_look(style.code, _number(stated), epoch)
    return look.value, PLAIN if look.format is Format.PLAIN else Marks(format=look.format, shown=look.shown)


def _percentage(stated: str, style: CellStyle, epoch: Epoch) -> tuple[Value, Marks]:
    """Return a number that is told to be a percentage, whatever its style says."""
    value, marks = _float(stated, style, epoch)
    if marks.format is Format.PERCENT:
        return value, marks
    return value, Marks(
        format=Format.PERCENT, shown=number_look("0.##%", _number(stated)).shown.replace(".%", "%")
    )


def _date(stated: str, style: CellStyle, epoch: Epoch) -> tuple[Value, Marks]:
    if _FAR_DATE.fullmatch(stated):
        return stated, Marks(format=Format.DATE)
    value = iso_value(stated)
    if isinstance(value, time):
        raise ValueError(stated)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value, Marks(format=Format.DATE, shown=moment_shown(style.code, value))


def _time(stated: str, style: CellStyle, epoch: Epoch) -> tuple[Value, Marks]:
    if _FAR_TIME.fullmatch(stated):
        return stated, Marks(format=Format.DATE)
    match = _DURATION.fullmatch(stated)
    if match is None or not any(match.groups()[1:]):
        raise ValueError(stated)
    days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups()[1:])
    try:
        found = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return stated, Marks(format=Format.DATE)
    look = number_look(style.code, found / timedelta(days=1), Epoch.OPEN_DOCUMENT)
    marks = Marks(format=Format.DATE, shown=look.shown if look.format is Format.DATE else "")
    if match[1]:
        return -found, Marks(format=Format.DATE)
    return ((datetime.min + found).time() if found < timedelta(days=1) else found), marks


_READERS: Mapping[str, Callable[[str, CellStyle, Epoch], tuple[Value, Marks]]] = {
    "float": _float,
    "currency": _float,
    "percentage": _percentage,
    "date": _date,
    "time": _time,
}


# Texts.

_BLANKS = re.compile(r"[ \t\r\n]+")
_LEFT_OUT = frozenset(
    {
        f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{OFFICE}event-listeners", f"{TEXT}note",
        f"{TEXT}ruby-text", f"{TABLE}detective", f"{TABLE}cell-range-source",
    }
)  # fmt: skip
_MOST_NESTED = 40
_MOST_BLANKS = 32_767


def _left_out(element: Element) -> bool:
    return element.tag in _LEFT_OUT or element.tag.startswith(_DRAW)


def _says_something(element: Element) -> bool:
    return element.tag in _WATCHED or any((inner.text or "").strip() for inner in element.iter())


_PARAGRAPH = f"{TEXT}p"


class _TextReader:
    """The text of a cell's paragraphs, with what is struck through; neither comments nor drawings."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    def text(self, cell: Element, ambiguous: Callable[[str], Ambiguous]) -> Text:
        """Return the text of a cell.

        :raises Ambiguous: it holds anything that is no paragraph, and text in it.
        """
        runs: list[tuple[str, bool | None]] = []
        paragraphs = 0
        for child in cell:
            if child.tag == _PARAGRAPH:
                if paragraphs:
                    runs.append(("\n", None))
                paragraphs += 1
                try:
                    runs += self._paragraph(child)
                except RecursionError:
                    raise ambiguous("<text:span>") from None
            elif not _left_out(child) and _says_something(child):
                raise ambiguous(f"<{local(child.tag)}>")
        text = "".join(text for text, _struck in runs)
        return text if all(struck is None for _text, struck in runs) else Rich(text, tuple(runs))

    def _paragraph(self, paragraph: Element) -> Sequence[tuple[str, bool | None]]:
        """Return the runs of a paragraph: white space is one blank, and none at first (ODF 1.3, 6.1.2)."""
        if not len(paragraph):
            return [(_BLANKS.sub(" ", paragraph.text or "").removeprefix(" "), None)]
        runs: list[tuple[str, bool | None]] = []
        edge = True
        for text, struck, literal in self._runs(paragraph, None, 0):
            if not literal:
                text = _BLANKS.sub(" ", text)
                text = text.removeprefix(" ") if edge else text
            if text:
                edge = not literal and text.endswith(" ")
                runs.append((text, struck))
        return runs

    def _runs(
        self, element: Element, struck: bool | None, depth: int
    ) -> Iterator[tuple[str, bool | None, bool]]:
        """Yield (text, whether struck through, whether its white space counts)."""
        if depth > _MOST_NESTED:
            raise RecursionError
        yield element.text or "", struck, False
        for child in element:
            if child.tag == f"{TEXT}s":
                count = child.get(f"{TEXT}c", "1")
                yield " " * min(int(count) if _COUNT.fullmatch(count) else 1, _MOST_BLANKS), struck, True
            elif child.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
                yield "\t" if child.tag.endswith("tab") else "\n", struck, True
            elif not _left_out(child):
                own = (
                    self._styles.struck(child.get(f"{TEXT}style-name"))
                    if child.tag == f"{TEXT}span"
                    else None
                )
                yield from self._runs(child, struck if own is None else own, depth + 1)
            yield child.tail or "", struck, False
