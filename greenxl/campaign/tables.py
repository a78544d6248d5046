"""The tables of a campaign as texts: CSV files in a folder or sheets of one workbook, one loader.

The first row of a table is its header. A heading is the English key or the Chinese title of a column
(:mod:`greenxl.campaign.schemas`), so that a clerk's workbook reads Chinese and a script's CSV stays ASCII.
Sheets and columns come in any order; a sheet that is none of the tables is somebody's own and ignored.
"""

import csv
import difflib
import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from greenxl.campaign import WORKBOOK
from greenxl.campaign.schemas import SCHEMAS, Schema
from greenxl.campaign.settings import SETTING_BY_KEY
from greenxl.errors import CampaignError
from greenxl.findings import Finding, finding
from greenxl.names import key, seen, shown
from greenxl.workbooks.cells import NOTHING, UNMARKED, Cell, SheetCells, WorkbookCells, address
from greenxl.workbooks.opening import open_file

_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods"}
_MOST_COLUMNS = 100
"""Of a table; what stands further right is none of its own."""
_LONGEST_NAME = 60
"""Characters of a heading or name that is compared with the known ones."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, its cells by the name of their column."""

    number: int
    """As a spreadsheet counts: the header is row 1."""
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it was found, empty rows left out."""

    name: str
    place: str
    """The file or sheet that a fault names."""
    headings: tuple[str, ...] = ()
    """Names of the columns, of those that are not known the heading as it was found."""
    rows: tuple[Row, ...] = ()
    chinese: bool = True
    """Whether its headings are the Chinese ones, so that faults name columns by them."""
    unnamed: tuple[str, ...] = ()
    """The letters of columns that hold something below an empty heading."""
    others: tuple[str, ...] = ()
    """The places of further tables of the same name."""
    misnamed: bool = False
    """It was not found: at ``place`` is what may be meant, under another name."""


CampaignTables = dict[str, Table]
"""By the name of their schema; one that was not found is left out."""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """Return the known name that is spelled most like this one, "" where none is like it."""
    by_key = {key(one): one for one in known}
    found = difflib.get_close_matches(key(name)[:_LONGEST_NAME], by_key, n=1, cutoff=cutoff)
    return by_key[found[0]] if found else ""


def campaign_file(path: Path | Traversable) -> Path | Traversable:
    """Return the workbook that a round's folder holds, else the path itself."""
    book = path / WORKBOOK
    return book if path.is_dir() and book.is_file() else path


def read_tables(path: Path | Traversable) -> CampaignTables:
    """Return the raw tables at ``path``, text in every cell, empty rows left out.

    :raises CampaignError: nothing there can be read as tables.
    """
    path = campaign_file(path)
    if path.is_dir():
        tables = _tables(_files(path))
        if not tables:
            raise CampaignError(finding("campaign-missing", str(path)).line())
        return tables
    if not path.is_file():
        raise CampaignError(finding("campaign-missing", str(path)).line())
    if Path(path.name).suffix.lower() not in _SUFFIXES:
        raise CampaignError(finding("campaign-suffix", str(path)).line())
    return _read_workbook(path)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a file or sheet."""

    number: int
    texts: Sequence[str]
    above: Mapping[int, str] = field(default_factory=dict)
    """By column, the text of the merged cells that cover this row's cell from above."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file or sheet that may be a table."""

    name: str
    place: str
    lines: Callable[[], Iterator[_Line]]

    def headings(self) -> set[str]:
        first = next(self.lines(), None)
        return {key(text) for text in first.texts} if first else set()


def _files(folder: Path | Traversable) -> list[_Source]:
    def source(file: Path | Traversable) -> _Source:
        return _Source(Path(file.name).stem, file.name, lambda: _csv_lines(file))

    names = sorted(file.name for file in folder.iterdir() if file.name.lower().endswith(".csv"))
    return [source(folder / name) for name in names]


def _csv_lines(file: Path | Traversable) -> Iterator[_Line]:
    reader = csv.reader(io.StringIO(_decode(file), newline=""))
    try:
        yield from (_Line(number, texts) for number, texts in enumerate(reader, 1))
    except csv.Error as error:
        raise CampaignError(finding("campaign-encoding", str(file)).line()) from error


def _decode(file: Path | Traversable) -> str:
    """Return the text of a CSV file: UTF-8, or GB18030 as Excel and WPS save it on Chinese Windows."""
    data = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CampaignError(finding("campaign-encoding", str(file)).line())


def _read_workbook(path: Path | Traversable) -> CampaignTables:
    book = open_file(path)
    if isinstance(book, Finding):
        raise CampaignError(
            finding("campaign-unreadable", str(path), found=_first_sentence(book.message())).line()
        )
    tables = tables_of(book.cells)
    if not tables:
        names = [sheet.name for sheet in book.cells.sheets]
        raise CampaignError(finding("campaign-no-tables", str(path), found=names[:_MOST_COLUMNS]).line())
    return tables


def tables_of(book: WorkbookCells) -> CampaignTables:
    return _tables([_sheet(sheet) for sheet in book.sheets])


def _sheet(sheet: SheetCells) -> _Source:
    return _Source(sheet.name, sheet.name, lambda: _lines(sheet))


