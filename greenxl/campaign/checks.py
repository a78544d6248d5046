"""The checks that make a campaign of its tables: every fault is found before it is refused."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from greenxl.campaign.model import (
    Campaign,
    Community,
    Criterion,
    Fonts,
    Group,
    Labels,
    Mail,
    Recipient,
    Role,
    Town,
)
from greenxl.campaign.tables import SCHEMAS, SETTING_BY_KEY, SETTINGS, Row, Schema, Table, read_tables
from greenxl.errors import CampaignError
from greenxl.findings import Finding, finding
from greenxl.names import key, one_line, shown

_ROLES: dict[str, Role] = {
    "leadership": "leadership",
    "领导": "leadership",
    "authority": "authority",
    "主管部门": "authority",
}
_TITLES = {setting.name: setting.title for setting in SETTINGS}
_YES = {"是", "y", "yes", "1", "true", "试点", "√"}
_NO = {"", "否", "n", "no", "0", "false"}
_EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']+")


class Faults:
    """Collects what is wrong with the tables, each fault with its table and row."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def add(self, place: str, row: int | None, code: str, found: object = "", **values: Any) -> None:
        self.found.append(finding(code, place, found=str(found), row=row, **values))


def load(path: Path | Traversable) -> Campaign:
    """Return the campaign in a folder of CSV files or a workbook.

    :raises CampaignError: it cannot be read, or something in it is wrong (all faults at once).
    """
    return parse(read_tables(path), str(path))


def parse(tables: Mapping[str, Table], source: str) -> Campaign:
    """Return the campaign that the tables describe; ``source`` names it in the error.

    :raises CampaignError: with every fault of every table.
    """
    faults = Faults()
    usable = {schema.name: _checked(tables.get(schema.name), schema, faults) for schema in SCHEMAS}
    settings = _settings(usable["settings"], faults)
    groups = _groups(
        usable["standard"], _departments(usable["departments"], usable["standard"], faults), faults
    )
    towns = _towns(usable["towns"], faults)
    communities = _communities(usable["roster"], towns, faults)
    towns = _towns_in_use(towns, communities, usable["towns"], faults)
    targets = _targets(usable["targets"], faults)
    recipients = _recipients(usable["recipients"], faults)
    campaign = _campaign(settings, groups, towns, communities, targets, recipients, faults)
    if campaign is None or faults.found:
        raise CampaignError(finding("campaign-unusable", source).line(), tuple(faults.found))
    return campaign


def _checked(table: Table | None, schema: Schema, faults: Faults) -> Table:
    """Return a table whose columns all stand; rows that lack a needed value are told and left out."""
    if table is None:
        faults.add(schema.name, None, "table-missing", title=schema.title, name=schema.name)
        return Table(schema.name, schema.name, (), ())
    missing = [c for c in schema.columns if c.name not in table.headings]
    for column in missing:
        faults.add(table.place, 1, "column-missing", name=column.name, title=column.title)
    if missing:
        return replace(table, rows=())
    if not table.rows and schema.name not in ("targets", "recipients", "departments"):
        faults.add(table.place, None, "table-empty")
    good = []
    for row in table.rows:
        empty = [c for c in schema.columns if c.filled and not row.cells.get(c.name)]
        for column in empty:
            faults.add(table.place, row.number, "value-missing", name=column.name, title=column.title)
        if not empty:
            good.append(Row(row.number, {c.name: row.cells.get(c.name, "") for c in schema.columns}))
    return replace(table, rows=tuple(good))


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    row: int | None


class _Settings:
    def __init__(self, table: Table, values: dict[str, _Value]) -> None:
        self.place = table.place
        self.values = values

    def __getitem__(self, name: str) -> str:
        return self.values[name].text

    def row(self, name: str) -> int | None:
        return self.values[name].row


def _settings(table: Table, faults: Faults) -> _Settings:
    values: dict[str, _Value] = {}
    for row in table.rows:
        name = SETTING_BY_KEY.get(key(row.cells["setting"]))
        if name is None:
            faults.add(table.place, row.number, "setting-unknown", name=row.cells["setting"])
        elif name in values:
            faults.add(table.place, row.number, "setting-twice", name=row.cells["setting"])
        else:
            values[name] = _Value(row.cells["value"], row.number)
    for setting in SETTINGS:
        value = values.get(setting.name)
        if value is None or not value.text:
            if setting.default is None and table.headings:
                faults.add(
                    table.place,
                    value.row if value else None,
                    "setting-missing",
                    name=setting.name,
                    title=setting.title,
                )
            values[setting.name] = _Value(setting.default or "", value.row if value else None)
    return _Settings(table, values)


