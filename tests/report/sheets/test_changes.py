"""变化: every community then and now."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from greenxl.campaign.model import Campaign, Community
from greenxl.report.book import consolidate
from greenxl.report.comparison import Previous
from greenxl.report.sheets.changes import changes_table
from tests.tools.reports import DAY, cells, earlier
from tests.tools.rounds import Given, round_of


def shown(previous: Previous, campaign: Campaign, given: Given) -> list[list[Any]]:
    return cells(consolidate(*round_of(campaign, given), DAY, previous), "变化")


def test_every_community_is_shown_then_and_now(huantai: Campaign) -> None:
    """Status, whether it came in or fell below, both totals and what is between them, every criterion."""
    one, two, three, four, *_rest = huantai.communities
    old = earlier(huantai, {one: [3] * 20, two: [5] * 20, four: [4] * 20})
    rows = shown(old, huantai, {one: [5] * 20, two: [3] * 20, three: [1] * 20, four: [4] * 20})[3:]
    assert [row[2:10] for row in rows[:4]] == [
        ["宝龙社区", "未达标", "达标", "—", "新达标", 60, 100, 40],
        ["西苑社区", "达标", "未达标", "—", "不再达标", 100, 60, -40],
        ["兴华社区", "未报送", "未达标", "新报送", "—", None, 20, "—"],
        ["恒星社区", "达标", "达标", "—", "—", 80, 80, 0],
    ]
    assert rows[0][10:] == [2] * 20
    assert rows[2][10:] == [None] * 20


def test_averages_are_under_the_table(huantai: Campaign) -> None:
    """By how much the totals and each criterion moved, of those that can be compared."""
    one, two, *_rest = huantai.communities
    old = earlier(huantai, {one: [3] * 20, two: [5] * 20})
    rows = shown(old, huantai, {one: [5] * 20, two: [4.5] * 20})
    averages = rows[changes_table(huantai).last_row + 1]
    assert (averages[1], averages[9], averages[10:]) == ("平均增减", 15, [0.75] * 20)


def test_what_was_not_listed_then_or_is_not_now_is_named(huantai: Campaign) -> None:
    """A newcomer in its row, a departed community under the table."""
    first, *others = huantai.communities
    old = earlier(huantai, {})
    newcomer = Community(22, "索镇", "新城社区", False)
    campaign = replace(huantai, communities=(*others, newcomer))
    rows = shown(old, campaign, {newcomer: [5] * 20})
    table = changes_table(campaign)
    assert rows[table.last_row][2:9] == ["新城社区", "未列入", "达标", "新报送", "新达标", None, 100]
    assert rows[table.last_row + 3][0] == f"上次列入、本次名单已不含的社区：{first.name}。"


def test_totals_out_of_another_full_score_are_not_compared(huantai: Campaign) -> None:
    """The line under the title says so."""
    old = replace(earlier(huantai, {huantai.communities[0]: [4] * 20}), max_score=Decimal(95))
    rows = shown(old, huantai, {huantai.communities[0]: [5] * 20})
    assert rows[1][0].endswith("上次满分95分，与本次不同，合计不作比较。")
    assert rows[3][7:10] == [80, 100, "—"]
