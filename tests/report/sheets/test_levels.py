"""各级评分对比: where score columns differ."""

from dataclasses import replace
from decimal import Decimal

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from greenxl.report.layout import LEVELS
from greenxl.report.sheets.levels import level_differences, level_totals, level_words
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY, cells, opened
from tests.tools.rounds import round_of


def made(huantai: Campaign, own: list[Typed], decided: list[Typed]) -> tuple[Campaign, Round, Tables]:
    """Return the round in which the first unit scored itself, and the second alike in both columns."""
    campaign = mixed(huantai)
    one, two, *_rest = campaign.communities
    beside = {one: {"自评分": own, "县核定分": decided}, two: {"自评分": FULL, "县核定分": FULL}}
    return campaign, *round_of(campaign, {one: decided, two: FULL}, beside)


def test_the_largest_difference_comes_first(huantai: Campaign) -> None:
    """Words that differ come last, what is blank in one column says nothing."""
    own: list[Typed] = [20, "是", 10, None, 0, 0, "符合"]
    decided: list[Typed] = [18.5, "否", 10, 30, 0, 0, "不符合"]
    campaign, _result, tables = made(huantai, own, decided)
    found = level_differences(campaign, tables)
    assert [(one.criterion and one.criterion.label, one.difference) for one in found] == [
        ("1.2", Decimal(40)),
        ("1.1", Decimal("1.5")),
        ("T1", None),
    ]
    totals = [list(one.answers.values()) for one in level_totals(campaign, tables)]
    assert totals == [[None, Decimal("58.5")], [Decimal(100), Decimal(100)]]


def test_the_first_page_says_how_much_differs(huantai: Campaign) -> None:
    """How many units and places, and at most by how much; or that nothing does."""
    campaign, result, tables = made(huantai, [19, *FULL[1:]], [16.5, *FULL[1:]])
    words = (
        "各级评分：自评分、县核定分之间有1个社区、1处得分不一致，单条最多相差2.5分，合计分值最多相差2.5分，"
    )
    assert level_words(campaign, tables, [LEVELS]).startswith(words)
    overview = cells(consolidate(result, tables, DAY), "总览")
    assert any(str(row[0]).startswith(words) for row in overview)
    campaign, _result, tables = made(huantai, FULL, FULL)
    assert level_words(campaign, tables, [LEVELS]) == "各级评分：自评分、县核定分之间没有不一致的得分。"


def test_what_was_filled_in_one_column_alone_is_not_called_alike(huantai: Campaign) -> None:
    """The first page says that there is nothing to compare."""
    campaign = mixed(huantai)
    _result, tables = round_of(campaign, dict.fromkeys(campaign.communities, FULL))
    words = "各级评分：自评分、县核定分中还没有两栏都已填写的条目，不作比较。"
    assert level_words(campaign, tables, [LEVELS]) == words


def test_the_sheet_is_there_only_where_there_are_levels(huantai: Campaign) -> None:
    """After 指标分析; a count where nothing differs."""
    campaign, result, tables = made(huantai, FULL, FULL)
    book = consolidate(result, tables, DAY)
    assert opened(book).sheetnames[4] == LEVELS
    texts = [row[0] for row in cells(book, LEVELS)]
    assert "得分不一致的条目（0处）" in texts
    assert "各栏得分没有不一致的。" in texts
    alone = replace(campaign, score_columns=(), counting_column="")
    assert LEVELS not in opened(consolidate(*round_of(alone, {}), DAY)).sheetnames
