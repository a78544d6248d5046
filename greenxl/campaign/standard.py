"""The standard as offices type it: groups over several rows, numbers that run on, rows of sums."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from greenxl.campaign.model import (
    LEAST_SCORE,
    SUBTOTAL_LABELS,
    TOTAL_LABELS,
    Choice,
    Criterion,
    Group,
    Kind,
    plain,
)
from greenxl.campaign.parsers import amount, is_formula
from greenxl.campaign.schemas import DEPARTMENTS, STANDARD, DepartmentsRow, StandardRow
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
    labels = _labels(checks, rows)
    _check_texts(checks, rows)
    names: dict[str, str] = {}
    criteria: dict[str, list[Criterion]] = {}
    last, subgroup = "", ""
    for number, row in enumerate(rows, 1):
        name = key(row.group)
        if name in names and name != last:
            checks.fault(STANDARD, row.line, "group-split", name=one_line(row.group))
        subgroup = row.subgroup or (subgroup if name == last else "")
        last = name
        names.setdefault(name, row.group)
        criterion = _criterion(checks, row, number, labels[number - 1], subgroup)
        criteria.setdefault(name, []).append(replace(criterion, group=list(names).index(name)))
    departments = _departments(checks, names)
    nothing = DepartmentsRow(line=0, group="", departments=(), lead="", minimum=None)
    groups = tuple(_group(names[n], departments.get(n, nothing), criteria[n]) for n in names)
    _check_minimums(checks, departments, groups)
    return groups


def _group(name: str, row: DepartmentsRow, criteria: Iterable[Criterion]) -> Group:
    return Group(name, row.departments, tuple(criteria), minimum=row.minimum, lead=row.lead)


def _criterion(checks: TableChecks, row: StandardRow, number: int, label: str, subgroup: str) -> Criterion:
    """Return the criterion of a row; what in it does not fit its kind is a fault."""
    kind = row.kind or Kind.SCORED
    choices = tuple(Choice(word, score) for word, score in row.choices or ())
    _check_points(checks, row, kind, choices)
    if row.not_applicable and kind in (Kind.BONUS, Kind.DEDUCTION):
        checks.fault(STANDARD, row.line, "not-applicable-kind", kind)
    return Criterion(
        number=number,
        group=0,
        text=row.criterion,
        points=row.points or Decimal(0),
        label=label,
        subgroup=subgroup,
        method=row.method,
        evidence=row.evidence,
        kind=kind,
        veto=_veto(checks, row, kind),
        choices=choices,
        not_applicable=bool(row.not_applicable),
    )


def _check_points(checks: TableChecks, row: StandardRow, kind: Kind, choices: Sequence[Choice]) -> None:
    """Hold the points of a row against its kind and its choices."""
    typed = checks.typed(STANDARD, row.line, "points")
    if kind is Kind.CONDITION:
        if typed or choices:
            checks.fault(STANDARD, row.line, "condition-points", typed)
    elif choices and row.points and max(choice.score for choice in choices) != row.points:
        highest = plain(max(choice.score for choice in choices))
        checks.fault(STANDARD, row.line, "choices-points", plain(row.points), highest=highest)


def _veto(checks: TableChecks, row: StandardRow, kind: Kind) -> Decimal | None:
    """Return the score below which the unit fails; a veto that the kind cannot have is a fault."""
    if row.veto is None:
        return None
    fits = {Kind.SCORED: row.veto != "是", Kind.CONDITION: row.veto == "是"}.get(kind, False)
    if not fits:
        checks.fault(
            STANDARD, row.line, "veto-kind", checks.typed(STANDARD, row.line, "veto"), kind=kind or "计分"
        )
        return None
    if isinstance(row.veto, Decimal):
        if row.points and row.veto > row.points:
            checks.fault(STANDARD, row.line, "veto-high", plain(row.veto), points=plain(row.points))
        return row.veto
    return Decimal(1) if kind is Kind.CONDITION else LEAST_SCORE


def _labels(checks: TableChecks, rows: Sequence[StandardRow]) -> list[str]:
    """Return what the form prints as numbers: those that run on, else a numbering of the form's own."""
    if all(isinstance(row.number, int) for row in rows):
        _check_numbers(checks, rows)
        return [str(row.number) for row in rows]
    lines: dict[str, int] = {}
    for row in rows:
        first = lines.setdefault(key(str(row.number)), row.line)
        if first != row.line:
            checks.fault(STANDARD, row.line, "label-twice", str(row.number), other=first)
    return [one_line(str(row.number)) for row in rows]


