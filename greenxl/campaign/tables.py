"""The tables of a campaign as texts: CSV files in a folder or sheets of one workbook, one loader.

The first row of a table is its header. A heading is the English key or the Chinese title of a column
(:mod:`greenxl.campaign.schemas`), so that a clerk's workbook reads Chinese and a script's CSV stays ASCII.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from greenxl.campaign.schemas import SCHEMAS, Schema
from greenxl.campaign.settings import SETTING_BY_KEY
from greenxl.errors import CampaignError
from greenxl.findings import Finding, finding
from greenxl.names import key, shown
from greenxl.workbooks.cells import Cell, SheetCells
from greenxl.workbooks.opening import open_file

_SHIPPED = "huantai-2021"
WORKBOOK = "campaign.xlsx"
"""The name of a round folder's campaign."""
_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods"}
_MOST_COLUMNS = 100
"""Of a table; what stands further right is none of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, its cells by the name of their column."""

    number: int
    """As a spreadsheet counts: the header is row 1."""
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was found, empty rows left out."""

    name: str
    place: str
    """The file or sheet that a fault names."""
    headings: tuple[str, ...]
    """Names of the columns, of those that are not known the heading as it was found."""
    rows: tuple[Row, ...]


CampaignTables = dict[str, Table]
"""By the name of their schema; one that was not found is left out."""


def shipped() -> Traversable:
    """Return the folder of the shipped Huantai campaign."""
    return resources.files("greenxl.templates") / _SHIPPED


def read_tables(path: Path | Traversable) -> CampaignTables:
    """Return the raw tables at ``path``, text in every cell, empty rows left out.

    :raises CampaignError: nothing there can be read as tables.
    """
    if path.is_dir():
        book = path / WORKBOOK
        return _read_workbook(book) if book.is_file() else _read_folder(path)
    if not path.is_file():
        raise CampaignError(finding("campaign-missing", str(path)).line())
    if Path(path.name).suffix.lower() not in _SUFFIXES:
        raise CampaignError(finding("campaign-suffix", str(path)).line())
    return _read_workbook(path)


def _read_folder(folder: Path | Traversable) -> CampaignTables:
    tables = {}
    for schema in SCHEMAS:
        for name in (schema.name, schema.title):
            file = folder / f"{name}.csv"
            if file.is_file():
                tables[schema.name] = _table(
                    schema, file.name, enumerate(csv.reader(io.StringIO(_decode(file), newline="")), 1)
                )
                break
    return tables


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
        raise CampaignError(finding("campaign-unreadable", str(path), found=book.message()).line())
    sheets = {key(sheet.name): sheet for sheet in book.cells.sheets}
    tables = {}
    for schema in SCHEMAS:
        sheet = sheets.get(key(schema.name)) or sheets.get(key(schema.title))
        if sheet:
            tables[schema.name] = _table(schema, sheet.name, _lines(sheet))
    return tables


def _lines(sheet: SheetCells) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each row and its texts; a value far to the right is none of a table's."""
    for row, line in sheet.rows.items():
        columns = min(max(line, default=-1) + 1, _MOST_COLUMNS)
        yield row + 1, [_text(sheet.cell(row, column)) for column in range(columns)]


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


def _table(schema: Schema[Any], place: str, lines: Iterator[tuple[int, list[str]]]) -> Table:
    known = {key(name): column.name for column in schema.columns for name in (column.name, column.title)}
    _number, first = next(lines, (0, []))
    headings = tuple(known.get(key(cell), shown(cell)) for cell in first)
    rows = tuple(
        Row(number, {heading: cell.strip() for heading, cell in _by_heading(headings, line) if heading})
        for number, line in lines
        if any(cell.strip() for cell in line)
    )
    return Table(schema.name, place, headings, rows)


def _by_heading(headings: tuple[str, ...], line: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the cell below every heading: the empty ones at a row's end are not written."""
    return zip(headings, line + [""] * (len(headings) - len(line)), strict=False)


def with_year(tables: CampaignTables, year: int) -> CampaignTables:
    """Return the tables of the same campaign for another year; a stated deadline moves with it."""

    def moved(row: Row) -> Row:
        name = SETTING_BY_KEY.get(key(row.cells.get("setting", "")))
        value = row.cells.get("value", "")
        if name == "year":
            value = str(year)
        elif name == "deadline" and value:
            value = re.sub(r"^\d{4}", str(year), value)
        return Row(row.number, {**row.cells, "value": value})

    settings = tables.get("settings")
    if settings is None:
        return tables
    return {**tables, "settings": replace(settings, rows=tuple(map(moved, settings.rows)))}
