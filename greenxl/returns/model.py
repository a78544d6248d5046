"""What is read of a returned workbook: the form found on a sheet, and the score sheet that it gives."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from greenxl.form.layout import Identity
from greenxl.names import key
from greenxl.workbooks.cells import NOTHING, Cell, SheetCells, Value

FAR_ROWS, FAR_COLUMNS = 50, 20
"""From the form: what stands further off is none of its own."""
LONGEST_TEXT = 32_767
"""Characters of a cell that are compared with anything (Excel specifications and limits)."""


@dataclass(frozen=True)
class Grid:
    """A sheet's cells, searched for texts and columns; rows and columns count from 0."""

    sheet: SheetCells

    def value(self, row: int, column: int) -> Value:
        return self.sheet.value(row, column)

    def cell(self, row: int, column: int) -> Cell:
        return self.sheet.cell(row, column)

    def cells(self, row: int, columns: Iterable[int]) -> list[Cell]:
        """Return cells of one row."""
        return self.sheet.cells(row, columns)

    def texts(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, int, str]]:
        """Yield (row, column, key) of every text in these rows, downwards and to the right."""
        rows = self._rows
        end = len(rows) if last is None else bisect_left(rows, last)
        for row in rows[bisect_left(rows, first) : end]:
            for column, text in self.texts_of(row).items():
                yield row, column, text

    def text(self, row: int, column: int) -> str:
        """Return the key of the text in a cell, '' where none stands."""
        return self.texts_of(row).get(column, "")

    def texts_of(self, row: int) -> Mapping[int, str]:
        """Return the keys of the texts of a row by their columns."""
        found = self._texts.get(row)
        if found is None:
            line = self.sheet.rows.get(row, NOTHING)
            texts = {c: key(v) for c, v in line.items() if isinstance(v, str) and 0 < len(v) <= LONGEST_TEXT}
            found = self._texts[row] = texts or _NO_TEXTS
        return found

    def columns(self, row: int) -> list[int]:
        """Return the columns in which something stands in a row."""
        return [column for column, value in self.sheet.rows.get(row, {}).items() if value not in (None, "")]

    @cached_property
    def _rows(self) -> list[int]:
        return list(self.sheet.rows)

    @cached_property
    def _texts(self) -> dict[int, Mapping[int, str]]:
        """Those of the rows that were asked for."""
        return {}


_NO_TEXTS: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Hit:
    """A criterion of the campaign on a sheet."""

    row: int
    column: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundForm:
    """Where a form stands on a sheet."""

    header_row: int | None
    text_column: int
    """Where most of the criteria stand."""
    points_column: int | None
    score_column: int
    lines: tuple[Hit, ...]
    """Downwards."""
    total_row: int | None
    headed_otherwise: bool
    """Whether the score column has a heading like the campaign's, but not the same."""
    rivals: tuple[int, ...] = ()
    """The columns any of which may hold the scores, where it is not plain which."""
    beside: tuple[tuple[int, int], ...] = ()
    """The row and column of what may be taken for scores beside them."""
    score_columns: tuple[int | None, ...] = ()
    """Of the campaign's several score columns, in their order, None for one that is not on the sheet."""
    entry_columns: tuple[int | None, ...] = ()
    """The same of its columns of texts to fill in."""

    @property
    def last_column(self) -> int:
        """The last of those that belong to the form, from the scores on."""
        return max(self.score_column, *(c or 0 for c in (*self.score_columns, *self.entry_columns)), 0)

    @property
    def top(self) -> int:
        """The row in which the table begins."""
        return self.lines[0].row if self.header_row is None else self.header_row

    @property
    def last_row(self) -> int:
        return self.lines[-1].row


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a sheet that holds criteria of the campaign is not read as a form."""

    code: str
    cell: Cell
    found: str
    wanted: str = ""
    """The heading of the scores, where their columns are of another kind."""


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion as it came back."""

    number: int
    text: Cell
    points: Cell | None
    score: Cell
    """In the column that counts."""
    columns: tuple[Cell | None, ...] = ()
    """In the campaign's several score columns, in their order, None in one that is not on the sheet."""
    entries: tuple[Cell | None, ...] = ()
    """The same in its columns of texts to fill in; what is merged downwards stands beside each criterion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSheet:
    file: str
    sha256: str
    sheet: str
    community: Cell | None
    """Where the sheet names its community."""
    town: Cell | None
    """Where the sheet names its town."""
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
    beside: tuple[Cell, ...] = ()
    """What stands beside the scores and may be taken for them."""
    fields: Mapping[str, Cell] = field(default_factory=dict)
    """What was typed beside the labels of who filled it in, when, and so on."""
    remarks: tuple[Cell, ...] = ()
    """The first texts right of the scores, which are none."""
    calculated: bool = True
    """Whether the values of formulas are those that an office shows on opening the workbook."""
    saved: datetime | None = None
    """When its workbook was last saved, by the workbook's own properties."""
