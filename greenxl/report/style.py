"""What every sheet of the consolidated workbook shares: colours, formats, set-up of a page, writing a table.

Colours differ in lightness, not only in hue, so that they read in a grey print.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any, Generic

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign
from greenxl.report.layout import Column, Properties, Record, Table, TableRow, Value
from greenxl.scoring.choosing import Status
from greenxl.xlsx import Book, Sheet, line_count, text_width, write_cell, write_merged
from greenxl.xlsx.sheet import ANY_ROW, Cell, Repeated, escaped

GREEN = "#2F6B4F"
"""Passed, and what leads the eye."""
PALE_GREEN = "#9CC5AE"
ORANGE = "#C55A11"
"""Lost, failed, the target's line."""
_INK = "#1F2A24"
FAINT = "#6B7570"
RULE = "#B8C2BC"
HEAD = "#E3ECE6"
GREY = "#C9C9C9"
EMPTY = "#E7E6E6"
LOSS = "#F2A36B"
"""A score of nothing; a full score is white."""
LINK = "#1F5F8B"

STATUS_FILLS: dict[Status, str] = {
    Status.PASSED: "#D6EADD",
    Status.FAILED: "#F4B183",
    Status.INCOMPLETE: "#FFE9A8",
    Status.INVALID: "#F8CBAD",
    Status.CONFLICT: "#E2D4EC",
    Status.MISSING: "#D0CECE",
}

RATE = "0.0%"
TEXT: Properties = {"border": 1, "border_color": RULE, "text_wrap": True, "font_size": 10}
CENTRED: Properties = {**TEXT, "align": "center"}
NUMBER: Properties = {**CENTRED, "num_format": "General"}
"""Two decimals at most, and none where there are none (0.## would leave a lone point)."""
BOLD: Properties = {**TEXT, "bold": True}
BOLD_NUMBER: Properties = {**NUMBER, "bold": True}
HEADING: Properties = {**CENTRED, "bold": True, "bg_color": HEAD}
LINKED: Properties = {**TEXT, "font_color": LINK, "underline": 1}
NOTE: Properties = {"font_size": 9, "font_color": FAINT}
RATE_BAR = {
    "type": "data_bar",
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 1,
    "bar_color": PALE_GREEN,
    "bar_solid": True,
}
"""The bar of a rate, which is a fraction."""
HALF_BAR = {**RATE_BAR, "max_value": 2}
"""The same in half of the cell at most: the other half is the figure's, at the right (``BESIDE_BAR``)."""
BESIDE_BAR: Properties = {**NUMBER, "num_format": RATE, "align": "right"}


@dataclass(frozen=True)
class Style:
    """The workbook in the making, and the formats of its cells."""

    book: Book
    campaign: Campaign
    _known: dict[tuple[object, ...], Format] = field(default_factory=dict)

    def format(self, properties: Properties | None = None, **more: Any) -> Format:
        """Return the format of these properties; it is asked for at almost every cell."""
        key = (*(properties or {}).items(), *more.items())
        found = self._known.get(key)
        if found is None:
            found = self.book.format(**{"font_color": _INK, **(properties or {}), **more})
            self._known[key] = found
        return found

    def chart_font(self, size: float) -> dict[str, Any]:
        return {"name": self.campaign.fonts.body, "size": size, "bold": size > 9, "color": _INK}

    def axis(self, name: str) -> dict[str, Any]:
        """Return what the axes of every chart share: a name, small figures, no grid."""
        small = {**self.chart_font(10), "bold": False}
        return {
            "name": name,
            "name_font": small,
            "num_font": small,
            "line": {"color": RULE},
            "major_gridlines": {"visible": False},
        }


def shortened(names: Sequence[str], room: float, where: str) -> str:
    """Return the names that fit into ``room`` characters; how many there are if not all do."""
    text = "、".join(names)
    if text_width(text) <= room:
        return text
    shown: list[str] = []
    for name in names:
        if text_width("、".join([*shown, name])) > room - text_width(where) - 12:
            break
        shown.append(name)
    return f"{'、'.join(shown)}等{len(names)}个，{where}"