def _check_numbers(checks: TableChecks, rows: Sequence[StandardRow]) -> None:
    """Find the first number that does not follow the one before: the rest would be the same fault again."""
    for wanted, row in enumerate(rows, 1):
        if row.number != wanted:
            checks.fault(STANDARD, row.line, "number-gap", str(row.number), wanted=wanted)
            return


_MOST_CHARACTERS, _MOST_LINES = 1500, 20
"""Of a text that fits into one row of the form, in small print on large paper."""


_LONGEST_NAME, _LONGEST_LABEL = 200, 20
"""Characters: of a text in a formula and of a table's heading, of which names are part, Excel takes 255."""


def _check_texts(checks: TableChecks, rows: Iterable[StandardRow]) -> None:
    lines: dict[str, int] = {}
    for row in rows:
        checks.check_lengths(
            STANDARD, row, group=_LONGEST_NAME, subgroup=_LONGEST_NAME, number=_LONGEST_LABEL
        )
        for text in (row.criterion, row.method, row.evidence):
            length, own_lines = len(text), text.count("\n") + 1
            if length > _MOST_CHARACTERS or own_lines > _MOST_LINES:
                checks.fault(
                    STANDARD,
                    row.line,
                    "text-too-long",
                    str(length),
                    lines=str(own_lines),
                    most=str(_MOST_CHARACTERS),
                    most_lines=str(_MOST_LINES),
                )
        first = lines.setdefault(key(row.criterion), row.line)
        if first != row.line:
            checks.fault(STANDARD, row.line, "standard-criterion-twice", other=first)


def _departments(checks: TableChecks, groups: Mapping[str, str]) -> dict[str, DepartmentsRow]:
    """Return the rows of departments by the key of their group's name; all unknown groups are one fault."""
    found: dict[str, DepartmentsRow] = {}
    unknown: dict[int, str] = {}
    for row in checks.rows(DEPARTMENTS):
        name = key(row.group)
        checks.check_lengths(DEPARTMENTS, row, departments=_LONGEST_NAME)
        if groups and name not in groups:
            unknown[row.line] = one_line(row.group)
        elif name in found:
            checks.fault(DEPARTMENTS, row.line, "group-twice", name=one_line(row.group))
        if row.lead and row.lead not in row.departments:
            checks.fault(DEPARTMENTS, row.line, "lead-unknown", row.lead, known="、".join(row.departments))
        found[name] = row
    if unknown:
        checks.fault(DEPARTMENTS, tuple(unknown), "group-unknown", list(dict.fromkeys(unknown.values())))
    return found


def _check_minimums(checks: TableChecks, rows: Mapping[str, DepartmentsRow], groups: Iterable[Group]) -> None:
    """Find least scores of groups that are above the points that the group has."""
    for group in groups:
        row = rows.get(key(group.name))
        if row and group.minimum is not None and group.minimum > group.points:
            checks.fault(
                DEPARTMENTS,
                row.line,
                "minimum-high",
                plain(group.minimum),
                name=group.title,
                points=plain(group.points),
            )


def scored_points(row: StandardRow) -> Decimal:
    """Return what a row adds to the full mark."""
    return row.points or Decimal(0) if row.kind in (Kind.SCORED, None) else Decimal(0)


def first_wrong_sum(rows: Iterable[SumRow], standard: Sequence[StandardRow]) -> tuple[SumRow, Decimal] | None:
    """Return the first row of sums whose sum is another than that of the points, and that."""
    for row in rows:
        points = [scored_points(one) for one in standard if row.first < one.line < row.line]
        total = sum(points, Decimal(0))
        if row.stated and amount("")(row.stated) != total:
            return row, total
    return None
