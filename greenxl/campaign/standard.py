"""The standard as offices type it: groups over several rows, numbers that run on, rows of sums."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from greenxl.campaign.model import SUBTOTAL_LABELS, TOTAL_LABELS, Criterion, Group
from greenxl.campaign.parsers import amount, is_formula
from greenxl.campaign.schemas import DEPARTMENTS, STANDARD, StandardRow
from greenxl.campaign.table_checks import TableChecks
from greenxl.campaign.tables import CampaignTables, Row
from greenxl.names import key, one_line

_TOTALS = {*TOTAL_LABELS, "合计分值", "合计分", "共计", "总分值"}
_SUMS = {*_TOTALS, *SUBTOTAL_LABELS}


@dataclass(frozen=True, slots=True)
class SumRow:
    """A row of the standard that is no criterion but the sum of those above it."""

    line: int
    label: str
    stated: str
    """As it was typed, "" where the cell is empty or its formula has no value."""
    first: int
    """The line from which on it sums."""


def without_sums(tables: CampaignTables) -> tuple[CampaignTables, tuple[SumRow, ...]]:
    """Return the tables without the standard's rows of sums, and those."""
    standard = tables.get(STANDARD.name)
    if standard is None:
        return tables, ()
    sums = {row.number: label for row in standard.rows if (label := _sum_label(row))}
    rows = tuple(row for row in standard.rows if row.number not in sums)
    found = tuple(_sum_rows(standard.rows, sums))
    return {**tables, STANDARD.name: replace(standard, rows=rows)}, found


def _sum_label(row: Row) -> str:
    """Return the label that makes a row one of sums, "" for a criterion."""
    texts = (row.cells.get(name, "") for name in ("group", "number", "criterion"))
    return next((text for text in texts if re.sub(r"\(.*", "", key(text)) in _SUMS), "")


def _sum_rows(rows: Iterable[Row], labels: Mapping[int, str]) -> Iterator[SumRow]:
    first = 0
    for row in rows:
        label = labels.get(row.number)
        if label:
            points = row.cells.get("points", "")
            whole = re.sub(r"\(.*", "", key(label)) in _TOTALS
            stated = "" if is_formula(points) else points
            yield SumRow(row.number, one_line(label), stated, 0 if whole else first)
            first = row.number


def groups_of(checks: TableChecks, rows: Sequence[StandardRow]) -> tuple[Group, ...]:
    """Return the groups of the standard with their criteria and departments."""
    _check_numbers(checks, rows)
    _check_texts(checks, rows)
    names: dict[str, str] = {}
    criteria: dict[str, list[Criterion]] = {}
    last = ""
    for number, row in enumerate(rows, 1):
        name = key(row.group)
        if name in names and name != last:
            checks.fault(STANDARD, row.line, "group-split", name=one_line(row.group))
        last = name
        names.setdefault(name, row.group)
        group = list(names).index(name)
        criteria.setdefault(name, []).append(
            Criterion(number, group, row.criterion, row.points or Decimal(0))
        )
    departments = _departments(checks, names)
    return tuple(Group(names[n], departments.get(n, ()), tuple(criteria[n])) for n in names)


def _check_numbers(checks: TableChecks, rows: Sequence[StandardRow]) -> None:
    """Find the first number that does not follow the one before: the rest would be the same fault again."""
    for wanted, row in enumerate(rows, 1):
        if row.number != wanted:
            checks.fault(STANDARD, row.line, "number-gap", str(row.number), wanted=wanted)
            return


def _check_texts(checks: TableChecks, rows: Iterable[StandardRow]) -> None:
    lines: dict[str, int] = {}
    for row in rows:
        first = lines.setdefault(key(row.criterion), row.line)
        if first != row.line:
            checks.fault(STANDARD, row.line, "standard-criterion-twice", other=first)


def _departments(checks: TableChecks, groups: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the departments by the key of their group's name; all unknown groups are one fault."""
    found: dict[str, tuple[str, ...]] = {}
    unknown: dict[int, str] = {}
    for row in checks.rows(DEPARTMENTS):
        name = key(row.group)
        if groups and name not in groups:
            unknown[row.line] = one_line(row.group)
        elif name in found:
            checks.fault(DEPARTMENTS, row.line, "group-twice", name=one_line(row.group))
        found[name] = row.departments
    if unknown:
        checks.fault(DEPARTMENTS, tuple(unknown), "group-unknown", list(dict.fromkeys(unknown.values())))
    return found


def first_wrong_sum(rows: Iterable[SumRow], standard: Sequence[StandardRow]) -> tuple[SumRow, Decimal] | None:
    """Return the first row of sums whose sum is another than that of the points, and that."""
    for row in rows:
        points = [one.points or Decimal(0) for one in standard if row.first < one.line < row.line]
        total = sum(points, Decimal(0))
        if row.stated and amount("")(row.stated) != total:
            return row, total
    return None