def _departments(table: Table, standard: Table, faults: Faults) -> dict[str, tuple[str, ...]]:
    groups = {key(row.cells["group"]) for row in standard.rows}
    found: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        name = key(row.cells["group"])
        if standard.rows and name not in groups:
            faults.add(table.place, row.number, "group-unknown", name=one_line(row.cells["group"]))
        elif name in found:
            faults.add(table.place, row.number, "group-twice", name=one_line(row.cells["group"]))
        found[name] = _list(row.cells["departments"])
    return found


def _list(text: str) -> tuple[str, ...]:
    return tuple(shown(part) for part in re.split(r"[、，,;；\n]", text) if part.strip())


def _groups(table: Table, departments: Mapping[str, tuple[str, ...]], faults: Faults) -> tuple[Group, ...]:
    names: list[str] = []
    criteria: list[list[Criterion]] = []
    texts: dict[str, int] = {}
    for position, row in enumerate(table.rows, 1):
        name = row.cells["group"]
        if not names or key(name) != key(names[-1]):
            if key(name) in map(key, names):
                faults.add(table.place, row.number, "group-split", name=one_line(name))
            names.append(name)
            criteria.append([])
        number = _integer(row.cells["number"])
        if number != position:
            faults.add(table.place, row.number, "number-gap", found=row.cells["number"], wanted=position)
        points = _decimal(row.cells["points"])
        if points is None or points <= 0:
            faults.add(table.place, row.number, "points-bad", found=row.cells["points"])
            points = Decimal(0)
        if key(row.cells["criterion"]) in texts:
            faults.add(
                table.place, row.number, "standard-criterion-twice", other=texts[key(row.cells["criterion"])]
            )
        texts[key(row.cells["criterion"])] = row.number
        criteria[-1].append(Criterion(position, len(names) - 1, row.cells["criterion"], points))
    return tuple(
        Group(n, departments.get(key(n), ()), tuple(c)) for n, c in zip(names, criteria, strict=True)
    )


def _integer(text: str) -> int | None:
    text = unicodedata.normalize("NFKC", text)
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _decimal(text: str) -> Decimal | None:
    text = unicodedata.normalize("NFKC", text)
    return Decimal(text) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", text) else None


def _towns(table: Table, faults: Faults) -> tuple[Town, ...]:
    found: list[tuple[int, Town]] = []
    names: dict[str, int] = {}
    for row in table.rows:
        cells = row.cells
        order = _integer(cells["order"])
        if order is None:
            faults.add(table.place, row.number, "order-bad", found=cells["order"])
        if cells["email"]:
            _check_email(cells["email"], table.place, row.number, faults)
        total = _integer(cells["urban_total"])
        if cells["urban_total"] and not total:
            faults.add(table.place, row.number, "urban-total-bad", found=cells["urban_total"])
        town = Town(shown(cells["town"]), _list(cells["aliases"]), total, cells["contact"], cells["email"])
        for name in dict.fromkeys(key(n) for n in (town.name, *town.aliases)):
            if name in names:
                faults.add(table.place, row.number, "town-twice", name=name, other=names[name])
            names[name] = row.number
        found.append((order or 0, town))
    return tuple(town for _order, town in sorted(found, key=lambda pair: pair[0]))


def _communities(table: Table, towns: tuple[Town, ...], faults: Faults) -> tuple[Community, ...]:
    known = {key(name): town.name for town in towns for name in (town.name, *town.aliases)}
    found: list[Community] = []
    numbers: dict[int, int] = {}
    names: dict[tuple[str, str], int] = {}
    for row in table.rows:
        cells = row.cells
        number = _integer(cells["number"])
        if number is None:
            faults.add(table.place, row.number, "number-bad", found=cells["number"])
        elif number in numbers:
            faults.add(table.place, row.number, "number-taken", found=number, other=numbers[number])
        town = known.get(key(cells["town"]))
        if town is None and towns:
            faults.add(table.place, row.number, "roster-town-unknown", name=cells["town"])
        if key(cells["pilot"]) not in _YES | _NO:
            faults.add(table.place, row.number, "pilot-bad", found=cells["pilot"])
        community = Community(
            number or 0,
            town or shown(cells["town"]),
            shown(cells["community"]),
            key(cells["pilot"]) in _YES,
            _list(cells["aliases"]),
        )
        numbers[community.number] = row.number
        for name in dict.fromkeys(key(n) for n in (community.name, *community.aliases)):
            if (community.town, name) in names:
                faults.add(
                    table.place,
                    row.number,
                    "roster-community-twice",
                    name=community.name,
                    town=community.town,
                    other=names[community.town, name],
                )
            names[community.town, name] = row.number
        found.append(community)
    return tuple(sorted(found, key=lambda c: c.number))


