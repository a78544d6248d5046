"""变化: what changed, then and now."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from greenxl.campaign.model import Campaign, Community
from greenxl.report.book import consolidate
from greenxl.report.comparison import Previous
from tests.tools import oracles
from tests.tools.office import Office
from tests.tools.reports import DAY, all_of, cells, earlier, opened
from tests.tools.rounds import Given, round_of


def shown(previous: Previous, campaign: Campaign, given: Given) -> list[list[Any]]:
    return cells(consolidate(*round_of(campaign, given), DAY, previous), "变化")


def test_what_changed_is_shown_then_and_now(huantai: Campaign) -> None:
    """Status, whether it came in or fell below, both totals and what is between them, every criterion."""
    one, two, three, four, *_rest = huantai.communities
    old = earlier(huantai, {one: [3] * 20, two: [5] * 20, four: [4] * 20})
    rows = shown(old, huantai, {one: [5] * 20, two: [3] * 20, three: [1] * 20, four: [4] * 20})
    assert [row[2:10] for row in rows[3:7]] == [
        ["宝龙社区", "未达标", "达标", "—", "新达标", 60, 100, 40],
        ["西苑社区", "达标", "未达标", "—", "不再达标", 100, 60, -40],
        ["兴华社区", "未报送", "未达标", "新报送", "—", None, 20, "—"],
        [None] * 7 + [0],  # 恒星社区 has no row, and is in the average
    ]
    assert rows[3][10:] == [2] * 20
    assert rows[5][10:] == [None] * 20
    assert "相比：3个社区有变化，其余18个没有变化，不列出，计入平均增减。" in rows[1][0]


def test_where_nothing_changed_that_is_said(office: Office, tmp_path: Path, huantai: Campaign) -> None:
    """There is no table, and averages of nothing but what did not change; an office computes the same."""
    given = all_of(4, huantai.communities[:2])
    path = tmp_path / "new.xlsx"
    path.write_bytes(consolidate(*round_of(huantai, given), DAY, earlier(huantai, given)))
    rows = cells(path.read_bytes(), "变化")
    assert [row[0] for row in rows[3:]] == ["状态和合计分值都没有变化。", None]
    assert rows[4][9:] == [0] * 21
    assert not opened(path.read_bytes())["变化"].tables
    assert oracles.differing(office.formulas(path)) == []


def test_averages_are_of_all_that_can_be_compared(office: Office, tmp_path: Path, huantai: Campaign) -> None:
    """Of what has no row too, whose criteria may have moved though its total did not."""
    one, two, three, four, *_rest = huantai.communities
    old = earlier(huantai, {one: [3] * 20, two: [5] * 20, three: [4] * 20})
    moved = [5, 3, *[4] * 18]
    made = round_of(huantai, {one: [5] * 20, two: [4.5] * 20, three: moved, four: [1] * 20})
    path = tmp_path / "new.xlsx"
    path.write_bytes(consolidate(*made, DAY, old))
    averages = cells(path.read_bytes(), "变化")[3 + 3]
    assert (averages[1], averages[9], averages[10:]) == ("平均增减", 10, [0.83, 0.17, *[0.5] * 18])
    assert oracles.differing(office.formulas(path)) == []


def test_what_was_not_listed_then_or_is_not_now_is_named(huantai: Campaign) -> None:
    """A newcomer in its row, a departed community under the table."""
    first, *others = huantai.communities
    old = earlier(huantai, {})
    newcomer = Community(22, "索镇", "新城社区", False)
    campaign = replace(huantai, communities=(*others, newcomer))
    rows = shown(old, campaign, {newcomer: [5] * 20})
    assert rows[3][2:9] == ["新城社区", "未列入", "达标", "新报送", "新达标", None, 100]
    assert rows[6][0] == f"上次列入、本次名单已不含的社区：{first.name}。"


def test_totals_out_of_another_full_score_are_not_compared(huantai: Campaign) -> None:
    """The line under the title says so."""
    old = replace(earlier(huantai, {huantai.communities[0]: [4] * 20}), max_score=Decimal(95))
    rows = shown(old, huantai, {huantai.communities[0]: [5] * 20})
    assert rows[1][0].endswith("上次满分95分，与本次不同，合计不作比较。")
    assert rows[3][7:10] == [80, 100, "—"]


def test_what_each_criterion_moved_by_is_on_the_screen_alone(huantai: Campaign) -> None:
    """Twenty columns of it would print on a second page; the note is whole on the first."""
    one, *_rest = huantai.communities
    old = earlier(huantai, {one: [3] * 20})
    book = opened(consolidate(*round_of(huantai, {one: [5] * 20}), DAY, old))
    sheet = book["变化"]
    assert sheet.print_area == "'变化'!$A$1:$J$5"
    assert sheet["J3"].value == "增减"
    assert "A2:J2" in {str(box) for box in sheet.merged_cells.ranges}
