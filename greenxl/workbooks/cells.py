"""What every format reader returns: the sheets of a workbook, sparse, as an office shows them.

Rows and columns count from 0. Nothing is allotted for a cell without value: a sheet keeps its values by row
and column, and beside them, only for the cells that are more than a plain value, what else is known of
them. Whether a cell is hidden or merged is asked of the sheet, which never lists the cells of a box.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from greenxl.findings import Term
from greenxl.i18n import N_

MOST_CELLS = 5_000_000
"""Valued cells that are read of a workbook."""
MOST_BOXES = 100_000
"""Merged boxes, arrays, or boxes of conditional formats of a sheet."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet, in every office of today."""
LEAST_HEIGHT, LEAST_WIDTH = 2.0, 2.0
"""Points: a row lower or a column narrower than that shows nothing that can be read, and counts as hidden."""

Value = None | str | float | bool | date | time | timedelta
"""None where nothing stands (datetime is a date); '' where a formula gave an empty text."""

Stretch = tuple[int, int]
"""First and last of rows or columns."""


Kind = Literal["xlsx", "xlsm", "xlsb", "xls", "ods"]


@lru_cache(maxsize=8192)
def address(row: int, column: int) -> str:
    """Return the A1 address of a cell counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


class Format(StrEnum):
    """What a cell's number format does to its value."""

    PLAIN = "plain"
    """Shows it: the number that is read off the sheet is the value."""
    ROUNDED = "rounded"
    PERCENT = "percent"
    """A percent sign stands behind it, as a hundredfold or as a mere letter."""
    DATE = "date"
    """A date, a time or a duration, also where the number is beyond every date."""
    HIDDEN = "hidden"
    """Nothing is shown."""
    OTHER = "other"
    """Another number or text than the value is shown, or what is shown is not known."""


class Struck(StrEnum):
    """How much of a cell's text is struck through."""

    NO = "no"
    PART = "part"
    WHOLE = "whole"


class Visibility(StrEnum):
    """Of a sheet; the words of the file formats."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "veryHidden"


INSIDE_DAMAGED = Term(N_("its inner structure"))
"""What is damaged of a container whose parts do not fit together."""


class Refused(Exception):  # noqa: N818  (an outcome of a file, no fault of the program)
    """The workbook is not read: a finding's code and what it quotes: markup, part names, or a term "
    "of ours."""

    def __init__(self, code: str, found: str = "", *, sheet: str = "", limit: str = "") -> None:
        super().__init__(code, found, sheet)
        self.code, self.found, self.sheet, self.limit = code, found, sheet, limit


class Ambiguous(Refused):
    """The workbook may be read in more than one way: it has to be opened in an office and saved again."""

    def __init__(self, found: str, *, sheet: str = "") -> None:
        super().__init__("file-ambiguous", found, sheet=sheet)


class Box(NamedTuple):
    """The first and the last row and column of a block of cells."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


class Marks(NamedTuple):
    """What a cell is besides its value; cells without marks have a plain value or none."""

    error: str = ""
    """As the office shows it: ``#REF!``, ``Err:502``."""
    formula: str = ""
    """With its equals sign; ``=…`` where the cell has a formula whose text stands elsewhere."""
    format: Format = Format.PLAIN
    shown: str = ""
    """What the cell shows, where that is another thing than the value (``80%``, ``5`` for 4.5); of a text
    that is struck through in part, what is not."""
    struck: Struck = Struck.NO


PLAIN = Marks()
NOTHING: Mapping[int, Value] = {}
UNMARKED: Mapping[int, Marks] = {}


class Cell(NamedTuple):
    """All that is known of one cell (a named tuple: a round makes millions of them)."""

    address: str
    value: Value
    error: str = ""
    formula: str = ""
    format: Format = Format.PLAIN
    shown: str = ""
    struck: Struck = Struck.NO
    hidden: bool = False
    """By its row, its column or its sheet."""
    merged_into: str = ""
    """The address of the first of the merged cells, '' where it is that itself or is not merged."""