def _first_sentence(message: str) -> str:
    """Return what was found without what is to be done, which is worded for a return."""
    return re.split(r"(?<=。)|(?<=\.)\s", message, maxsplit=1)[0].rstrip("。.")


def _lines(sheet: SheetCells) -> Iterator[_Line]:
    """Yield each row with its texts; a value far to the right is none of a table's."""
    covers = _covers(sheet)
    for row in sorted(sheet.rows.keys() | sheet.marks.keys()):
        used = sheet.rows.get(row, NOTHING).keys() | sheet.marks.get(row, UNMARKED).keys()
        columns = min(max(used, default=-1) + 1, _MOST_COLUMNS)
        texts = [_text(sheet.cell(row, column)) for column in range(columns)]
        above = {column: text for column in covers if (text := _covering(sheet, covers[column], row, column))}
        yield _Line(row + 1, texts, above)


_Covers = dict[int, list[tuple[int, int]]]
"""By column, the first and last rows of its cells that are merged downwards, rising."""


def _covers(sheet: SheetCells) -> _Covers:
    found: _Covers = {}
    for box in sorted(sheet.merges):
        if box.bottom > box.top and box.left < _MOST_COLUMNS:
            found.setdefault(box.left, []).append((box.top, box.bottom))
    return found


def _covering(sheet: SheetCells, rows: list[tuple[int, int]], row: int, column: int) -> str:
    """Return the text of the merged cells whose first lies above this row, "" where there are none."""
    at = bisect_right(rows, (row, -1)) - 1
    covered = at >= 0 and rows[at][1] >= row
    return _text(sheet.cell(rows[at][0], column)) if covered else ""


def _text(cell: Cell) -> str:
    """Return a workbook's cell as the text that a CSV file would hold; an error as it is shown."""
    value = cell.value
    if cell.error or value is None:
        return cell.error or cell.formula
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _tables(sources: Sequence[_Source]) -> CampaignTables:
    """Return the tables that the files or sheets are by their names, each missing one with what may be it."""
    own = {s.name: [one for one in sources if key(one.name) in _names(s)] for s in SCHEMAS}
    strange = [one for one in sources if not any(one in found for found in own.values())]
    tables = {}
    for schema in SCHEMAS:
        if found := own[schema.name]:
            first, *others = sorted(found, key=lambda one: key(one.name) != key(schema.name))
            tables[schema.name] = _table(schema, first, others)
        elif near := _meant(schema, strange):
            tables[schema.name] = Table(name=schema.name, place=near.place, misnamed=True)
    return tables


def _names(schema: Schema[Any]) -> tuple[str, str]:
    return key(schema.name), key(schema.title)


def _meant(schema: Schema[Any], strange: Sequence[_Source]) -> _Source | None:
    """Return what may be the table that is missing: by its columns, or by its name if it is needed."""
    needed = [{key(c.name), key(c.title)} for c in schema.columns if c.filled]
    alike = next((s for s in strange if all(names & s.headings() for names in needed)), None)
    if alike or schema.may_be_missing:
        return alike
    by_name = {s.name: s for s in strange}
    near = nearest(schema.title, by_name) or nearest(schema.name, by_name, 0.7)
    return by_name.get(near)


def _table(schema: Schema[Any], source: _Source, others: Sequence[_Source]) -> Table:
    lines = source.lines()
    first = next(lines, _Line(0, ()))
    headings = tuple(_heading(schema, text) for text in first.texts)
    rest = [line for line in lines if any(text.strip() for text in line.texts)]
    english = {column.name for column in schema.columns}
    unnamed = {
        column
        for line in rest
        for column, text in enumerate(line.texts)
        if text.strip() and not (column < len(headings) and headings[column])
    }
    return Table(
        name=schema.name,
        place=source.place,
        headings=headings,
        rows=tuple(_row(schema, headings, line) for line in rest),
        chinese=not any(shown(text) in english for text in first.texts),
        unnamed=tuple(re.sub(r"\d", "", address(0, column)) for column in sorted(unnamed)),
        others=tuple(other.place for other in others),
    )


def _heading(schema: Schema[Any], text: str) -> str:
    """Return the column's name, of 「标准分（100分）」 that of 标准分; an unknown heading as shown."""
    known = {key(name): column.name for column in schema.columns for name in (column.name, column.title)}
    found = known.get(key(text)) or known.get(re.sub(r"\(.*", "", key(text)))
    return found or shown(text)


def _row(schema: Schema[Any], headings: Sequence[str], line: _Line) -> Row:
    """Return a row by its headings; the empty cells at its end are not written."""
    texts = [*line.texts, *[""] * (len(headings) - len(line.texts))]
    merged = {column.name for column in schema.columns if column.merged}
    cells = {
        heading: seen(text).strip() or (seen(line.above.get(column, "")).strip() if heading in merged else "")
        for column, (heading, text) in enumerate(zip(headings, texts, strict=False))
        if heading
    }
    return Row(line.number, cells)


def setting_name(row: Row) -> str:
    """Return the name of the setting that a row of the settings states, "" of any other row."""
    return SETTING_BY_KEY.get(key(row.cells.get("setting", "")), "")
