"""A worksheet part of an Office Open XML workbook to its cells (ECMA-376 part 1, 18.3)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from greenxl.workbooks.cells import (
    LEAST_HEIGHT,
    LEAST_WIDTH,
    MOST_COLUMNS,
    Ambiguous,
    Box,
    CellBudget,
    Marks,
    Refused,
    SheetCells,
    Stretch,
    Value,
    Visibility,
    limited,
    stretches,
)
from greenxl.workbooks.formats.cell_value import Book
from greenxl.workbooks.formats.rows import Row, RowReader, repeated_rows
from greenxl.workbooks.formats.spreadsheet_ml import PLACE, box, check_foreign, is_below, root_namespace
from greenxl.workbooks.formats.xml_part import Members, flag, kept, pieces, tree

_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
_POINTS_A_LETTER = 5.25
"""Of the width of a column, which is counted in digits of the standard font."""

_MANY = 1024 * 1024
"""Bytes of a part from which on it pays to look for empty cells beforehand."""
_MOST_CONDITIONAL = 1_000
"""Styles of conditions that are kept with a frame."""
_LINKS = b"<hyperlinks>"
_EMPTY_CELLS = re.compile(rb'(?<=>)(?:<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,9}")?/>)+(?=<)')
_UNADDRESSED = re.compile(rb'<c(?![A-Za-z]| r="[A-Z])')


def _without_empty_cells(part: bytes) -> bytes:
    """Return a long part without the formatted cells that hold nothing: there may be millions of them.

    Only where nothing but an element can begin with those letters, and no cell takes its place from the last.
    """
    if len(part) < _MANY or b"<!" in part or part.count(b"<?") > 1 or _UNADDRESSED.search(part):
        return part
    return _EMPTY_CELLS.sub(b"", part)


class _Tags:
    """The names of the elements that are read, in one of the two namespaces."""

    def __init__(self, main: str) -> None:
        names = (
            "sheetData",
            "cols",
            "col",
            "sheetFormatPr",
            "sheetViews",
            "sheetView",
            "mergeCells",
            "mergeCell",
        )
        self.data, self.cols, self.col, self.format, self.views, self.view, self.merges, self.merge = (
            main + name for name in names
        )
        self.rules, self.links, self.extensions, self.extension = (
            main + name for name in ("conditionalFormatting", "hyperlinks", "extLst", "ext")
        )
        self.changes = (f"{_X14}dxf/{main}numFmt", f"{_X14}dxf/{main}font/{main}strike")
        self.early = {self.format, self.cols}
        self.known = {*self.early, self.data, self.merges}


_tags = lru_cache(maxsize=2)(_Tags)


class _Frame(NamedTuple):
    """What a worksheet part says besides its rows."""

    low: bool
    """Whether rows that say nothing of their height are too low to be read."""
    merges: Sequence[Box]
    conditional: Sequence[Box]
    hidden_columns: Sequence[Stretch]
    zeros_shown: bool


class _Rows:
    """The rows of a worksheet, gathered."""

    def __init__(self) -> None:
        self.values: dict[int, Mapping[int, Value]] = {}
        self.marks: dict[int, Mapping[int, Marks]] = {}
        self.arrays: list[Box] = []
        self.hidden: list[Stretch] = []

    def add(self, row: Row) -> None:
        if row.hidden:
            joined = bool(self.hidden) and self.hidden[-1][1] == row.at - 1
            self.hidden.append((self.hidden.pop()[0] if joined else row.at, row.at))
        if row.values:
            self.values[row.at] = row.values
        if row.marks:
            self.marks[row.at] = row.marks
        self.arrays += row.arrays


def read_sheet(
    part: str, data: bytes, book: Book, budget: CellBudget, name: str, state: Visibility
) -> SheetCells:
    """Return the sheet that a part holds.

    :raises Refused: it cannot be read in one way alone.
    """
    try:
        frame, rows = _repeated(part, data, book, budget) or _whole(part, data, book, budget)
    except Refused as refused:
        refused.sheet = name
        raise
    return SheetCells(
        name=name,
        state=state,
        rows=rows.values,
        marks=rows.marks,
        merges=frame.merges,
        arrays=limited(rows.arrays),
        conditional=frame.conditional,
        hidden_rows=stretches(rows.hidden),
        hidden_columns=frame.hidden_columns,
        zeros_shown=frame.zeros_shown,
    )


def _repeated(part: str, data: bytes, book: Book, budget: CellBudget) -> tuple[_Frame, _Rows] | None:
    """Return a sheet put together of pieces, most of which were met before; None where it cannot be."""
    found = pieces(data, b"<sheetData>", b"</row>", b"</sheetData>")
    if found is None or len(book.styles.conditional) > _MOST_CONDITIONAL:
        return None
    rows, before = _Rows(), -1
    try:
        frame = _kept_frame(_without_links(found.rest), part, book.styles.conditional)
        for piece in found.items:
            for row in repeated_rows(piece, found.around, frame.low, book):
                if row.at <= before:
                    return None
                before = row.at
                rows.add(row)
    except Refused:
        return None  # the reading of the whole says why
    budget.spend(sum(map(len, rows.values.values())))
    return frame, rows


def _without_links(rest: bytes) -> bytes:
    """Return a part without the members of its list of links: by them alone the rest differs among returns.

    :raises Refused: one is not well-formed, or holds what has its place elsewhere.
    """
    links = pieces(rest, _LINKS, b"/>", b"</hyperlinks>") if _LINKS in rest else None
    if links is None:
        return rest
    for item in links.items:
        for link in links.around.parse(item):
            check_foreign(link)
    return links.rest


def _whole(part: str, data: bytes, book: Book, budget: CellBudget) -> tuple[_Frame, _Rows]:
    members = Members(_without_empty_cells(data), part, "sheetData")
    rows, reader = _Rows(), None
    for member in members:
        if reader is None:
            main = root_namespace(members.root, "worksheet", part)
            reader = RowReader(part, main, _low(members.root, part), book)
        row = reader.read(member)
        if row:
            budget.spend(len(row.values))
            rows.add(row)
    return _frame(members.root, part, book.styles.conditional), rows


@kept
def _kept_frame(data: bytes, part: str, changing: frozenset[str]) -> _Frame:
    """Return the frame of a part without its rows; ``changing`` are :attr:`Styles.conditional`."""
    root = tree(data, part)
    tags = _tags(root_namespace(root, "worksheet", part))
    for name, tag in ((b"sheetData", tags.data), (b"hyperlinks", tags.links)):
        if name in data and root.find(tag) is None:
            raise Ambiguous(part)  # what was taken out belongs to something else
    return _frame(root, part, changing)


def _frame(root: Element, part: str, changing: frozenset[str]) -> _Frame:
    tags = _tags(root_namespace(root, "worksheet", part))
    parts: dict[str, list[Element]] = {}
    for child in root:
        parts.setdefault(child.tag, []).append(child)
        if child.tag not in tags.known:
            check_foreign(child)
        elif child.tag in tags.early and tags.data in parts or len(parts.get(tags.data, ())) > 1:
            raise Ambiguous(f"{part}: <sheetData>")
    references = (merge.get("ref", "") for merge in _inside(parts, tags.merges, tags.merge))
    conditional = (*_conditional(parts, tags, changing), *_newer(parts, tags))
    return _Frame(
        low=_low(root, part),
        merges=limited([box(reference, part) for reference in references]),
        conditional=limited([box(reference, part) for reference in conditional]),
        hidden_columns=stretches(_hidden_columns(parts, tags, part)),
        zeros_shown=all(
            flag(view.get("showZeros"), "showZeros", default=True)
            for view in _inside(parts, tags.views, tags.view)
        ),
    )


def _low(root: Element, part: str) -> bool:
    defaults = root.find(_tags(root_namespace(root, "worksheet", part)).format)
    return defaults is not None and is_below(defaults, "defaultRowHeight", LEAST_HEIGHT, part)


def _hidden_columns(parts: "_Parts", tags: _Tags, part: str) -> Iterator[Stretch]:
    """Yield the columns that are hidden or too narrow to be read."""
    least = LEAST_WIDTH / _POINTS_A_LETTER
    listed: list[Stretch] = []
    for column in _inside(parts, tags.cols, tags.col):
        first, last = column.get("min", ""), column.get("max", "")
        if not (PLACE.fullmatch(first) and PLACE.fullmatch(last)):
            raise Ambiguous(f'{part}: min="{first[:20]}" max="{last[:20]}"')
        listed.append((int(first) - 1, int(last) - 1))
        if is_below(column, "width", least, part) or flag(column.get("hidden"), "hidden"):
            yield listed[-1]
    defaults = parts.get(tags.format, ())
    if any(is_below(one, "defaultColWidth", least, part) for one in defaults):
        yield from _between(stretches(listed))


def _conditional(parts: "_Parts", tags: _Tags, changing: frozenset[str]) -> Iterator[str]:
    """Yield the cells of conditional formats that may show something else than the value.

    They change the number format, strike text through, or show a bar or an icon in its stead.
    """
    for one in parts.get(tags.rules, ()):
        if any(rule.get("dxfId", "") in changing or _replaces(rule) for rule in one):
            yield from one.get("sqref", "").split()


def _newer(parts: "_Parts", tags: _Tags) -> Iterator[str]:
    """Yield the same of the conditional formats that only Excel 2010 and later know."""
    path = f"{_X14}conditionalFormattings/{_X14}conditionalFormatting"
    for extension in _inside(parts, tags.extensions, tags.extension):
        for one in extension.iterfind(path):
            rules = one.findall(f"{_X14}cfRule")
            changes = (rule.find(path) is not None for rule in rules for path in tags.changes)
            if any(map(_replaces, rules)) or any(changes):
                yield from (one.findtext(f"{_XM}sqref") or "").split()


_Parts = Mapping[str, Sequence[Element]]
"""The children of a worksheet by their names."""


def _inside(parts: _Parts, outer: str, inner: str) -> Iterator[Element]:
    return (child for part in parts.get(outer, ()) for child in part if child.tag == inner)


def _replaces(rule: Element) -> bool:
    """Whether a rule shows a bar or an icon instead of the value."""
    return any(child.get("showValue") in ("0", "false", "off") for child in rule)


def _between(listed: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield the columns between these, which rise and do not touch."""
    first = 0
    for begin, end in listed:
        if begin > first:
            yield first, begin - 1
        first = end + 1
    if first < MOST_COLUMNS:
        yield first, MOST_COLUMNS - 1
