"""The checks that make a campaign of its tables: every fault is found before it is refused.

What is checked of every table alike is in :mod:`greenxl.campaign.table_checks`, the standard and the settings
have modules of their own; here are towns, communities, targets, grades and recipients, campaigns without
towns, and whether a form can judge itself.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Community, Grade, Group, Kind, Recipient, Role, Town, plain
from greenxl.campaign.parsers import is_formula
from greenxl.campaign.schemas import (
    GRADES,
    RECIPIENTS,
    ROSTER,
    SCHEMA_BY_NAME,
    SETTINGS_TABLE,
    STANDARD,
    TARGETS,
    TOWNS,
    RosterRow,
    TownRow,
)
from greenxl.campaign.settings import arguments
from greenxl.campaign.standard import groups_of, without_sums
from greenxl.campaign.stated import check_columns, check_scores, stated_settings, values_of
from greenxl.campaign.table_checks import TableChecks
from greenxl.campaign.tables import CampaignTables, Row, Table, nearest, read_tables, setting_name
from greenxl.errors import CampaignError
from greenxl.findings import finding
from greenxl.names import key, safe_file_name, shown

_MOST_GRADES = 20
"""Formulas nest one in the other; Excel takes 64 levels."""


def load(path: Path | Traversable) -> Campaign:
    """Return the campaign in a folder of CSV files or a workbook.

    :raises CampaignError: it cannot be read, or something in it is wrong (all faults at once).
    """
    return campaign_of(read_tables(path), str(path))


def campaign_of(tables: CampaignTables, source: str) -> Campaign:
    """Return the campaign that the tables describe; ``source`` names it in the error.

    :raises CampaignError: with every fault of every table.
    """
    given = tables
    tables, sums = without_sums(with_units_as_towns(given))
    checks = TableChecks(tables)
    _check_towns_left(checks, given, tables)
    stated = stated_settings(checks)
    standard = list(checks.rows(STANDARD))
    groups = groups_of(checks, standard)
    town_rows = list(checks.rows(TOWNS))
    towns = _towns(checks, town_rows)
    communities = _communities(checks, towns)
    _check_towns(checks, town_rows, communities)
    targets = _targets(checks)
    recipients = _recipients(checks)
    settings = values_of(checks, stated, groups)
    _check_counties(checks, town_rows, of_units=settings["parent"] == "")
    check_scores(checks, stated, settings, standard, sums)
    check_columns(checks, stated, settings, groups)
    grades = _grades(checks, groups)
    if checks.faults:
        raise CampaignError(finding("campaign-unusable", source).line(), checks.faults)
    campaign = Campaign(
        **arguments(settings),
        groups=groups,
        towns=towns,
        communities=communities,
        targets=targets,
        recipients=recipients,
        grades=grades,
    )
    _check_formulas(checks, campaign)
    if checks.faults:
        raise CampaignError(finding("campaign-unusable", source).line(), checks.faults)
    return campaign


_LONGEST_FORMULA = 8000
"""Characters, of the 8,192 that a spreadsheet takes (Excel specifications and limits)."""


def _check_formulas(checks: TableChecks, campaign: Campaign) -> None:
    """Find a standard so varied that a form cannot judge itself."""
    longest = max(map(len, rules.formulas_of_a_form(campaign, _wide_cells())))
    if longest > _LONGEST_FORMULA:
        checks.fault(STANDARD, None, "form-too-varied", str(longest), most=str(_LONGEST_FORMULA))


def _wide_cells() -> rules.ScoreCells:
    """Return cells whose addresses are as long as any of a form."""

    def cells(first: int, last: int) -> str:
        return f"AA{first + 1000}" if first == last else f"AA{first + 1000}:AA{last + 1000}"

    return rules.ScoreCells(span=cells, points=cells, total="AA9999", veto="AA9999")


def with_units_as_towns(tables: CampaignTables) -> CampaignTables:
    """Return the tables of a campaign without 上级 with each unit as a town of its own, others as they are.

    It is one where 上级 is 无, or left empty while neither roster nor towns name any. Towns that are named
    all the same are left out, which :func:`_check_towns_left` finds.
    """
    settings, roster, towns = (tables.get(one.name) for one in (SETTINGS_TABLE, ROSTER, TOWNS))
    if settings is None or roster is None or not _is_without_parent(settings, roster, towns):
        return tables
    units = {key(name): name for row in roster.rows if (name := shown(row.cells.get("community", "")))}
    own = [row for row in towns.rows if _town(row) in {"", *units}] if towns else []
    known = {_town(row) for row in own}
    own += [Row(0, {"town": name}) for name_key, name in units.items() if name_key not in known]
    return {
        **tables,
        SETTINGS_TABLE.name: _with_parent(settings, "无"),
        ROSTER.name: replace(
            roster,
            headings=(*roster.headings, *(() if "town" in roster.headings else ("town",))),
            rows=tuple(_of_its_own(row) for row in roster.rows),
        ),
        TOWNS.name: replace(
            towns or Table(name=TOWNS.name, place=TOWNS.title, chinese=roster.chinese),
            headings=towns.headings if towns else ("town",),
            rows=tuple(own),
        ),
    }


def _of_its_own(row: Row) -> Row:
    """Return a unit's row with itself as its town."""
    return Row(row.number, {**row.cells, "town": row.cells.get("community", "")})


