"""A worksheet that also takes whole rows of long lists, and keeps none of their cells.

XlsxWriter stores every cell until the workbook is saved and checks each of them several times. Rows that are
added here become XML at once and wait in a temporary file when they are many. It takes their strings, formats
and order, so that both ways of writing meet in one sheet: what it alone can do (charts, merged titles,
tables, conditions, pages) is as ever.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from tempfile import TemporaryFile
from typing import IO, Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from greenxl.errors import GreenxlError
from greenxl.i18n import _
from greenxl.xlsx.texts import fit_to_cell

Value = str | float | Decimal | None
Cell = tuple[int, Format, Value, str | None]
"""Its column, its format, its value, and as XML the formula that gives it, if one does."""

ANY_ROW = "\uffff"
"""In a formula in place of a row's number. No character: it is in no text."""
_MOST_LINKS = 65_530
"""On one sheet (Excel specifications and limits)."""
MOST_ROWS = 1_048_576
"""Of a sheet (the same)."""
_IN_MEMORY = 8 * 2**20
"""Characters of rows that wait in memory."""
_TOGETHER = 1000
"""Rows that are written at once."""
_CHARTED = 512
"""Rows of a sheet to whose values charts may refer: these are written into the charts, too."""

_LETTERS = [str(xl_col_to_name(column)) for column in range(1024)]


def escaped(text: str) -> str:
    """Return a text as it is between two tags, in one line."""
    if "&" in text or "<" in text or ">" in text or "\n" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "&#10;")
    return text


@dataclass(slots=True)
class Repeated:
    """Cells side by side that come in many rows of one sheet: they become XML once, but for the row's number.

    Their formulas have ``ANY_ROW`` in its place.
    """

    cells: Sequence[Cell]
    pieces: Sequence[str] = ()
    """Between the numbers of the row; none before they are added for the first time."""
    texts: int = 0
    """How many of them hold texts that are not of formulas."""


class Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet with rows that are cells one by one, and rows that were added as a whole."""

    fh: IO[str]
    """Where XlsxWriter writes the sheet to."""

    def __init__(self) -> None:
        super().__init__()
        self.fh: IO[str]
        self._blocks: list[list[int]] = []
        """The first and the last row of each run of added rows."""
        self._waiting: list[str] = []
        self._waiting_size = 0
        self._spool: IO[str] | None = None
        """Where the rows are before those that are waiting, once they are many."""
        self._links: list[str] = []
        self._charted: dict[int, dict[int, Value]] = {}

    @property
    def is_large(self) -> bool:
        """Whether the added rows are more than should be put together in memory."""
        return self._spool is not None

    @property
    def has_room_for_links(self) -> bool:
        return bool(self.hlink_count < _MOST_LINKS)

    def add_row(self, row: int, height: float, cells: Sequence[Cell | Repeated], level: int = 0) -> None:
        """Add a row below all that were added before; its cells are from left to right.

        :param height: in points; 0 for what is usual.
        :param level: 1 in an outline, whose rows can be folded.
        :raises GreenxlError: the list is longer than a sheet.
        """
        last = self._blocks[-1][1] if self._blocks else -1
        if row >= MOST_ROWS:
            raise GreenxlError(
                _(
                    "{sheet}: this sheet would need more than the {most} rows that a worksheet can have. "
                    "Divide the campaign into smaller ones, such as one for each county."
                ).format(sheet=self.name, most=f"{MOST_ROWS:,}")
            )
        if row <= last:
            raise ValueError(f"{self.name}!R{row + 1}: rows are added in their order")
        left, right = _ends(cells)
        self._check_dimensions(row, left)
        if right > self.dim_colmax:
            self._check_dimensions(row, right)
        if row == last + 1 and self._blocks:
            self._blocks[-1][1] = row
        else:
            self._blocks.append([row, row])
        if len(self._charted) < _CHARTED:
            self._charted[row] = _values(cells)
        if level:
            self.outline_row_level = level
        xml = self._row_xml(row, height, cells, level)
        self._waiting.append(xml)
        self._waiting_size += len(xml)
        if self._waiting_size > _IN_MEMORY:
            self._put_away()

    def _put_away(self) -> None:
        """Write the rows that are waiting to a temporary file."""
        if self._spool is None:
            self._spool = TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115  (closed when read)
        self._spool.writelines(self._waiting)
        self._waiting.clear()
        self._waiting_size = 0

    def _added_rows(self) -> Iterator[str]:
        """Yield all rows that were added, once."""
        if self._spool is not None:
            self._spool.seek(0)
            yield from self._spool
            self._spool.close()
        yield from self._waiting
        self._waiting.clear()

    def _row_xml(self, row: int, height: float, cells: Sequence[Cell | Repeated], level: int) -> str:
        """Return a row in one line, without its end, behind which cells may follow."""
        number = str(row + 1)
        outline = f' outlineLevel="{level}"' if level else ""
        return f'<row r="{number}"{_height(height)}{outline}>{self._cells_xml(number, cells)}\n'

    def _cells_xml(self, number: str, cells: Sequence[Cell | Repeated]) -> str:
        """Return cells of a row of this number."""
        table, known = self.str_table, self.str_table.string_table
        parts = []
        for cell in cells:
            if isinstance(cell, Repeated):
                if not cell.pieces:
                    self._make(cell)
                parts.append(number.join(cell.pieces))
                table.count += cell.texts
                continue
            column, cell_format, value, formula = cell
            style = cell_format.xf_index or cell_format._get_xf_index()
            start = f'<c r="{_LETTERS[column]}{number}" s="{style}"'
            if formula is not None:
                parts.append(f"{start}{_result(formula, value)}</c>")
            elif not value and (value is None or value == ""):
                parts.append(f"{start}/>")
            elif isinstance(value, str):
                text = value if value in known else fit_to_cell(value)
                index = table._get_shared_string_index(text)
                parts.append(f'{start} t="s"><v>{index}</v></c>')
            else:
                parts.append(f"{start}><v>{float(value):.16G}</v></c>")
        return "".join(parts)

    def _make(self, repeated: Repeated) -> None:
        before = self.str_table.count
        repeated.pieces = self._cells_xml(ANY_ROW, repeated.cells).split(ANY_ROW)
        repeated.texts, self.str_table.count = self.str_table.count - before, before

    def add_link(self, row: int, column: int, target: str, text: str) -> None:
        """Let a cell of an added row lead to another one (``'社区得分'!$C$6``), unless links have run out."""
        if self.has_room_for_links:
            self.hlink_count += 1
            self._links.append(f'<hyperlink ref="{_LETTERS[column]}{row + 1}"{_leading(target, text)}/>')

    def add_merged(self, row: int, first: int, last: int) -> None:
        """Make one cell of several side by side in an added row."""
        self.merge.append([row, first, row, last])

    def add_long_table(self, first_row: int, left: int, last_row: int, options: dict[str, Any]) -> None:
        """Make a table of added rows; ``options`` are XlsxWriter's, which would go over every cell of it."""
        right = left + len(options["columns"]) - 1
        if self.add_table(first_row, left, first_row + 1, right, options):
            raise GreenxlError(f"{self.name}!R{first_row + 1}: XlsxWriter refused the table")
        whole = xl_range(first_row, left, last_row, right)
        self.tables[-1].update(range=whole, a_range=whole, autofilter=whole)

    def _write_rows(self) -> None:
        """Write all rows from top to bottom: those of single cells as XlsxWriter does."""
        first, last = self.dim_rowmin, self.dim_rowmax
        added = self._added_rows()
        for begin, end in self._blocks:
            self._write_single_cells(first, begin - 1)
            for start in range(begin, end + 1, _TOGETHER):
                self._write_added(range(start, min(start + _TOGETHER, end + 1)), added)
            first = end + 1
        self._write_single_cells(first, last)
        for _rest in added:  # none, but what they came from is closed
            raise AssertionError

    def _write_single_cells(self, first: int, last: int) -> None:
        if first <= last:
            self.dim_rowmin, self.dim_rowmax = first, last
            super()._write_rows()

    def _write_added(self, rows: range, added: Iterator[str]) -> None:
        """Write the next added rows, and behind the cells of each single ones that are right of them."""
        if not self.row_info.keys().isdisjoint(rows):
            raise GreenxlError(f"{self.name}!R{rows[0] + 1}: an added row has its height already")
        if self.table.keys().isdisjoint(rows):
            self.fh.write("".join([next(added) for _row in rows]).replace("\n", "</row>"))
            return
        for row in rows:
            self.fh.write(next(added)[:-1])
            for column, cell in sorted(self.table.get(row, {}).items()):
                self._write_cell(row, column, cell)
            self.fh.write("</row>")

    def _write_hyperlinks(self) -> None:
        out, others = self.fh, io.StringIO()
        self.fh = others
        super()._write_hyperlinks()
        self.fh = out
        links = others.getvalue().removeprefix("<hyperlinks>").removesuffix("</hyperlinks>")
        if links or self._links:
            out.write(f"<hyperlinks>{links}{''.join(self._links)}</hyperlinks>")
        self._links.clear()

    def _get_range_data(
        self, first_row: int, first_column: int, last_row: int, last_column: int
    ) -> list[object]:
        """Return the values that charts show where nothing is recalculated."""
        found: list[object] = []
        for row in range(first_row, last_row + 1):
            added = self._charted.get(row)
            if added is None:
                found += super()._get_range_data(row, first_column, row, last_column)
            else:
                columns = range(first_column, last_column + 1)
                found += [_charted(added[column]) if column in added else None for column in columns]
        return found


def _ends(cells: Sequence[Cell | Repeated]) -> tuple[int, int]:
    """Return the first and the last column."""
    first, last = cells[0], cells[-1]
    return (
        first.cells[0][0] if isinstance(first, Repeated) else first[0],
        last.cells[-1][0] if isinstance(last, Repeated) else last[0],
    )


def _values(cells: Sequence[Cell | Repeated]) -> dict[int, Value]:
    """Return the values of cells by column."""
    groups = (cell.cells if isinstance(cell, Repeated) else [cell] for cell in cells)
    return {column: value for group in groups for column, _format, value, _formula in group}


def _charted(value: Value) -> str:
    return value or "" if value is None or isinstance(value, str) else str(float(value))


def _result(formula: str, value: Value) -> str:
    """Return a formula and what it gives now, as an XML element that has begun goes on."""
    if not value and (value is None or value == ""):
        return f"><f>{formula}</f><v></v>"
    if isinstance(value, str):
        return f' t="str"><f>{formula}</f><v>{escaped(value)}</v>'
    return f"><f>{formula}</f><v>{float(value)}</v>"


@lru_cache
def _leading(target: str, text: str) -> str:
    """Return the attributes of a link; a unit's come in neighbouring rows."""
    place, words = (escaped(one).replace('"', "&quot;") for one in (target, text))
    return f' location="{place}" display="{words}"'


@lru_cache
def _height(height: float) -> str:
    """Return the attributes of a row of so many points, in whole pixels; "" for one as high as is usual."""
    return f' ht="{int(height * 4 / 3 + 0.5) * 0.75:.16g}" customHeight="1"' if height else ""
