"""The sheets of the consolidated workbook, and what a table is on them: a list of columns.

Rows and columns count from 0, as XlsxWriter does.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, count, pairwise
from typing import Any, Generic, TypeVar

from xlsxwriter.utility import xl_col_to_name, xl_range, xl_range_abs, xl_rowcol_to_cell

from greenxl.campaign.model import Campaign
from greenxl.form.layout import SCORES_SHEET
from greenxl.scoring.vocabulary import subject
from greenxl.xlsx import Value as Value  # what a column gives
from greenxl.xlsx.sheet import ANY_ROW

OVERVIEW = "总览"
CRITERIA = "指标分析"
RECTIFICATION = "整改清单"
LEVELS = "各级评分对比"
"""Where the campaign has several score columns."""
FINDINGS = "问题清单"
LEDGER = "文件台账"
CHANGES = "变化"
"""The last sheet, where there is an earlier workbook to compare with."""
NO, PILOT, STATUS = "序号", "试点", "状态"
WHETHER = "是否"
"""How the heading over the verdicts begins."""
AVERAGE = "平均分"
"""Headings that several sheets share, or by which an earlier workbook is read."""
UNJUDGED = "—"
"""In place of a verdict, where a community has no total."""
MOST_RECORDS = 1_000_000
"""Of a list on a sheet, with room for its head and sums (Excel: 1,048,576 rows)."""
Properties = Mapping[str, Any]
"""Of a cell's format, by XlsxWriter's names."""
Record = TypeVar("Record")


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Record]):
    """A column of a table: all that is to be known of it."""

    name: str
    """By which formulas and other sheets refer to it."""
    heading: str
    width: float
    """In characters."""
    value: Callable[[Record], Value] | None
    """None for the number of the record."""
    format: Properties | Callable[[Record], Properties | None]
    """None where the cell is left unwritten."""
    sparse: bool = False
    """Whether a cell without a value is left unwritten."""
    formula: Callable[[Record, "TableRow"], str | None] | None = None
    """The live formula that gives the value, without its ``=``; None where the value is written as it is."""
    same_formula: Callable[["TableRow"], str] | None = None
    """Instead of it one that is the same in every row but for the row's number."""
    link: Callable[[Record], str | None] | None = None
    """The cell to which the value leads, None where it leads nowhere."""
    grows: float = 0
    """The size of type at which its lines make the row higher; 0 where they do not."""
    by: Callable[[Record], Hashable] | None = None
    """What alone its cells depend on, but for the row's number: those of equal ones are made once.

    Neighbours by the same function are made together.
    """


@dataclass(frozen=True)
class Table(Generic[Record]):
    """A table on a sheet: the row of its headings, under it a row per record."""

    sheet: str
    name: str
    """By which structured references call it."""
    header_row: int
    length: int
    """Rows under the headings."""
    columns: Sequence[Column[Record]]
    left: int = field(default=0, kw_only=True)
    """The column of the sheet in which it begins."""
    first_number: int = field(default=1, kw_only=True)
    """Of its first record, where it goes on from another sheet."""

    @property
    def first_row(self) -> int:
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        return self.header_row + self.length

    @property
    def headings(self) -> list[str]:
        """No two are alike: an office takes no such table."""
        found: dict[str, str] = {}
        for column in self.columns:
            numbered = (f"{column.heading}（{number}）" for number in count(2))
            names = chain([column.heading], numbered)
            name = next(name for name in names if name.casefold() not in found)
            found[name.casefold()] = name
        return list(found.values())

    def values(self, record: Record, number: int) -> list[Value]:
        """Return the values of a row; ``number`` is the record's, from 1."""
        return [column.value(record) if column.value else number for column in self.columns]

    def place(self, name: str) -> int:
        """Return the number of a column."""
        return self._places[name]

    def letters(self, name: str) -> str:
        """Return the letters of a column."""
        return self._letters[name]

    def cell(self, row: int, name: str) -> str:
        """Return a reference to a cell, valid on every sheet."""
        return f"'{self.sheet}'!${self._letters[name]}${row + 1}"

    def cells(self, name: str) -> str:
        """Return a reference to the records' cells of a column, valid on every sheet."""
        place = self.place(name)
        return range_of(self.sheet, self.first_row, place, self.last_row, place)

    def own_cells(self, name: str) -> str:
        """Return the same for formulas on its own sheet, relative, as in a row of totals."""
        place = self.place(name)
        return str(xl_range(self.first_row, place, self.last_row, place))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {column.name: place for place, column in enumerate(self.columns, self.left)}

    @cached_property
    def _letters(self) -> dict[str, str]:
        return {name: str(xl_col_to_name(place)) for name, place in self._places.items()}


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table, as formulas in it refer to its cells."""

    table: Table[Any]
    row: int | None
    """None for any row: ``ANY_ROW`` is then in place of its number."""

    @property
    def number(self) -> str:
        return ANY_ROW if self.row is None else str(self.row + 1)

    def __getitem__(self, name: str) -> str:
        return f"{self.table.letters(name)}{self.number}"

    def fixed(self, name: str) -> str:
        """Return a reference that keeps its column where it is copied."""
        return f"${self[name]}"

    def span(self, first: str, last: str) -> str:
        return f"{self[first]}:{self[last]}" if first != last else self[first]

    def above(self, name: str, rows: int) -> str:
        """Return a reference to a column's cells in so many rows just above."""
        letters, number = self.table.letters(name), int(self.number)
        return f"{letters}{number - rows}:{letters}{number - 1}"

    def column(self, name: str) -> str:
        """Return a reference to the records' cells of a column of the same sheet."""
        _sheet, _mark, cells = self.table.cells(name).rpartition("!")
        return cells


