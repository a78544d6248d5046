"""The checks that make a campaign of its tables: every fault is found before it is refused.

What a single value may be is declared with its column or setting (:mod:`greenxl.campaign.schemas`,
:mod:`greenxl.campaign.settings`); here is what several values have to do with each other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from greenxl.campaign.model import Campaign, Community, Criterion, Group, Recipient, Role, Town
from greenxl.campaign.parsers import Fault, whole_number
from greenxl.campaign.schemas import (
    DEPARTMENTS,
    RECIPIENTS,
    ROSTER,
    SCHEMAS,
    SETTINGS_TABLE,
    STANDARD,
    TARGETS,
    TOWNS,
    Column,
    R,
    RosterRow,
    Schema,
    SettingRow,
    TownRow,
)
from greenxl.campaign.settings import SETTING_BY_KEY, SETTINGS, Setting, arguments
from greenxl.campaign.tables import CampaignTables, Row, Table, read_tables
from greenxl.errors import CampaignError
from greenxl.findings import Finding, finding
from greenxl.names import key, one_line, shown


def load(path: Path | Traversable) -> Campaign:
    """Return the campaign in a folder of CSV files or a workbook.

    :raises CampaignError: it cannot be read, or something in it is wrong (all faults at once).
    """
    return campaign_of(read_tables(path), str(path))


def campaign_of(tables: CampaignTables, source: str) -> Campaign:
    """Return the campaign that the tables describe; ``source`` names it in the error.

    :raises CampaignError: with every fault of every table.
    """
    checks = _Checks(tables)
    stated = _stated(checks)
    groups = _groups(checks, _departments(checks))
    town_rows = list(checks.rows(TOWNS))
    towns = _towns(checks, town_rows)
    communities = _communities(checks, towns)
    _check_towns(checks, town_rows, communities)
    targets = _targets(checks)
    recipients = _recipients(checks)
    settings = _settings(checks, stated, groups)
    if checks.faults:
        raise CampaignError(finding("campaign-unusable", source).line(), tuple(checks.faults))
    return Campaign(
        **arguments(settings),
        groups=groups,
        towns=towns,
        communities=communities,
        targets=targets,
        recipients=recipients,
    )


class _Checks:
    """The tables as far as they can be used, and the faults found so far."""

    def __init__(self, tables: CampaignTables) -> None:
        self.faults: list[Finding] = []
        self.tables: CampaignTables = {}
        for schema in SCHEMAS:
            table = tables.get(schema.name, Table(schema.name, schema.name, (), ()))
            self.tables[schema.name] = table
            if schema.name in tables:
                self.tables[schema.name] = self._usable(table, schema)
            else:
                self.fault(schema, None, "table-missing", title=schema.title, name=schema.name)

    def rows(self, schema: Schema[R]) -> Iterator[R]:
        """Yield the usable rows of a table; what cannot be a value is a fault, and None in the record."""
        for row in self.tables[schema.name].rows:
            values = {c.name: self.value(schema, row.number, row.cells[c.name], c) for c in schema.columns}
            yield schema.record(line=row.number, **values)

    def value(self, schema: Schema[Any], line: int | None, text: str, declared: Column | Setting) -> Any:
        """Return what a cell's text means, None where that is a fault."""
        value = declared.parse(text)
        if not isinstance(value, Fault):
            return value
        self.fault(schema, line, value.code, text, name=declared.name, title=declared.title)
        return None

    def fault(
        self, schema: Schema[Any], line: int | None, code: str, found: object = "", **values: Any
    ) -> None:
        """Add a fault, placed in a row of a table or in the table as a whole."""
        place = self.tables[schema.name].place
        self.faults.append(finding(code, place, found=str(found), row=line, **values))

    def _usable(self, table: Table, schema: Schema[Any]) -> Table:
        """Return a table of all its columns; rows that lack a needed value are faults, and left out."""
        missing = [column for column in schema.columns if column.name not in table.headings]
        for column in missing:
            self.fault(schema, 1, "column-missing", name=column.name, title=column.title)
        if missing:
            return replace(table, rows=())
        if not table.rows and not schema.may_be_empty:
            self.fault(schema, None, "table-empty")
        return replace(table, rows=tuple(row for row in table.rows if self._is_filled(row, schema)))

    def _is_filled(self, row: Row, schema: Schema[Any]) -> bool:
        empty = [column for column in schema.columns if column.filled and not row.cells.get(column.name)]
        for column in empty:
            self.fault(schema, row.number, "value-missing", name=column.name, title=column.title)
        return not empty


