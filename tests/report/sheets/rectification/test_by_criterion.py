"""What each criterion lost, in how many units, and whom it concerns."""

from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign, Criterion, Group
from greenxl.report.book import consolidate
from greenxl.report.sheets.columns import departments_of
from greenxl.report.sheets.rectification.by_criterion import department_sums
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY, Report, opened
from tests.tools.rounds import Given, round_of
from tests.tools.sections import section


def rows(campaign: Campaign, given: Given, title: str = "二、") -> list[list[object]]:
    return section(consolidate(*round_of(campaign, given), DAY), title)


def test_every_criterion_that_lost_has_a_line(report: Report) -> None:
    """With the figures of 指标分析, in the order of the standard."""
    found = [row for row in section(report.data, "二、") if str(row[0]).startswith("第")]
    lost = [one for one in report.tables.criteria if one.lost]
    assert [(row[0], Decimal(str(row[2])), row[4]) for row in found] == [
        (one.criterion.name, one.lost, len(one.losers)) for one in lost
    ]
    assert [row[3] for row in found] == pytest.approx([one.loss_rate for one in lost])


def test_towns_and_worst_units_are_named(huantai: Campaign) -> None:
    """The town with most of them first, the three units that lost most with what they lost."""
    town = huantai.communities_of("索镇")
    given: dict[object, list[float]] = {huantai.communities[0]: [1, *[5] * 19]}
    given |= {one: [4.5 - n, *[5] * 19] for n, one in enumerate(town[:3])}
    _header, group, row, *_rest = rows(huantai, given)  # type: ignore[arg-type]
    words = f"{huantai.communities[0].name}4、{town[2].name}2.5、{town[1].name}1.5"
    assert row[-2:] == ["索镇、城区街道", words]
    assert group == ["建立健全社区人居环境建设和整治机制　" + "、".join(huantai.groups[0].departments)]


def test_who_is_concerned_is_said_once_for_a_group(report: Report) -> None:
    """Over its criteria, not beside each of them."""
    words = [departments_of(group) for group in report.campaign.groups if group.departments]
    found = [str(cell) for row in section(report.data, "二、") for cell in row]
    for text in set(words):
        assert sum(cell.endswith(f"　{text}") for cell in found) <= words.count(text)


def test_what_is_outside_the_full_mark_is_counted(huantai: Campaign) -> None:
    """Conditions and least scores by their units, deductions by what they take off; none has a rate."""
    campaign = mixed(huantai)
    bad: list[Typed] = [15, "否", 0, 5, 2, 3, "不符合"]
    found = {row[0]: row[2:5] for row in rows(campaign, {campaign.communities[0]: bad})[1:] if len(row) > 4}
    assert (found["最低分"], found["第T1条"], found["第K1条"]) == (["—", "—", 1], ["—", "—", 1], [3, "—", 1])


def test_a_department_is_counted_once(huantai: Campaign) -> None:
    """Once in a group that it also leads, and once for every group; one without losses is not there."""
    one, two, *others = huantai.groups
    groups = (
        replace(one, departments=("甲局", "乙局"), lead="甲局"),
        replace(two, departments=("甲局",), lead=""),
        *(replace(group, departments=("丙局",)) for group in others),
    )
    campaign = replace(huantai, groups=groups)
    given = {campaign.communities[0]: [4, 4, 4, 4, 3, *[5] * 15]}
    _result, tables = round_of(campaign, given)
    found = [(s.department, s.lost, s.losses, s.leads) for s in department_sums(campaign, tables)]
    assert found == [("甲局", Decimal(6), 5, 1), ("乙局", Decimal(4), 4, 0)]
    header, *rest = rows(campaign, given, "涉及部门的失分合计")
    assert header == ["部门", "牵头项数", "涉及条数", "失分合计", "失分率", "失分处数", "失分最多的3条"]
    assert rest[0] == ["甲局", 1, 9, 6, 6 / 45, 5, "第5条、第1条、第2条"]


def test_it_says_why_nothing_is_lost(huantai: Campaign) -> None:
    """Full scores everywhere are another thing than no score at all."""
    everywhere: dict[object, list[Typed]] = {one: [5] * 20 for one in huantai.communities}
    assert rows(huantai, everywhere) == [["已有的得分没有失分。"]]  # type: ignore[arg-type]
    assert rows(huantai, {}) == [["尚无得分，不能判断失分。"]]


def test_the_list_needs_no_other_sheet_than_the_scores(huantai: Campaign) -> None:
    """A copy without 指标分析 keeps its figures live."""
    given = {huantai.communities[0]: [4] * 20}
    sheet = opened(consolidate(*round_of(huantai, given), DAY), values=False)["整改清单"]
    printed = sheet[sheet.print_area.split("!")[-1].replace("$", "")]
    formulas = [cell.value for row in printed for cell in row if str(cell.value).startswith("=")]
    assert formulas
    assert not [one for one in formulas if one.replace("'社区得分'!", "").count("!")]


def test_a_formula_that_no_office_takes_is_written_as_its_value(huantai: Campaign) -> None:
    """A department of many parts that are not side by side has sums all the same."""
    names = [f"第{n}部分" for n in range(240)]
    groups = tuple(
        Group(name, ("甲局",) if n % 2 else ("乙局",), (Criterion(n + 1, n, f"标准{n}", Decimal(5)),))
        for n, name in enumerate(names)
    )
    campaign = replace(huantai, groups=groups, pass_score=Decimal(900))
    made = round_of(campaign, {campaign.communities[0]: [4] * 240})
    sheet = opened(consolidate(*made, DAY), values=False)["整改清单"]
    sums = {row[0].value: row[4].value for row in sheet.iter_rows() if row[0].value in ("甲局", "乙局")}
    assert sums == {"甲局": 120, "乙局": 120}


def test_without_lost_points_there_are_no_sums(huantai: Campaign) -> None:
    """An unfulfilled condition alone has a line, and no department a sum."""
    campaign = mixed(huantai)
    given: Given = {campaign.communities[0]: [*FULL[:6], "不符合"]}
    assert [row[0] for row in rows(campaign, given)[2:]] == ["第T1条"]
    assert rows(campaign, given, "涉及部门的失分合计") == []