def clipped(text: str, room: float) -> str:
    """Return a text as far as it fits into ``room`` characters; dots show that it goes on."""
    if text_width(text) <= room:
        return text
    while text_width(text) > room - 2:
        text = text[:-1]
    return f"{text}…"


def width_for(texts: Iterable[str], least: float, most: float) -> float:
    """Return the width of a column in which the longest of the texts is one line, if ``most`` allows it."""
    return min(most, max(least, max(map(text_width, texts)) * 1.08 + 1))


def wide_enough(texts: Iterable[str], least: float, size: float) -> float:
    """Return the width of a column, ``least`` or more, in which no row has to be higher than rows can."""
    lines = (_MOST_HEIGHT - 6) / (size * 1.35) - 1
    longest = max((text_width(text) + 2 * text.count("\n") for text in texts), default=0)
    return min(_WIDEST, max(least, (longest * 1.08 / lines + 1) * size / 11))


_MOST_HEIGHT, _WIDEST = 409, 255
"""Of a row in points and of a column in characters (Excel specifications and limits)."""


def height(*cells: tuple[str, float, float]) -> float:
    """Return the height of a row, given each cell's (text, column width, font size)."""
    return min(_MOST_HEIGHT, max(_lines_height(text, width, size) for text, width, size in cells) + 6)


@lru_cache(maxsize=4096)
def _lines_height(text: str, width: float, size: float) -> float:
    """Return how high the lines of a text are; kept, as names and criteria come again and again."""
    return size * 1.35 * line_count(text, width * 11 / size - 1)


def row_height(columns: Sequence[Column[Any]], values: Sequence[Value]) -> float:
    """Return the height of a row of a table; 0 where no column makes it higher."""
    cells = [
        (str(value or ""), column.width, column.grows)
        for column, value in zip(columns, values, strict=True)
        if column.grows
    ]
    return height(*cells) if cells else 0


def open_sheet(style: Style, table: Table[Any], title: str, note: str) -> Sheet:
    """Add the sheet of a table with its column widths, a title and a line that explains it."""
    sheet = style.book.sheet(table.sheet)
    set_columns(sheet, style, (column.width for column in table.columns))
    write_title(sheet, style, title, note)
    return sheet


def set_columns(sheet: Worksheet, style: Style, widths: Iterable[float], first: int = 0) -> None:
    for place, width in enumerate(widths, first):
        sheet.set_column(place, place, width, style.format())


def write_title(sheet: Worksheet, style: Style, title: str, note: str) -> None:
    """Write what a sheet is about, and under it a line that explains it."""
    write_cell(sheet, 0, 0, title, style.format(font_name=style.campaign.fonts.title, font_size=16))
    write_cell(sheet, 1, 0, note, style.format(NOTE, font_size=10))
    sheet.set_row(0, 28)
    sheet.set_row(1, 18)


def write_headings(sheet: Worksheet, style: Style, table: Table[Any], least_height: float) -> None:
    """Write the headings, in a row as high as the longest of them needs."""
    needed = height(*((h, c.width + 1, 10) for h, c in zip(table.headings, table.columns, strict=True)))
    for place, heading in enumerate(table.headings, table.left):
        write_cell(sheet, table.header_row, place, heading, style.format(HEADING))
    sheet.set_row(table.header_row, max(least_height, needed))


def write_records(
    sheet: Sheet, style: Style, table: Table[Record], records: Iterable[Record], least_height: float = 0
) -> None:
    """Write the rows of a table and make it one: filter, banding, structured references."""
    rows = _Rows(sheet, style, table, least_height)
    for row, record in enumerate(records, table.first_row):
        rows.write(row, record)
    columns = [{"header": heading, "header_format": style.format(HEADING)} for heading in table.headings]
    options = {"name": f"greenxl_{table.name}", "columns": columns, "style": "Table Style Light 1"}
    sheet.add_long_table(table.header_row, table.left, table.last_row, options)