def _stated(checks: _Checks) -> dict[str, SettingRow]:
    """Return the rows of the settings by name; those that must be there and are not are faults."""
    stated: dict[str, SettingRow] = {}
    for row in checks.rows(SETTINGS_TABLE):
        name = SETTING_BY_KEY.get(key(row.setting))
        if name is None:
            checks.fault(SETTINGS_TABLE, row.line, "setting-unknown", name=row.setting)
        elif name in stated:
            checks.fault(SETTINGS_TABLE, row.line, "setting-twice", name=row.setting)
        else:
            stated[name] = row
    for setting in SETTINGS if checks.tables[SETTINGS_TABLE.name].headings else ():
        if setting.default is None and not _text(setting, stated):
            line = _line(setting.name, stated)
            checks.fault(SETTINGS_TABLE, line, "setting-missing", name=setting.name, title=setting.title)
    return stated


def _text(setting: Setting, stated: Mapping[str, SettingRow]) -> str:
    row = stated.get(setting.name)
    return (row.value if row else "") or setting.default or ""


def _line(name: str, stated: Mapping[str, SettingRow]) -> int | None:
    row = stated.get(name)
    return row.line if row else None


def _departments(checks: _Checks) -> dict[str, tuple[str, ...]]:
    """Return the departments by the key of their group's name."""
    groups = {key(row.cells["group"]) for row in checks.tables[STANDARD.name].rows}
    found: dict[str, tuple[str, ...]] = {}
    for row in checks.rows(DEPARTMENTS):
        name = key(row.group)
        if groups and name not in groups:
            checks.fault(DEPARTMENTS, row.line, "group-unknown", name=one_line(row.group))
        elif name in found:
            checks.fault(DEPARTMENTS, row.line, "group-twice", name=one_line(row.group))
        found[name] = row.departments
    return found


_counted = whole_number("number-gap")


def _groups(checks: _Checks, departments: Mapping[str, tuple[str, ...]]) -> tuple[Group, ...]:
    names: list[str] = []
    criteria: list[list[Criterion]] = []
    lines: dict[str, int] = {}
    for number, row in enumerate(checks.rows(STANDARD), 1):
        if not names or key(row.group) != key(names[-1]):
            if key(row.group) in map(key, names):
                checks.fault(STANDARD, row.line, "group-split", name=one_line(row.group))
            names.append(row.group)
            criteria.append([])
        if _counted(row.number) != number:
            checks.fault(STANDARD, row.line, "number-gap", row.number, wanted=number)
        text = key(row.criterion)
        if text in lines:
            checks.fault(STANDARD, row.line, "standard-criterion-twice", other=lines[text])
        lines[text] = row.line
        criteria[-1].append(Criterion(number, len(names) - 1, row.criterion, row.points or Decimal(0)))
    return tuple(
        Group(n, departments.get(key(n), ()), tuple(c)) for n, c in zip(names, criteria, strict=True)
    )


def _towns(checks: _Checks, rows: Iterable[TownRow]) -> tuple[Town, ...]:
    found: list[tuple[int, Town]] = []
    lines: dict[str, int] = {}
    for row in rows:
        for name in dict.fromkeys(map(key, (row.town, *row.aliases))):
            if name in lines:
                checks.fault(TOWNS, row.line, "town-twice", name=name, other=lines[name])
            lines[name] = row.line
        town = Town(
            name=row.town,
            aliases=row.aliases,
            urban_total=row.urban_total,
            contact=row.contact,
            email=row.email,
        )
        found.append((row.order or 0, town))
    return tuple(town for _order, town in sorted(found, key=lambda pair: pair[0]))


