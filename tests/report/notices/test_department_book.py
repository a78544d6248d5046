"""The workbook for the departments."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign
from tests.tools.campaigns import without_towns
from tests.tools.notices import departments_of
from tests.tools.reports import all_of, cells, numbered, opened
from tests.tools.rounds import large, round_of


def test_each_department_has_a_sheet(huantai: Campaign) -> None:
    """Behind a list that leads to them; one that need not see to anything has none."""
    unit = huantai.communities[0]
    data = departments_of(round_of(huantai, {unit: [5] * 19 + [0]}))
    last = huantai.groups[-1].departments
    names = [name for name in dict.fromkeys(n for g in huantai.groups for n in g.departments) if name in last]
    assert opened(data).sheetnames == ["整改通知", *names]
    assert [row[1:5] for row in numbered(cells(data, "整改通知"))] == [[name, 1, 1, 5] for name in names]
    links = [row[1].hyperlink for row in opened(data)["整改通知"].iter_rows(min_row=5)]
    assert [link.location for link in links] == [f"'{name}'!$A$1" for name in names]


def test_a_criterion_names_towns_and_units_with_their_losses(huantai: Campaign) -> None:
    """The worst first; how many there are and what they lost together stand beside."""
    one, two = huantai.communities[0], huantai.communities_of("索镇")[0]
    data = departments_of(round_of(huantai, {one: [*[5] * 19, 2.5], two: [*[5] * 19, 1]}))
    (row,) = numbered(cells(data, huantai.groups[-1].departments[0]))
    assert row[2:7] == [
        "20",
        huantai.criteria[-1].text,
        2,
        6.5,
        f"索镇：{two.name}（4）；城区街道：{one.name}（2.5）",
    ]


@pytest.mark.parametrize(("lead", "duties"), [("甲局", ["牵头", "参与"]), ("", [])], ids=["led", "of-equals"])
def test_who_leads_is_said(huantai: Campaign, lead: str, duties: list[str]) -> None:
    """In a column that is there only where somebody leads."""
    groups = tuple(replace(group, departments=("甲局", "乙局"), lead=lead) for group in huantai.groups)
    campaign = replace(huantai, groups=groups)
    data = departments_of(round_of(campaign, {campaign.communities[0]: [*[5] * 19, 0]}))
    rows = [numbered(cells(data, name))[0] for name in ("甲局", "乙局")]
    assert [row[1] for row in rows if row[1] in ("牵头", "参与")] == duties


@pytest.mark.parametrize(
    ("alone", "ending"),
    [
        pytest.param(False, "8个（名单见各街道（镇）的整改通知）", id="by-town"),
        pytest.param(True, "等120个，其余见各自的整改通知", id="without-towns"),
    ],
)
def test_too_many_units_are_counted(huantai: Campaign, alone: bool, ending: str) -> None:
    """A row that named 120 of them would be cut in print."""
    campaign = without_towns(large(huantai)) if alone else large(huantai)
    data = departments_of(round_of(campaign, all_of(1, campaign.communities)))
    names = numbered(cells(data, huantai.groups[0].departments[0]))[0][6]
    assert names.endswith(ending)


def test_names_that_no_sheet_can_have_are_told_apart(huantai: Campaign) -> None:
    """Two departments of one beginning, and one that is called as the first sheet is."""
    names = ("整改通知", "县" * 31 + "甲", "县" * 31 + "乙")
    groups = tuple(replace(group, departments=names) for group in huantai.groups)
    campaign = replace(huantai, groups=groups)
    data = departments_of(round_of(campaign, {campaign.communities[0]: [0] * 20}))
    assert len(set(opened(data).sheetnames)) == 4
    for sheet in opened(data).sheetnames[1:]:
        assert len(numbered(cells(data, sheet))) == 20


def test_only_what_a_department_types_is_unlocked(huantai: Campaign) -> None:
    """What it does about a criterion, and how that goes."""
    book = opened(departments_of(round_of(huantai, {huantai.communities[0]: [*[5] * 19, 0]})))
    sheet = book.worksheets[1]
    head = [cell.value for cell in sheet[3]]
    assert [head[c.column - 1] for c in sheet[4] if not c.protection.locked] == ["督促措施", "进展情况"]
