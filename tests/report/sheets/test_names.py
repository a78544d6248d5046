"""Lists of units in words: by town, by how near they are, and as many as fit."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.sheets.names import failed_words, named_in, of_status, pilot_words
from greenxl.scoring.choosing import Status
from tests.tools.programmes import FULL, mixed
from tests.tools.reports import all_of
from tests.tools.rounds import Given, large, round_of, small

PLENTY = 10_000.0


def test_those_that_failed_come_nearest_first(huantai: Campaign) -> None:
    """What is missing to pass beside the total; equal ones in roster order; of one town without it."""
    one, two, three, *others = huantai.communities
    given: Given = {one: [3] * 20, two: [*[4] * 19, 3.98], three: [3] * 20, **all_of(5, others)}
    _result, tables = round_of(huantai, given)
    assert failed_words(huantai, tables, PLENTY) == (
        "城区街道西苑社区 79.98，差0.02；城区街道宝龙社区 60，差20；城区街道兴华社区 60，差20"
    )
    campaign = small(huantai)
    _result, tables = round_of(campaign, all_of(3, campaign.communities[:1]))
    assert failed_words(campaign, tables, PLENTY) == f"{campaign.communities[0].name} 60，差20"


def test_what_is_vetoed_comes_last(huantai: Campaign) -> None:
    """With its reason, however high its total."""
    campaign = mixed(huantai)
    one, two, *_rest = campaign.communities
    _result, tables = round_of(campaign, {one: [20, "否", *FULL[2:]], two: [0, "是", 0, 12, 0, 0, "符合"]})
    assert failed_words(campaign, tables, PLENTY) == (f"{two.name} 52，差8；{one.name} 60，否决：第1.2条0分")


def test_of_too_many_that_failed_the_nearest_are_named(huantai: Campaign) -> None:
    """Then how many they are, and where; never more than there is room for."""
    _result, tables = round_of(huantai, {c: [3 + n / 100] * 20 for n, c in enumerate(huantai.communities)})
    assert failed_words(huantai, tables, 60) == "索镇五里社区 64，差16；共21个，见“社区得分”"
    assert failed_words(huantai, tables, 10) == "共21个，见“社区得分”"


def test_a_rounded_total_is_never_short_of_nothing(huantai: Campaign) -> None:
    """Where a scaled total is shown as the pass mark, and failed before it was rounded."""
    one, *_others = huantai.communities
    _result, tables = round_of(huantai, {one: [*[4] * 19, 3.99]})
    row = next(row for row in tables.communities if row.community == one)
    verdict = replace(row.verdict, total=huantai.pass_score)
    shown = replace(tables, communities=(replace(row, verdict=verdict),))
    assert failed_words(huantai, shown, PLENTY) == "城区街道宝龙社区 80，差不足0.01"


def test_a_town_of_which_nothing_came_is_said_in_words(huantai: Campaign) -> None:
    """With how many units that are; several such towns together; all of them in one word."""
    suo = huantai.communities_of("索镇")
    city = huantai.communities_of("城区街道")

    def missing(*returned: object) -> str:
        given = all_of(5, [c for c in huantai.communities if c in returned])
        return of_status(huantai, round_of(huantai, given)[1], Status.MISSING, PLENTY)

    assert missing(*city, *suo[1:]) == f"果里镇全部未报送（1个）；索镇：{suo[0].name}"
    assert missing(*city) == "果里镇、索镇全部未报送（共7个）"
    assert missing() == "各街道（镇）全部未报送"


def test_where_names_do_not_fit_towns_are_counted(huantai: Campaign) -> None:
    """The most first; of these as many as fit; that nothing came of a town is still said."""
    campaign = large(huantai)
    given = all_of(5, [c for c in campaign.communities if c.number > 8 and c.number % 8])
    words = [of_status(campaign, round_of(campaign, given)[1], Status.MISSING, room) for room in (300, 100)]
    assert words[0].startswith("龙泉镇全部未报送（8个）；龙山街道1个、")
    assert words[0].endswith("，名单见“社区得分”")
    assert words[1].startswith("龙泉镇全部未报送（8个）；龙山街道1个、")
    assert words[1].endswith("等14个，名单见“社区得分”")


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (PLENTY, "城区街道西苑社区 100，达标；城区街道东岳国际社区 未报送"),
        (50, "城区街道东岳国际社区 未报送；其余1个达标"),
        (30, "达标1个、未报送1个，名单见“社区得分”"),
    ],
    ids=["all", "those that have not passed", "counts"],
)
def test_pilots_are_told_as_far_as_there_is_room(huantai: Campaign, room: float, words: str) -> None:
    """Those that have passed are the first to be only counted."""
    pilots = [c for c in huantai.communities if c.pilot]
    _result, tables = round_of(huantai, all_of(5, pilots[:1]))
    rows = [row for row in tables.communities if row.community.pilot]
    assert pilot_words(huantai, rows, room) == words


@pytest.mark.parametrize(
    ("room", "words"), [(11, "甲局、乙局"), (10, "甲局、乙局"), (9, "甲局等2个"), (1, "甲局等2个")]
)
def test_names_are_counted_where_not_all_fit(room: float, words: str) -> None:
    """One at least is named."""
    assert named_in(["甲局", "乙局"], room) == words