def _check_towns_left(checks: TableChecks, given: CampaignTables, used: CampaignTables) -> None:
    """Find towns that were typed where 上级 is 无: ``given`` are the tables with them, ``used`` without."""
    for name in (ROSTER.name, TOWNS.name):
        before, after = (tables[name].rows if name in tables else () for tables in (given, used))
        own = {row.number: _town(row) for row in after}
        left = [row for row in before if _town(row) and _town(row) != own.get(row.number)]
        if left:
            names = list(dict.fromkeys(shown(row.cells["town"]) for row in left))
            lines = tuple(row.number for row in left)
            checks.fault(SCHEMA_BY_NAME[name], lines, "parent-without-towns", names)


def _town(row: Row) -> str:
    """Return the key of the town that a row names, "" of none."""
    return key(row.cells.get("town", ""))


def _is_without_parent(settings: Table, roster: Table, towns: Table | None) -> bool:
    stated = next((r.cells.get("value", "") for r in settings.rows if setting_name(r) == "parent"), "")
    named = any(row.cells.get("town") for row in roster.rows)
    return stated == "无" or (not stated and not named and not (towns and (towns.rows or towns.misnamed)))


def _with_parent(settings: Table, value: str) -> Table:
    others = tuple(row for row in settings.rows if setting_name(row) != "parent")
    own = [row for row in settings.rows if setting_name(row) == "parent"]
    line = own[0].number if own else 0
    return replace(settings, rows=(*others, Row(line, {"setting": "parent", "value": value})))


_LONGEST_GRADE = 20
"""Characters of a name that is shown in a narrow column."""


def _grades(checks: TableChecks, groups: Sequence[Group]) -> tuple[Grade, ...]:
    """Return the grades; they fall, and each can be reached."""
    rows = list(checks.rows(GRADES))
    bonus = any(c.kind is Kind.BONUS for group in groups for c in group.criteria)
    full = sum((group.points for group in groups), Decimal(0))
    if len(rows) > _MOST_GRADES:
        checks.fault(GRADES, rows[_MOST_GRADES].line, "grades-many", most=_MOST_GRADES)
    lines: dict[str, int] = {}
    above: Decimal | None = None
    for row in rows:
        checks.check_lengths(GRADES, row, grade=_LONGEST_GRADE)
        first = lines.setdefault(key(row.grade), row.line)
        if first != row.line:
            checks.fault(GRADES, row.line, "grade-twice", row.grade, other=first)
        if row.least is None:
            continue
        if above is not None and row.least >= above:
            checks.fault(GRADES, row.line, "grades-not-falling", plain(row.least), above=plain(above))
        if full and row.least > full and not bonus:
            checks.fault(GRADES, row.line, "grade-high", plain(row.least), stated=plain(full))
        above = row.least
    return tuple(Grade(row.grade, row.least or Decimal(0)) for row in rows)


def _towns(checks: TableChecks, rows: Iterable[TownRow]) -> tuple[Town, ...]:
    found: list[tuple[int, Town]] = []
    first: dict[str, TownRow] = {}
    for row in rows:
        for name in dict.fromkeys(map(key, (row.town, *row.aliases))):
            if name in first:
                _town_twice(checks, row, name, first[name])
            first[name] = row
        town = Town(
            name=row.town,
            aliases=row.aliases,
            urban_total=row.urban_total,
            contact=row.contact,
            email=row.email,
            county=row.county,
        )
        found.append((row.order or 0, town))
    return _by_county([town for _order, town in sorted(found, key=lambda pair: pair[0])])


def _town_twice(checks: TableChecks, row: TownRow, name: str, other: TownRow) -> None:
    """Find a name that means two towns, in two counties each after its own."""
    if key(row.county) == key(other.county):
        checks.fault(TOWNS, row.line, "town-twice", name=name, other=other.line)
        return
    checks.fault(
        TOWNS,
        row.line,
        "town-twice-in-counties",
        name=name,
        other=other.line,
        wanted=f"{row.county}{name}",
        stated=f"{other.county}{name}",
    )