def _communities(checks: _Checks, towns: Sequence[Town]) -> tuple[Community, ...]:
    known = {key(name): town.name for town in towns for name in (town.name, *town.aliases)}
    found: list[Community] = []
    numbers: dict[int, int] = {}
    names: dict[tuple[str, str], int] = {}
    for row in checks.rows(ROSTER):
        if row.number is not None:
            if row.number in numbers:
                checks.fault(ROSTER, row.line, "number-taken", row.number, other=numbers[row.number])
            numbers[row.number] = row.line
        town = known.get(key(row.town))
        if town is None and towns:
            checks.fault(ROSTER, row.line, "roster-town-unknown", name=row.town)
        community = _community(row, town)
        for name in dict.fromkeys((community.town, key(n)) for n in (community.name, *community.aliases)):
            if name in names:
                twice = {"name": community.name, "town": community.town, "other": names[name]}
                checks.fault(ROSTER, row.line, "roster-community-twice", **twice)
            names[name] = row.line
        found.append(community)
    return tuple(sorted(found, key=lambda community: community.number))


def _community(row: RosterRow, town: str | None) -> Community:
    return Community(
        number=row.number or 0,
        town=town or shown(row.town),
        name=row.community,
        pilot=bool(row.pilot),
        aliases=row.aliases,
    )


def _check_towns(checks: _Checks, towns: Iterable[TownRow], communities: Sequence[Community]) -> None:
    """Find towns without a community, and more communities than a town states."""
    for row in towns:
        listed = sum(community.town == row.town for community in communities)
        if communities and not listed:
            checks.fault(TOWNS, row.line, "town-unused", name=row.town)
        if row.urban_total is not None and row.urban_total < listed:
            checks.fault(TOWNS, row.line, "urban-total-low", total=row.urban_total, listed=listed)


def _targets(checks: _Checks) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = {}
    for row in checks.rows(TARGETS):
        if row.year is not None and row.year in found:
            checks.fault(TARGETS, row.line, "year-twice", year=row.year)
        found[row.year or 0] = row.percent or 0
    return tuple(sorted(found.items()))


def _recipients(checks: _Checks) -> tuple[Recipient, ...]:
    return tuple(
        Recipient(row.name, row.email, row.role or Role.LEADERSHIP) for row in checks.rows(RECIPIENTS)
    )


def _settings(checks: _Checks, stated: Mapping[str, SettingRow], groups: Sequence[Group]) -> dict[str, Any]:
    """Return the values of the settings by name, None where there is none or it is a fault."""
    values = {}
    for setting in SETTINGS:
        text = _text(setting, stated)
        needed = text or setting.default is not None
        line = _line(setting.name, stated)
        values[setting.name] = checks.value(SETTINGS_TABLE, line, text, setting) if needed else None
    _check_scores(checks, stated, groups, values["max_score"], values["pass_score"])
    if values["year"] and not values["deadline"]:
        values["deadline"] = date(values["year"], 9, 30)
    return values


def _check_scores(
    checks: _Checks,
    stated: Mapping[str, SettingRow],
    groups: Sequence[Group],
    max_score: Decimal | None,
    pass_score: Decimal | None,
) -> None:
    """Hold the stated total against the points of the standard, the pass mark against the total."""
    total = sum((group.points for group in groups), Decimal(0))
    every_point_known = all(criterion.points for group in groups for criterion in group.criteria)
    if max_score and groups and every_point_known and max_score != total:
        line = _line("max_score", stated)
        checks.fault(SETTINGS_TABLE, line, "stated-total-differs", stated=max_score, total=total)
    if pass_score and max_score and pass_score > max_score:
        line = _line("pass_score", stated)
        checks.fault(SETTINGS_TABLE, line, "pass-score-high", passing=pass_score, stated=max_score)