def write_record(
    sheet: Sheet, style: Style, table: Table[Record], row: int, record: Record, least_height: float = 0
) -> None:
    """Write a row that is of the table's columns but not in it, such as one of sums."""
    _Rows(sheet, style, table, least_height).write(row, record)


def write_grouped(
    sheet: Sheet, style: Style, table: Table[Record], groups: Iterable[tuple[Sequence[Record], Record]]
) -> None:
    """Write rows with one of sums below each group of them, as an outline of which only the sums may show.

    It is no table that can be sorted: the sums would lose their rows.
    """
    rows, row = _Rows(sheet, style, table, _GROUPED_HEIGHT), table.first_row
    for records, sums in groups:
        for record in records:
            rows.write(row, record, level=1)
            row += 1
        rows.write(row, sums)
        row += 1


_GROUPED_HEIGHT = 20


_ByRecord = Callable[[Any], Properties | None]


@dataclass(frozen=True, slots=True)
class _Placed(Generic[Record]):
    """A column on its sheet, and what is the same in all of its cells."""

    place: int
    column: Column[Record]
    shown: Format
    by_record: _ByRecord | None
    """What gives the format where it depends on the record."""
    pieces: Sequence[str] | None
    """Of the formula between the numbers of the row, where it is one formula."""


@dataclass(frozen=True, slots=True)
class _Run(Generic[Record]):
    """Columns side by side whose cells depend on the same."""

    by: Callable[[Record], Hashable] | None
    columns: Sequence[_Placed[Record]]
    made: dict[Hashable, tuple[Repeated | None, float]] = field(default_factory=dict)
    """By what they depend on: the cells, if any are written, and how high their lines are."""


class _Rows(Generic[Record]):
    """Rows of a table in the making: what is the same in all of them, or in many, is made once."""

    def __init__(self, sheet: Sheet, style: Style, table: Table[Record], least_height: float) -> None:
        self._sheet, self._style, self._table = sheet, style, table
        self._least_height = least_height
        columns = [_placed(style, table, place) for place in range(len(table.columns))]
        runs = groupby(columns, key=lambda one: one.column.by)
        self._runs = [_Run(by, list(run)) for by, run in runs]
        self._linked = style.format(LINKED)

    def write(self, row: int, record: Record, level: int = 0) -> None:
        written: list[Cell | Repeated] = []
        lines, place = 0.0, TableRow(self._table, row)
        for run in self._runs:
            if run.by is None:
                cells, high = self._cells(run.columns, record, place)
                written += cells
            else:
                key = run.by(record)
                if key not in run.made:
                    run.made[key] = self._repeated(run.columns, record)
                made, high = run.made[key]
                if made:
                    written.append(made)
            if high > lines:
                lines = high
        needed = min(_MOST_HEIGHT, lines + 6) if lines else 0
        self._sheet.add_row(row, max(self._least_height, needed), written, level)

    def _repeated(self, columns: Sequence[_Placed[Record]], record: Record) -> tuple[Repeated | None, float]:
        cells, high = self._cells(columns, record, TableRow(self._table, None))
        return Repeated(cells) if cells else None, high

    def _cells(
        self, columns: Sequence[_Placed[Record]], record: Record, place: TableRow
    ) -> tuple[list[Cell], float]:
        """Return the cells of a record in a row, or in any, and how high their lines are."""
        row, number, lines = place.row, place.number, 0.0
        written: list[Cell] = []
        for one in columns:
            column, shown = one.column, one.shown
            value = column.value(record) if column.value else self._number(row)
            if column.grows:
                lines = max(lines, _lines_height(str(value or ""), column.width, column.grows))
            if value is None and column.sparse:
                continue
            if one.by_record:
                properties = one.by_record(record)
                if properties is None:
                    continue
                shown = self._style.format(properties)
            formula = number.join(one.pieces) if one.pieces else None
            if column.formula:
                formula = _escaped(column.formula(record, place))
            elif column.link and self._sheet.has_room_for_links and (target := column.link(record)):
                assert row is not None, "a cell of many rows leads nowhere"
                self._sheet.add_link(row, one.place, target, str(value))
                shown = self._linked
            written.append((one.place, shown, value, formula))
        return written, lines

    def _number(self, row: int | None) -> int:
        assert row is not None, "each row has a number of its own"
        return row - self._table.first_row + self._table.first_number