def towns_sheet(campaign: Campaign) -> str:
    return f"{campaign.parent}汇总"


def scores_sheet(campaign: Campaign) -> str:
    return f"{campaign.unit}{SCORES_SHEET}"


def sheet_names(campaign: Campaign) -> tuple[str, ...]:
    """Return the names of the sheets that every workbook of the campaign has, in their order."""
    towns, scores = towns_sheet(campaign), scores_sheet(campaign)
    levels = (LEVELS,) if campaign.has_levels else ()
    return OVERVIEW, towns, scores, CRITERIA, *levels, RECTIFICATION, FINDINGS, LEDGER


def leader_sheets(campaign: Campaign) -> tuple[str, ...]:
    """Return the names of the sheets of the leader's copy: no findings, no paths, nothing to look up."""
    return OVERVIEW, towns_sheet(campaign), scores_sheet(campaign), RECTIFICATION


@dataclass(frozen=True, slots=True)
class ListPart:
    """A part of a list that is on a sheet of its own: 问题清单, 问题清单2 and so on."""

    number: int
    """From 1."""
    first: int
    """Index of its first record in the list."""
    end: int

    @property
    def suffix(self) -> str:
        """What is behind the names of its sheet and its table."""
        return "" if self.number == 1 else str(self.number)


def list_parts(length: int, taken: int = 0) -> list[ListPart]:
    """Return the parts into which a list has to be cut; ``taken`` rows of its first sheet are others'."""
    firsts = [0, *range(MOST_RECORDS - taken, length, MOST_RECORDS)]
    return [
        ListPart(number, first, end) for number, (first, end) in enumerate(pairwise([*firsts, length]), 1)
    ]


def sheets_of(reference: str) -> set[str]:
    """Return the sheets to which a formula refers, as :func:`cell_of` and :func:`range_of` write it."""
    return set(re.findall(r"'([^']+)'!", reference))


def with_towns(campaign: Campaign, columns: Sequence[Column[Record]]) -> tuple[Column[Record], ...]:
    """Return the columns of a table, where the campaign has no towns without theirs."""
    return tuple(column for column in columns if column.name != "town" or campaign.has_towns)


def title_of(campaign: Campaign, sheet: str) -> str:
    return f"{subject(campaign)}　{sheet}（{campaign.year}年）"


def cell_of(sheet: str, row: int, column: int) -> str:
    """Return a reference to a cell, valid on every sheet."""
    return f"'{sheet}'!{xl_rowcol_to_cell(row, column, True, True)}"


def range_of(sheet: str, first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """Return a reference to a box of cells, valid on every sheet."""
    return f"'{sheet}'!{xl_range_abs(first_row, first_column, last_row, last_column)}"
