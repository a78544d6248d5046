"""Columns that several sheets share, each only where the campaign has something for it."""

from collections.abc import Callable, Iterator

from greenxl.campaign.model import Campaign, Criterion, Group
from greenxl.names import bare
from greenxl.report.layout import Column, Record
from greenxl.report.sheets.score_table import has_labels
from greenxl.report.style import CENTRED, TEXT, width_for

LABEL = "原编号"
"""Heading of the numbers that the form itself has."""


def label_columns(
    campaign: Campaign, criterion_of: Callable[[Record], Criterion | None]
) -> Iterator[Column[Record]]:
    """Yield the column of the form's own numbers, where they are others than ours."""
    if has_labels(campaign):
        yield Column(
            name="label",
            heading=LABEL,
            width=width_for((criterion.label for criterion in campaign.criteria), 7, 14),
            value=lambda record: found.label if (found := criterion_of(record)) else None,
            format=CENTRED,
            grows=10,
        )


def subgroup_columns(
    campaign: Campaign, criterion_of: Callable[[Record], Criterion | None]
) -> Iterator[Column[Record]]:
    """Yield the column of the second level, where the standard has one."""
    if any(criterion.subgroup for criterion in campaign.criteria):
        yield Column(
            name="subgroup",
            heading=bare(campaign.labels.subgroup),
            width=16,
            value=lambda record: found.subgroup if (found := criterion_of(record)) else None,
            format=TEXT,
            grows=10,
        )


def has_departments(campaign: Campaign) -> bool:
    return any(group.departments for group in campaign.groups)


def departments_in(group: Group) -> tuple[str, ...]:
    """Return the departments of a group, each once, the one that leads first."""
    return tuple(dict.fromkeys(filter(None, (group.lead, *group.departments))))


def departments_of(group: Group) -> str:
    """Return who is concerned, the one that leads first."""
    others = "、".join(name for name in group.departments if name != group.lead)
    return "；".join(filter(None, (f"牵头：{group.lead}" if group.lead else "", others))) or "未指定"
