"""The units that failed, what they lack to pass, and where they lost most."""

from dataclasses import replace
from decimal import Decimal

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from greenxl.report.sheets.rectification.failed_units import failed_units
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY
from tests.tools.rounds import Given, round_of
from tests.tools.sections import section


def rows(campaign: Campaign, given: Given) -> list[list[object]]:
    """Return the first list of 整改清单 under its title."""
    return section(consolidate(*round_of(campaign, given), DAY), "一、")


def test_the_nearest_to_passing_come_first_in_their_town(huantai: Campaign) -> None:
    """Each with its total, what it lacks, and the three criteria that lost most."""
    first, second, third, *_rest = huantai.communities
    last = huantai.communities_of("索镇")[0]
    given: Given = {
        last: [3.9] * 20,
        first: [3] * 20,
        second: [*[4] * 16, 3, 2, 1, 4.5],
        third: [5] * 20,
    }
    _result, tables = round_of(huantai, given)
    assert [row.community for row in failed_units(huantai, tables)] == [second, first, last]
    header, *found = rows(huantai, given)
    assert header == ["街道（镇）", "社区", "合计分值", "距达标", "失分最多的3条", "失分最多的一条创建标准"]
    assert found == [
        ["城区街道", second.name, 74.5, 5.5, "第19条 4", "第18条 3", "第17条 2", huantai.criteria[18].text],
        ["城区街道", first.name, 60, 20, "第1条 2", "第2条 2", "第3条 2", found[1][-1]],
        ["索镇", last.name, 78, 2, "第1条 1.1", "第2条 1.1", "第3条 1.1", found[2][-1]],
        ["尚未评定：未报送17个，见“社区得分”。"],
    ]


def test_a_veto_is_said_with_its_reason(huantai: Campaign) -> None:
    """A total that is enough lacks nothing."""
    campaign = mixed(huantai)
    typed: list[Typed] = [*FULL[:6], "不符合"]
    header, row, *_rest = rows(campaign, {campaign.communities[0]: typed})
    assert header[-1] == "否决"
    assert row == [campaign.communities[0].town, campaign.communities[0].name, 100, "第T1条不符合"]


def test_a_total_that_is_rounded_to_the_mark_lacks_little(huantai: Campaign) -> None:
    """Below the mark before it is rounded for show: the words say that something is missing."""
    groups = tuple(
        replace(group, criteria=tuple(replace(one, not_applicable=True) for one in group.criteria))
        for group in huantai.groups
    )
    campaign = replace(huantai, groups=groups, pass_score=Decimal("79.99"))
    typed: list[Typed] = ["不适用", 3.99, *[4] * 18]
    _header, row, *_rest = rows(campaign, {campaign.communities[0]: typed})
    assert row[2:4] == [79.99, "差不足0.01"]


def test_it_says_why_there_is_nobody(huantai: Campaign) -> None:
    """That nobody failed is another thing than that nobody can be judged."""
    passed = rows(huantai, {one: [5] * 20 for one in huantai.communities})
    assert passed == [["没有未达标的社区。"]]
    assert rows(huantai, {}) == [
        ["还没有得分齐全、可以评定的社区。"],
        ["尚未评定：未报送21个，见“社区得分”。"],
    ]
