"""What stands in a workbook before any program writes it: cells, rows, columns and sheets as values."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank
from greenxl.form.layout import IDENTITY_SHEET

TOWN = "果里镇"
"""The town with one community, 鸿嘉社区; its scores stand in E4 to E23."""
Value = None | str | bool | float | date | time | timedelta


@dataclass(frozen=True, slots=True)
class Put:
    """What is put into a cell."""

    value: Value = None
    """Of a formula the stored one, None where it was never calculated."""
    code: str = "General"
    """The number format."""
    error: str = ""
    formula: str = ""
    """Without its equals sign."""
    array: bool = False
    """Whether the formula is one of an array."""
    struck: bool = False
    runs: tuple[tuple[str, bool], ...] = ()
    """The value's parts, and whether each is struck through."""

    def number(self, *, from_1904: bool = False) -> float:
        """Return what a file stores of a number, a date or a time: the days since its epoch."""
        value = self.value
        if isinstance(value, timedelta):
            return value / timedelta(days=1)
        if isinstance(value, time):
            return (datetime.combine(date.min, value) - datetime.min) / timedelta(days=1)
        if isinstance(value, date):
            day = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
            return (day - (datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30))) / timedelta(days=1)
        assert isinstance(value, int | float)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A worksheet; rows count from 1, columns are letters."""

    name: str
    cells: Mapping[str, Put]
    merges: Sequence[str] = ()
    state: str = "visible"
    hidden_rows: Sequence[int] = ()
    low_rows: Sequence[int] = ()
    """Those of the height 0."""
    hidden_columns: Sequence[str] = ()
    narrow_columns: Sequence[str] = ()
    """Those of the width 0."""
    conditional: Mapping[str, str] = field(default_factory=dict)
    """Cells -> the number format that they have while they are above 0."""
    icons: Sequence[str] = ()
    """Cells that show an icon instead of their number."""
    bars: Sequence[str] = ()
    """Cells that show a bar instead of their number."""
    zeros: bool = True
    """Whether a cell whose value is 0 shows it."""

    def rows(self) -> dict[int, dict[int, Put]]:
        """Return the cells by row and column, counted from 1, both rising."""
        found: dict[int, dict[int, Put]] = {}
        for a1, put in sorted(self.cells.items(), key=lambda item: place(item[0])):
            row, column = place(a1)
            found.setdefault(row, {})[column] = put
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    sheets: Sequence[Sheet]
    from_1904: bool = False
    calculated: bool = True
    links: bool = False
    macros: bool = False

    def puts(self) -> Iterator[Put]:
        for sheet in self.sheets:
            yield from sheet.cells.values()


def place(a1: str) -> tuple[int, int]:
    """Return the row and column of an address, counted from 1."""
    return coordinate_to_tuple(a1)


def letters(column: int) -> str:
    return get_column_letter(column)


def box(cells: str) -> tuple[int, int, int, int]:
    """Return the first row and column and the last of ``E9:E10``, counted from 1."""
    first, _colon, last = cells.partition(":")
    return (*place(first), *place(last or first))


def official(campaign: Campaign) -> tuple[Sheet, Sheet]:
    """Return the form as it was issued to a community, with 4 in every score cell, and the identity sheet."""
    data = blank(campaign, TOWN, campaign.communities_of(TOWN))
    book = openpyxl.load_workbook(io.BytesIO(data))
    _cover, form, identity = (_copied(book[name]) for name in book.sheetnames)
    assert identity.name == IDENTITY_SHEET
    scores = {f"E{row}": Put(4) for row in range(4, 4 + len(campaign.criteria))}
    return Sheet(name=form.name, cells={**form.cells, **scores}, merges=form.merges), identity


def _copied(sheet: Worksheet) -> Sheet:
    """Return the words, numbers and merged cells of a sheet, without formulas and looks."""
    cells = (cell for row in sheet.iter_rows() for cell in row if cell.data_type != "f")
    return Sheet(
        name=sheet.title,
        cells={
            cell.coordinate: Put(cell.value) for cell in cells if isinstance(cell.value, str | int | float)
        },
        merges=tuple(str(ref) for ref in sheet.merged_cells.ranges),
        state=sheet.sheet_state,
    )


def issued(identity: Sheet, names: Sequence[str]) -> Sheet:
    """Return the identity sheet of a workbook in which each of these sheets was issued to the community."""
    rows = {a1: put for a1, put in identity.cells.items() if place(a1)[0] < SHEET_ROW}
    number = identity.cells[f"C{SHEET_ROW}"]
    for row, name in enumerate(names, SHEET_ROW):
        rows |= {f"A{row}": Put("sheet"), f"B{row}": Put(name), f"C{row}": number}
    return replace(identity, cells=rows)


SHEET_ROW = 6
"""Of the identity sheet, where the sheets of the workbook begin."""