def _placed(style: Style, table: Table[Record], index: int) -> _Placed[Record]:
    column = table.columns[index]
    own, same = column.format, column.same_formula
    return _Placed(
        place=table.left + index,
        column=column,
        shown=style.format(own if isinstance(own, Mapping) else None),
        by_record=None if isinstance(own, Mapping) else own,
        pieces=escaped(same(TableRow(table, None))).split(ANY_ROW) if same else None,
    )


def _escaped(formula: str | None) -> str | None:
    return None if formula is None else escaped(formula)


def write_nothing(sheet: Worksheet, style: Style, row: int, columns: int, words: str) -> None:
    """Write that a table has no rows."""
    write_merged(sheet, (row, 0, row, columns - 1), words, style.format(CENTRED, font_color=FAINT))
    sheet.set_row(row, 24)


_PAGE_ACROSS, _PAGE_UPRIGHT = 765, 515
"""Points between the margins of A4, a little less for other offices' measures."""
_PIXEL = 0.75
"""Points of one."""
_LEAST_SCALE = 0.7
"""At which 10 points still print as 7; what needs less goes on several pages, at the scale of 8."""
_ACROSS_SCALE = 0.8
"""Of pages side by side."""
_SURE = 0.95
"""Of a page's width, for offices that measure columns otherwise: a column too many is a page of its own."""


def _points(width: float) -> float:
    """Return how wide a column of so many characters prints."""
    return int(width * 7 + 5) * _PIXEL


def page_scale(widths: Sequence[float]) -> float:
    """Return 1 where columns that are as wide as the paper can be read, else less."""
    fitting = _PAGE_ACROSS / sum(map(_points, widths))
    return 1 if fitting >= _LEAST_SCALE else fitting


def fits_upright(widths: Sequence[float]) -> bool:
    """Whether columns that are as wide as a page upright can be read."""
    return _PAGE_UPRIGHT / sum(map(_points, widths)) >= _LEAST_SCALE


def page_height(widths: Sequence[float]) -> float:
    """Return the points of rows on a page as wide as the columns, upright where they can be read so."""
    across, down = (_PAGE_UPRIGHT, 740) if fits_upright(widths) else (_PAGE_ACROSS, 490)
    return down * max(1, sum(map(_points, widths)) / across)


def print_across(sheet: Worksheet, widths: Sequence[float], repeated: int, parts: Sequence[int]) -> None:
    """Print columns on several pages side by side, the first ``repeated`` of them on each.

    ``parts`` are the columns before which a page may begin; inside a part where it is wider than a page.
    """
    room = _PAGE_ACROSS / _ACROSS_SCALE * _SURE - sum(map(_points, widths[:repeated]))
    breaks: list[int] = []
    begun = repeated
    for first, end in pairwise([*parts, len(widths)]):
        if sum(map(_points, widths[begun:end])) <= room:
            continue
        if first > begun:
            breaks.append(first)
            begun = first
        for column in range(begun + 1, end):
            if sum(map(_points, widths[begun : column + 1])) > room:
                breaks.append(column)
                begun = column
    sheet.set_print_scale(int(_ACROSS_SCALE * 100))
    sheet.set_v_pagebreaks(breaks)


def set_page(
    sheet: Worksheet,
    style: Style,
    header_row: int,
    *,
    repeat: bool = True,
    upright: bool = False,
    frozen: bool = True,
) -> None:
    """Print on A4, as wide as the paper, with the header row on every page if ``repeat``."""
    if upright:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    if repeat:
        sheet.repeat_rows(header_row)
    if frozen:
        sheet.freeze_panes(header_row + 1, 0)
    authority = style.campaign.authority.replace("&", "&&")
    footer = f"&L&10{authority}&C&10&A&R&10第 &P 页，共 &N 页"
    sheet.set_footer(footer)