def _towns_in_use(
    towns: tuple[Town, ...], communities: tuple[Community, ...], table: Table, faults: Faults
) -> tuple[Town, ...]:
    for row in table.rows:
        name = shown(row.cells["town"])
        listed = sum(c.town == name for c in communities)
        if communities and not listed:
            faults.add(table.place, row.number, "town-unused", name=name)
        total = _integer(row.cells["urban_total"])
        if total and total < listed:
            faults.add(table.place, row.number, "urban-total-low", total=total, listed=listed)
    return towns


def _targets(table: Table, faults: Faults) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = {}
    for row in table.rows:
        year, percent = _integer(row.cells["year"]), _integer(row.cells["percent"])
        if year is None or not 1900 <= year <= 9999:
            faults.add(table.place, row.number, "year-bad", found=row.cells["year"])
        elif year in found:
            faults.add(table.place, row.number, "year-twice", year=year)
        if percent is None or not 1 <= percent <= 100:
            faults.add(table.place, row.number, "percent-bad", found=row.cells["percent"])
        found[year or 0] = percent or 0
    return tuple(sorted(found.items()))


def _recipients(table: Table, faults: Faults) -> tuple[Recipient, ...]:
    found = []
    for row in table.rows:
        role = _ROLES.get(key(row.cells["role"]))
        if role is None:
            faults.add(table.place, row.number, "role-bad", found=row.cells["role"])
        if row.cells["email"]:
            _check_email(row.cells["email"], table.place, row.number, faults)
        found.append(Recipient(row.cells["name"], row.cells["email"], role or "leadership"))
    return tuple(found)


def _check_email(address: str, place: str, row: int, faults: Faults) -> None:
    if not _EMAIL.fullmatch(address):
        faults.add(place, row, "email-bad", address=address)


def _campaign(
    settings: _Settings,
    groups: tuple[Group, ...],
    towns: tuple[Town, ...],
    communities: tuple[Community, ...],
    targets: tuple[tuple[int, int], ...],
    recipients: tuple[Recipient, ...],
    faults: Faults,
) -> Campaign | None:
    year = _integer(settings["year"])
    if settings["year"] and (year is None or not 1900 <= year <= 9999):
        faults.add(settings.place, settings.row("year"), "year-bad", found=settings["year"])
    if settings["code"] and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", settings["code"]):
        faults.add(settings.place, settings.row("code"), "code-bad", found=settings["code"])
    total = sum((g.points for g in groups), Decimal(0))
    scores = {}
    for name in ("max_score", "pass_score"):
        scores[name] = _decimal(settings[name])
        if settings[name] and not scores[name]:
            named = {"name": name, "title": _TITLES[name]}
            faults.add(settings.place, settings.row(name), "score-bad", **named, found=settings[name])
    stated, passing = scores["max_score"], scores["pass_score"]
    every_point_known = all(c.points for g in groups for c in g.criteria)
    if stated and groups and every_point_known and stated != total:
        faults.add(
            settings.place, settings.row("max_score"), "stated-total-differs", stated=stated, total=total
        )
    if passing and stated and passing > stated:
        faults.add(
            settings.place, settings.row("pass_score"), "pass-score-high", passing=passing, stated=stated
        )
    deadline = _date(settings["deadline"]) if settings["deadline"] else year and date(year, 9, 30)
    if not deadline and year:
        faults.add(settings.place, settings.row("deadline"), "deadline-bad", found=settings["deadline"])
    if not (year and passing and deadline and groups and communities):
        return None
    return Campaign(
        code=settings["code"],
        title=settings["title"],
        county=settings["county"],
        authority=settings["authority"],
        year=year,
        pass_score=passing,
        deadline=deadline,
        note=settings["note"],
        return_to=settings["return_to"],
        labels=Labels(
            *(settings[f"label_{name}"] for name in ("group", "standard", "points", "score", "total"))
        ),
        fonts=Fonts(settings["font_title"], settings["font_body"]),
        groups=groups,
        towns=towns,
        communities=communities,
        targets=targets,
        recipients=recipients,
        mail=Mail(*(settings[f"mail_{name}"] for name in ("server", "user", "sender", "imap"))),
    )


def _date(text: str) -> date | None:
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", unicodedata.normalize("NFKC", text))
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