@dataclass(frozen=True)
class SheetCells:
    """A worksheet: neither a chart, a dialogue or a program, nor the copy of another file's table."""

    name: str
    state: Visibility = Visibility.VISIBLE
    rows: Mapping[int, Mapping[int, Value]] = field(default_factory=dict)
    """Row -> column -> value, both rising; equal rows may be one object."""
    marks: Mapping[int, Mapping[int, Marks]] = field(default_factory=dict)
    """Row -> column -> marks, of those cells alone that have any."""
    merges: Sequence[Box] = ()
    arrays: Sequence[Box] = ()
    """The cells that one formula fills, whose text stands in the first of them."""
    conditional: Sequence[Box] = ()
    """The cells whose number format or strike depends on a condition, which is not worked out."""
    hidden_rows: Sequence[Stretch] = ()
    """Rising and apart (see :func:`stretches`); of the rows that the file lists."""
    hidden_columns: Sequence[Stretch] = ()
    zeros_shown: bool = True
    """Whether a cell whose value is 0 shows it, and not nothing."""

    def values(self) -> Iterator[tuple[int, int, Value]]:
        """Yield (row, column, value) of every valued cell, downwards and to the right."""
        for row, line in self.rows.items():
            for column, value in line.items():
                yield row, column, value

    def table(self) -> list[list[Value]]:
        """Return the box from the first cell of the sheet to the last valued ones, '' where nothing stands.

        :raises Refused: the values lie too far apart for that.
        """
        height = max(self.rows, default=-1) + 1
        width = max((max(line, default=-1) for line in self.rows.values()), default=-1) + 1
        if height * width > MOST_CELLS:
            raise Refused("unsafe-box", f"{height * width:,}", sheet=self.name, limit=f"{MOST_CELLS:,}")
        rows: list[list[Value]] = [[""] * width for _row in range(height)]
        for row, column, value in self.values():
            rows[row][column] = "" if value is None else value
        return rows

    def value(self, row: int, column: int) -> Value:
        return self.rows.get(row, NOTHING).get(column)

    def cell(self, row: int, column: int) -> Cell:
        """Return all that is known of a cell, whether or not anything stands there."""
        return self.cells(row, (column,))[0]

    def cells(self, row: int, columns: Iterable[int]) -> list[Cell]:
        """Return all that is known of cells of one row."""
        merges = [box for box in self.merges if box.top <= row <= box.bottom]
        if self._shows_all and row not in self.marks:
            line = self.rows.get(row, NOTHING)
            return [_plain_cell(row, column, line.get(column), merges) for column in columns]
        return [self._cell(row, column, merges) for column in columns]

    def _cell(self, row: int, column: int, merges: Sequence[Box]) -> Cell:
        """Return what is known of a cell; ``merges`` are those of its row."""
        value = self.value(row, column)
        marks = self.marks.get(row, UNMARKED).get(column, PLAIN)
        formula = marks.formula or ("=…" if self.arrays and _held(self.arrays, row, column) else "")
        return Cell(
            address=address(row, column),
            value=value,
            error=marks.error,
            formula=formula,
            format=self._format(row, column, value, marks.format),
            shown=marks.shown,
            struck=marks.struck,
            hidden=self.hides(row, column),
            merged_into=_merged_into(merges, row, column),
        )

    @cached_property
    def _shows_all(self) -> bool:
        """Whether nothing but its marks decides how a value is shown: most sheets hide nothing."""
        special = self.arrays or self.conditional or self.hidden_rows or self.hidden_columns
        return self.state is Visibility.VISIBLE and self.zeros_shown and not special

    def _format(self, row: int, column: int, value: Value, by_style: Format) -> Format:
        """Return what is done to a value in all: by its style, by the sheet, or by conditions."""
        if by_style is not Format.PLAIN:
            return by_style
        if not self.zeros_shown and isinstance(value, float) and value == 0:
            return Format.HIDDEN
        conditional = self.conditional and _held(self.conditional, row, column)
        return Format.OTHER if conditional else Format.PLAIN

    def covering(self, row: int, column: int) -> Box | None:
        """Return the merged cells that cover this one, None where it is their first."""
        return _covering(self.merges, row, column)

    def hides(self, row: int, column: int) -> bool:
        """Whether the cell's row, column or sheet is hidden."""
        return (
            self.state is not Visibility.VISIBLE
            or bool(self.hidden_rows and _within(self.hidden_rows, row))
            or bool(self.hidden_columns and _within(self.hidden_columns, column))
        )


@dataclass(frozen=True, slots=True)
class WorkbookCells:
    """A returned workbook, read whole."""

    sheets: tuple[SheetCells, ...]
    """Its worksheets in the order of their tabs."""
    calculated: bool = True
    """Whether the values of its formulas are those that an office shows on opening it."""
    date_1904: bool = False
    macros: bool = False
    links: bool = False
    """Whether it refers to other files."""
    saved: datetime | None = None
    """When it was last saved, by its own properties."""

    def sheet(self, name: str) -> SheetCells | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


Wanted = Callable[[Collection[str]], Collection[str]]
"""Which of the sheets of these names are to be read; of the others a workbook has the names alone."""


class CellBudget:
    """Counts the valued cells of a workbook while they are read."""

    def __init__(self) -> None:
        self._spent = 0

    def spend(self, cells: int) -> None:
        """:raises Refused: there are more than are read."""
        self._spent += cells
        if self._spent > MOST_CELLS:
            raise Refused("unsafe-box", f"{self._spent:,}", limit=f"{MOST_CELLS:,}")


def limited(boxes: list[Box]) -> list[Box]:
    """:raises Refused: there are more boxes than are read."""
    if len(boxes) > MOST_BOXES:
        raise Refused("unsafe-box", f"{len(boxes):,}", limit=f"{MOST_BOXES:,}")
    return boxes


def stretches(found: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return the same rows or columns rising, with those that touch or overlap made one."""
    merged: list[Stretch] = []
    for first, last in sorted(found):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return tuple(merged)


def _plain_cell(row: int, column: int, value: Value, merges: Sequence[Box]) -> Cell:
    into = _merged_into(merges, row, column) if merges else ""
    return Cell(address(row, column), value, merged_into=into) if into else Cell(address(row, column), value)


def _merged_into(merges: Sequence[Box], row: int, column: int) -> str:
    over = _covering(merges, row, column)
    return address(over.top, over.left) if over else ""


def _covering(merges: Iterable[Box], row: int, column: int) -> Box | None:
    for box in merges:
        top, left, bottom, right = box
        if top <= row <= bottom and left <= column <= right and (row, column) != (top, left):
            return box  # where boxes overlap, the first cell of one may be covered by another
    return None


def _held(boxes: Iterable[Box], row: int, column: int) -> bool:
    return any(box.holds(row, column) for box in boxes)


def _within(hidden: Sequence[Stretch], number: int) -> bool:
    at = bisect_right(hidden, (number, MOST_ROWS))
    return at > 0 and hidden[at - 1][1] >= number
