"""What is read of a sheet: its cells, the form found on it and the score sheet that comes of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from greenxl.form.layout import address
from greenxl.names import key
from greenxl.returns.sheet_scan import MOST_CELLS, Merge

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

from datetime import datetime

from greenxl.form.layout import Identity


@dataclass(frozen=True, slots=True)
class Broken:
    """What stands in a cell that has no value: an error, or a formula that was never calculated."""

    text: str


@dataclass(frozen=True, slots=True)
class Percent:
    """A number that its cell shows as a percentage: 0.8 as 80%."""

    text: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What stands in a cell that another one covers: nothing, whatever the other says."""

    into: str
    """The address of the first of the merged cells, which has the value."""


Value = None | str | float | bool | date | time | timedelta
"""A cell as calamine gives it; None where nothing stands (datetime is a date)."""


FAR_ROWS, FAR_COLUMNS = 50, 20
"""From the form: what stands further off is none of its own."""


@dataclass(frozen=True, slots=True)
class Cell:
    address: str
    value: Value | Broken | Merged | Percent


class BoxError(Exception):
    """A sheet whose values lie further apart than is read."""

    def __init__(self, sheet: str, cells: int) -> None:
        super().__init__(sheet, cells)
        self.sheet, self.cells = sheet, cells


@dataclass(frozen=True, slots=True)
class Grid:
    """The valued box of a sheet, addressed as its sender sees it."""

    rows: Sequence[Sequence[Value]]
    top: int
    left: int
    merges: Sequence[Merge] = ()
    """Counted from the sheet's own first cell."""

    @classmethod
    def of(cls, book: "CalamineWorkbook", name: str) -> "Grid":
        """:raises BoxError: its values lie too far apart."""
        sheet = book.get_sheet_by_name(name)
        if sheet.height * sheet.width > MOST_CELLS:
            raise BoxError(name, sheet.height * sheet.width)
        top, left = sheet.start or (0, 0)
        return cls(sheet.to_python(), top, left, sheet.merged_cell_ranges or ())

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a row and column of the box; beyond its edge nothing stands."""
        line = self.rows[row] if 0 <= row < len(self.rows) else ()
        value = line[column] if 0 <= column < len(line) else None
        return Cell(address(self.top + row, self.left + column), None if value == "" else value)

    def texts(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Yield (row, column, key) of every text, downwards and to the right."""
        for row, line in enumerate(self.rows[first:last], first):
            for column, value in enumerate(line):
                if isinstance(value, str) and value:
                    yield row, column, key(value)


@dataclass(frozen=True, slots=True)
class FoundForm:
    """Where a form stands in a grid."""

    header_row: int | None
    text_column: int
    """Where most of the criteria stand."""
    points_column: int | None
    score_column: int
    lines: tuple[tuple[int, int, int], ...]
    """(row, column of the text, criterion number), downwards."""
    total_row: int | None
    headed_otherwise: bool
    """Whether the score column has a heading like the campaign's, but not the same."""
    rivals: tuple[int, ...] = ()
    """The columns any of which may hold the scores, where it is not plain which."""

    @property
    def top(self) -> int:
        """The row in which the table begins."""
        return self.lines[0][0] if self.header_row is None else self.header_row

    @property
    def last_row(self) -> int:
        return self.lines[-1][0]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a sheet that holds criteria of the campaign is not read as a form."""

    code: str
    cell: Cell
    found: str


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion as it came back."""

    number: int
    text: Cell
    points: Cell | None
    score: Cell


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    file: str
    sha256: str
    sheet: str
    community: Cell | None
    town: Cell | None
    lines: tuple[Line, ...]
    total: Cell | None
    identity: Identity | None
    headings: tuple[Cell, ...] = ()
    """The four header cells, where a header row was found."""
    groups: tuple[Cell, ...] = ()
    """The group cell beside the first criterion of each group that has one."""
    extra: tuple[Cell, ...] = ()
    """Texts that stand among the criteria and are none of the campaign's."""
    rivals: tuple[Cell, ...] = ()
    """The headings of the columns any of which may hold the scores, where it is not plain which."""
    headed: Cell | None = None
    """The heading of the scores where it is another than the campaign's."""
    named_too: tuple[Cell, ...] = ()
    """Where it names other communities than ``community`` does."""
    saved: datetime | None = None
    """When its workbook was last saved, by the workbook's own properties."""
