"""Columns that are there only where the campaign has something for them."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign, Criterion
from greenxl.report.layout import Column
from greenxl.report.sheets.columns import (
    departments_in,
    departments_of,
    has_departments,
    label_columns,
    subgroup_columns,
)
from tests.tools.programmes import mixed


def own(criterion: Criterion) -> Criterion:
    return criterion


def shown(columns: list[Column[Criterion]], criterion: Criterion) -> list[object]:
    return [(column.heading, column.value(criterion)) for column in columns if column.value]


def test_labels_and_parts_are_shown_where_there_are_any(huantai: Campaign) -> None:
    """The form's own number and the second level; nothing of a form that has neither."""
    campaign = mixed(huantai)
    columns = [*label_columns(campaign, own), *subgroup_columns(campaign, own)]
    assert shown(columns, campaign.criteria[1]) == [("原编号", "1.2"), ("分项", "制度")]
    assert [*label_columns(huantai, own), *subgroup_columns(huantai, own)] == []


@pytest.mark.parametrize(
    ("departments", "lead", "words"),
    [
        (("甲局", "乙局"), "", "甲局、乙局"),
        (("甲局", "乙局"), "乙局", "牵头：乙局；甲局"),
        (("甲局",), "甲局", "牵头：甲局"),
        ((), "", "未指定"),
    ],
    ids=["together", "with-lead", "lead-alone", "nobody"],
)
def test_who_leads_is_named_first(
    huantai: Campaign, departments: tuple[str, ...], lead: str, words: str
) -> None:
    """The others follow in their order."""
    group = replace(huantai.groups[0], departments=departments, lead=lead)
    assert departments_of(group) == words
    assert departments_in(group)[:1] == ((lead or departments[0],) if departments else ())
    assert sorted(departments_in(group)) == sorted(departments)


def test_a_campaign_may_name_no_department(huantai: Campaign) -> None:
    """Then nothing is said of departments anywhere."""
    nobody = replace(huantai, groups=tuple(replace(g, departments=(), lead="") for g in huantai.groups))
    assert (has_departments(huantai), has_departments(nobody)) == (True, False)
