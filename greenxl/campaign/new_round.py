"""The campaign.xlsx that a round begins with: a copy of another campaign, for another year if need be."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from greenxl.campaign.checks import campaign_of
from greenxl.campaign.copying import Change, Changes, NotCopiedError, changed, formula_cells
from greenxl.campaign.model import Campaign
from greenxl.campaign.parsers import Fault, day
from greenxl.campaign.schemas import SETTINGS_TABLE, TARGETS
from greenxl.campaign.settings import SETTING_BY_NAME
from greenxl.campaign.tables import (
    CampaignTables,
    Row,
    Table,
    campaign_file,
    read_tables,
    setting_name,
    tables_of,
)
from greenxl.campaign.workbook import campaign_workbook
from greenxl.errors import CampaignError
from greenxl.findings import Finding, finding
from greenxl.workbooks.cells import address
from greenxl.workbooks.opening import Workbook, open_workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCampaign:
    """A campaign workbook in the making."""

    data: bytes
    """Of the .xlsx file."""
    campaign: Campaign
    """What it says."""
    warnings: tuple[Finding, ...]
    """What its user has to know or to correct, to be printed once."""


def campaign_data(source: Path | Traversable, year: int | None = None) -> NewCampaign:
    """Return the campaign workbook of a new round.

    ``source`` is a campaign workbook, a folder of CSV files or a round's folder. Of an .xlsx workbook all
    stays that openpyxl can keep, and without another year every byte; others are written as a fresh one.

    :raises CampaignError: the source cannot be read, or something in it is wrong.
    """
    source = campaign_file(source)
    tables = read_tables(source)
    wanted = with_year(tables, year) if year else tables
    campaign = campaign_of(wanted, str(source))
    found = tuple(_other_years(tables, wanted))
    if source.is_dir():
        return NewCampaign(data=campaign_workbook(wanted), campaign=campaign, warnings=found)
    try:
        data, more = _copy(source, tables, wanted)
    except NotCopiedError as error:
        data, more = campaign_workbook(wanted), [finding("copy-written-anew", str(source), what=error.what)]
    return NewCampaign(data=data, campaign=campaign, warnings=(*more, *found))


def with_year(tables: CampaignTables, year: int) -> CampaignTables:
    """Return the tables of a campaign for another year; a stated deadline moves by as many years."""
    settings = tables.get(SETTINGS_TABLE.name)
    if settings is None:
        return tables
    stated = _stated(tables)
    before = _year(stated)
    if before == year:
        return tables
    moved = {"year": str(year)}
    if before and stated.get("deadline"):
        moved["deadline"] = _moved(stated["deadline"], year - before)
    rows = (
        Row(row.number, {**row.cells, "value": moved.get(setting_name(row), row.cells.get("value", ""))})
        for row in settings.rows
    )
    return {**tables, SETTINGS_TABLE.name: replace(settings, rows=tuple(rows))}


def _moved(deadline: str, years: int) -> str:
    """Return a date, written as before, some years later; of 29 February the 28th where it has none."""
    then = day("")(deadline)
    if isinstance(then, Fault):
        return deadline
    year = f"{then.year + years:04d}"
    written = re.sub(r"^\d{4}", year, deadline)
    return written if isinstance(day("")(written), date) else f"{year}-02-28"


def _copy(
    source: Path | Traversable, tables: CampaignTables, wanted: CampaignTables
) -> tuple[bytes, list[Finding]]:
    """Return the workbook with the new year, and what is to be said of that.

    :raises NotCopiedError: it has to be written anew.
    """
    data = source.read_bytes()
    book = open_workbook(source.name, data)
    if not isinstance(book, Workbook) or book.kind != "xlsx":
        raise NotCopiedError(source.name)
    formulas = formula_cells(book.cells, [table.place for table in tables.values()])
    changes = _changes(tables, wanted, set(formulas))
    if not changes:
        return data, []
    new = changed(source.name, data, changes)
    if not formulas or _says_the_same(source.name, new, wanted):
        return new, []
    left = [place for place in formulas if place not in {_place(*cell) for cell in changes}]
    return new, [finding("copy-formulas", found=left)]


def _says_the_same(name: str, data: bytes, wanted: CampaignTables) -> bool:
    """Whether a copied workbook is that campaign though its formulas have lost their values."""
    book = open_workbook(name, data)
    try:
        if not isinstance(book, Workbook):
            return False
        return campaign_of(tables_of(book.cells), name).contents() == campaign_of(wanted, name).contents()
    except CampaignError:
        return False


def _changes(tables: CampaignTables, wanted: CampaignTables, formulas: set[str]) -> Changes:
    """Return the cells of the settings that the year changes; a deadline that is a formula stays one."""
    before, after = tables[SETTINGS_TABLE.name], wanted[SETTINGS_TABLE.name]
    column = before.headings.index("value")
    found: dict[tuple[str, int, int], Change] = {}
    for old, new in zip(before.rows, after.rows, strict=True):
        cell = before.place, old.number - 1, column
        if old != new and (setting_name(new) == "year" or _place(*cell) not in formulas):
            found[cell] = _typed(new)
    return found


def _typed(row: Row) -> Change:
    """Return the value of a setting: a number, a date, or the text itself."""
    text = row.cells["value"]
    value = SETTING_BY_NAME[setting_name(row)].parse(text)
    return text if isinstance(value, Fault) else value


def _place(sheet: str, row: int, column: int) -> str:
    return f"{sheet}!{address(row, column)}"


def _other_years(tables: CampaignTables, wanted: CampaignTables) -> Iterator[Finding]:
    """Yield that the deadline was moved, and where the old year is written in words, which nobody changes."""
    before, after = _stated(tables), _stated(wanted)
    old = _year(before)
    if old == _year(after):
        return
    place = tables[SETTINGS_TABLE.name].place
    if before.get("deadline"):
        yield finding("copy-deadline", place, found=after["deadline"])
    written = [
        where
        for table in wanted.values()
        if table.name != TARGETS.name
        for where in _written_in(table, str(old))
    ]
    if old and written:
        yield finding("copy-old-year", found=written, year=old)


def _stated(tables: CampaignTables) -> dict[str, str]:
    settings = tables.get(SETTINGS_TABLE.name)
    rows = settings.rows if settings else ()
    return {setting_name(row): row.cells.get("value", "") for row in rows}


def _year(stated: Mapping[str, str]) -> int | None:
    """Return the year among the values of settings, None where it is none."""
    value = SETTING_BY_NAME["year"].parse(stated.get("year", ""))
    return value if isinstance(value, int) else None


def _written_in(table: Table, year: str) -> Iterator[str]:
    """Yield the cells of a table whose text holds a year."""
    for row in table.rows:
        if setting_name(row) in ("year", "deadline"):
            continue
        for name, text in row.cells.items():
            if re.search(rf"(?<!\d){re.escape(year)}(?!\d)", text):
                yield _place(table.place, row.number - 1, table.headings.index(name))