def _by_county(towns: Sequence[Town]) -> tuple[Town, ...]:
    """Return the towns with those of a county together, the counties in the order of their first town.

    A county is called as its first town calls it, however the others space it.
    """
    names: dict[str, str] = {}
    for town in towns:
        names.setdefault(key(town.county), town.county)
    places = {name: place for place, name in enumerate(names)}
    named = [replace(town, county=names[key(town.county)]) for town in towns]
    return tuple(sorted(named, key=lambda town: places[key(town.county)]))


def _check_counties(checks: TableChecks, towns: Sequence[TownRow], *, of_units: bool) -> None:
    """Find counties that only some towns have, or that are named where nothing is above the units."""
    with_county = [row for row in towns if row.county]
    if with_county and of_units:
        lines = tuple(row.line for row in with_county)
        checks.fault(TOWNS, lines, "county-without-towns", list({row.county: 0 for row in with_county}))
        return
    without = [row for row in towns if not row.county]
    if with_county and without:
        lines = tuple(row.line for row in without)
        checks.fault(TOWNS, lines, "county-of-some", [row.town for row in without])


def _communities(checks: TableChecks, towns: Sequence[Town]) -> tuple[Community, ...]:
    known = {key(name): town.name for town in towns for name in (town.name, *town.aliases)}
    found: list[Community] = []
    numbers: dict[int, int] = {}
    names: dict[tuple[str, str], int] = {}
    unknown: dict[str, list[RosterRow]] = {}
    for row in checks.rows(ROSTER):
        if row.number is not None:
            if row.number in numbers:
                checks.fault(ROSTER, row.line, "number-taken", str(row.number), other=numbers[row.number])
            numbers[row.number] = row.line
        town = known.get(key(row.town))
        if town is None and towns and not is_formula(row.town):
            unknown.setdefault(key(row.town), []).append(row)
        community = _community(row, town)
        for name in dict.fromkeys((community.town, key(n)) for n in (community.name, *community.aliases)):
            if name in names:
                other = names[name]
                checks.fault(
                    ROSTER,
                    row.line,
                    "roster-community-twice",
                    name=community.name,
                    town=community.town,
                    other=other,
                )
            names[name] = row.line
        found.append(community)
    _check_unknown_towns(checks, unknown.values(), towns)
    return tuple(sorted(found, key=lambda community: community.number))


def _community(row: RosterRow, town: str | None) -> Community:
    return Community(
        number=row.number or 0,
        town=town or shown(row.town),
        name=row.community,
        pilot=bool(row.pilot),
        aliases=row.aliases,
    )


def _check_unknown_towns(
    checks: TableChecks, unknown: Iterable[Sequence[RosterRow]], towns: Sequence[Town]
) -> None:
    """Make one fault of all the communities of one unknown town."""
    known = [town.name for town in towns]
    for rows in unknown:
        name = shown(rows[0].town)
        near = nearest(name, known) or "、".join(known)
        checks.fault(ROSTER, tuple(row.line for row in rows), "roster-town-unknown", name=name, near=near)


def _check_towns(checks: TableChecks, towns: Sequence[TownRow], communities: Sequence[Community]) -> None:
    """Find towns without a community, more communities than a town states, and names that share a file's."""
    files: dict[str, TownRow] = {}
    used = Counter(community.town for community in communities)
    unused: list[TownRow] = []
    a_town_is_unknown = not used.keys() <= {row.town for row in towns}
    for row in towns:
        other = files.setdefault(safe_file_name(row.town).casefold(), row)
        if other is not row and key(other.town) != key(row.town):
            checks.fault(TOWNS, row.line, "town-file-name", name=row.town, other=other.town)
        listed = used[row.town]
        if communities and not listed and not a_town_is_unknown:
            unused.append(row)
        if row.urban_total is not None and row.urban_total < listed:
            checks.fault(TOWNS, row.line, "urban-total-low", total=row.urban_total, listed=listed)
    if unused:
        lines = tuple(row.line for row in unused)
        checks.fault(TOWNS, lines, "town-unused", [row.town for row in unused])


def _targets(checks: TableChecks) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = {}
    for row in checks.rows(TARGETS):
        if row.year is not None and row.year in found:
            checks.fault(TARGETS, row.line, "year-twice", year=row.year)
        found[row.year or 0] = row.percent or 0
    return tuple(sorted(found.items()))


def _recipients(checks: TableChecks) -> tuple[Recipient, ...]:
    return tuple(
        Recipient(row.name, row.email, row.role or Role.LEADERSHIP) for row in checks.rows(RECIPIENTS)
    )
