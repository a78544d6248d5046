"""总览: one page for a leader, its figures references to the other sheets."""

import io
import re
import zipfile
from dataclasses import replace
from itertools import takewhile
from typing import Any

import pytest

from greenxl.campaign.model import Campaign, Community, Town
from greenxl.report.book import consolidate
from greenxl.report.layout import sheet_names
from greenxl.report.sheets.overview import worst_criteria
from greenxl.report.sheets.sentences import caveats
from tests.tools.fitting import too_full
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY, Report, all_of, cells, earlier, opened
from tests.tools.rounds import Given, drawn, of_counties, round_of


@pytest.mark.parametrize("towns", [1, 15, 40, 60])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_first_page_is_one_page(huantai: Campaign, towns: int, seed: int) -> None:
    """It prints on one A4 page, and its smallest type, of 9 points, at 7 points or more."""
    campaign = with_towns(huantai, towns)
    data = consolidate(*round_of(campaign, drawn(campaign, seed)), DAY)
    sheet = opened(data)["总览"]
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)
    sizes = {float(cell.font.sz) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert min(sizes) * scale(sheet) > 7


@pytest.mark.parametrize(
    ("counties", "towns"), [(3, 10), (17, 100), (1, 600)], ids=["3 x 10", "17 x 100", "600 of one county"]
)
def test_the_first_page_of_a_city_is_one_page(huantai: Campaign, counties: int, towns: int) -> None:
    """The counties stand in place of towns that are too many, and what is listed names them."""
    campaign = of_counties(huantai, counties, towns, units=1)
    if counties == 1:
        campaign = replace(campaign, towns=tuple(replace(town, county="") for town in campaign.towns))
    data = consolidate(*round_of(campaign, drawn(campaign, 1)), DAY)
    sheet = opened(data)["总览"]
    sizes = {float(cell.font.sz) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert min(sizes) * scale(sheet) > 7
    assert too_full(data) == []
    words = [str(value) for row in cells(data, "总览") for value in row if value is not None]
    shown = [name for name in campaign.counties if name in words]
    assert shown == list(campaign.counties)
    named = {town.name for town in campaign.towns} & set(words)
    assert len(named) == (36 if counties == 1 else 0)


@pytest.mark.parametrize("units", [1, 25, 3000], ids=["hundreds", "thousands", "hundred thousands"])
def test_large_counts_fit_their_columns(huantai: Campaign, units: int) -> None:
    """Figures that are wider than their cell show as ####."""
    campaign = with_towns(huantai, 40)
    result, tables = round_of(campaign, {})
    county = replace(tables.county, listed=tables.county.listed * units)
    sheet = opened(consolidate(result, replace(tables, county=county), DAY))["总览"]
    [row] = [row for row in sheet.iter_rows(max_col=3) if row[0].value == "全县"]
    digits = len(str(county.listed)) * row[1].font.sz / 11 * 1.1
    assert digits + 0.9 <= sheet.column_dimensions["C"].width
    assert row[1].font.b


def scale(sheet: Any) -> float:
    """Return the scale at which a sheet prints on one page."""
    wide = sum(
        d.width * 7 * 0.75 * ((d.max or 1) - (d.min or 1) + 1) for d in sheet.column_dimensions.values()
    )
    high = sum(d.height or 15 for d in sheet.row_dimensions.values())
    paper_wide, paper_high = (8.27 - 1.0) * 72, (11.69 - 1.1) * 72
    return float(min(paper_wide / wide, paper_high / high))


def with_towns(huantai: Campaign, number: int, units: int = 3) -> Campaign:
    """Return a county of so many towns with as many units each."""
    towns = tuple(Town(f"第{n}街道") for n in range(1, number + 1))
    communities = tuple(
        Community(units * place + n, town.name, f"{n}号社区", False)
        for place, town in enumerate(towns)
        for n in range(1, units + 1)
    )
    return replace(huantai, towns=towns, communities=communities)


def test_the_county_and_every_town_have_a_row(report: Report) -> None:
    """Counts and rates, in references to the sheet on which they are computed; of many towns the main."""
    rows = report.cells("总览")
    [head] = [number for number, row in enumerate(rows) if row[:3] == ["街道（镇）", "创建名单", "参与"]]
    tables = report.tables
    few = len(tables.towns) <= 12
    for row, counts in zip(rows[head + 1 :], [tables.county, *(tables.towns if few else ())], strict=False):
        figures = counts.figures()
        names = ["listed", "participating", "passed", "failed", "incomplete", "invalid", "conflict"]
        assert row[1:9] == [figures[name] for name in (*names, "missing")]
        rates = [counts.participation_rate, counts.pass_rate, counts.pass_rate]
        assert row[9:] == [pytest.approx(rate) for rate in rates]
    live = report.cells("总览", values=False)[head + 1]
    assert all(str(value).startswith("='街道（镇）汇总'!") for value in live[1:])


@pytest.mark.parametrize("number", [13, 40])
def test_many_towns_are_side_by_side(huantai: Campaign, number: int) -> None:
    """All of them, the left list first, each with what its rate is of."""
    campaign = with_towns(huantai, number)
    data = consolidate(*round_of(campaign, all_of(5, campaign.communities[4:])), DAY)
    rows = cells(data, "总览")
    [head] = [at for at, row in enumerate(rows) if row[6] == "街道（镇）"]
    half = (number + 1) // 2
    lists = rows[head + 1 : head + 1 + half]
    left = [[row[0], row[1], row[2], row[3], row[5]] for row in lists]
    right = [[row[6], row[8], row[9], row[10], row[11]] for row in lists if row[6]]
    assert left[:3] == [
        ["第1街道", 3, 0, 0, 0],
        ["第2街道", 3, 2, pytest.approx(2 / 3), pytest.approx(2 / 3)],
        ["第3街道", 3, 3, 1, 1],
    ]
    assert [row[0] for row in (*left, *right)] == [town.name for town in campaign.towns]
    assert all(row[1:] == [3, 3, 1, 1] for row in right)


def test_no_bar_runs_through_a_figure(report: Report) -> None:
    """Bars are in cells that show nothing else."""
    with zipfile.ZipFile(io.BytesIO(report.data)) as package:
        first = package.read("xl/worksheets/sheet1.xml").decode()
    bars = re.findall("<dataBar[^>]*>", first)
    assert bars
    assert all('showValue="0"' in bar for bar in bars)


def lists(data: bytes) -> dict[Any, Any]:
    """Return the number and the names of each list on the page."""
    rows = cells(data, "总览")
    [head] = [at for at, row in enumerate(rows) if row[1] == "个数"]
    return {row[0]: row[1:3] for row in takewhile(lambda row: row[0] is not None, rows[head + 1 :])}


def test_names_are_listed_by_what_they_call_for(huantai: Campaign) -> None:
    """By town, those that failed by how near they are; no row for what nobody is; how each pilot did."""
    one, two, three, *_rest = huantai.communities
    last = huantai.communities[-1]
    given: Given = {one: [3] * 20, two: [3.5] * 20, three: [None, *[5] * 19], last: [4] * 20}
    found = lists(consolidate(*round_of(huantai, given), DAY))
    assert list(found) == ["未报送", "填报不全", "未达标", "试点社区"]
    assert found["未报送"][1].startswith("果里镇全部未报送（1个）；城区街道：恒星社区、")
    assert found["填报不全"] == [1, "城区街道：兴华社区"]
    assert found["未达标"] == [2, "城区街道西苑社区 70，差10；城区街道宝龙社区 60，差20"]
    assert found["试点社区"] == [2, "城区街道西苑社区 70，未达标；城区街道东岳国际社区 未报送"]


def test_where_all_passed_nobody_is_listed(huantai: Campaign) -> None:
    """One sentence instead, and of the pilots how they did."""
    campaign = replace(huantai, communities=tuple(replace(c, pilot=False) for c in huantai.communities))
    rows = cells(consolidate(*round_of(campaign, all_of(5, campaign.communities)), DAY), "总览")
    assert "没有需跟进的社区：全部达标。" in [row[0] for row in rows]
    assert list(lists(consolidate(*round_of(huantai, all_of(5, huantai.communities)), DAY))) == ["试点社区"]


def test_the_worst_criteria_are_those_of_the_highest_loss_rate(huantai: Campaign) -> None:
    """Five at most, in the order of the standard where they are equal, none that lost nothing."""
    scores = [5, 4, 5, 3, 4, 4, 4, 4, *[5] * 12]
    _result, tables = round_of(huantai, {huantai.communities[0]: scores})
    assert [row.criterion.number for row in worst_criteria(tables)] == [4, 2, 5, 6, 7]
    _result, tables = round_of(huantai, all_of(5, huantai.communities[:3]))
    assert worst_criteria(tables) == []


@pytest.mark.parametrize(
    ("returned", "said", "charts"),
    [(0, "尚无得分，无从统计失分。", 0), (21, "没有失分：已有的得分都是满分。", 2)],
    ids=["nothing returned", "all full"],
)
def test_without_a_loss_the_page_says_so(huantai: Campaign, returned: int, said: str, charts: int) -> None:
    """Instead of a list of criteria; where nothing came there is no loss to speak of, and nothing to draw."""
    data = consolidate(*round_of(huantai, all_of(5, huantai.communities[:returned])), DAY)
    column = [row[0] for row in cells(data, "总览")]
    assert said in column
    assert len(opened(data)["总览"]._charts) == charts
    assert ("尚无报送，暂无图表。" in column) == (charts == 0)


def test_without_a_total_there_is_no_distribution(huantai: Campaign) -> None:
    """Where towns can be compared their rates are drawn; where they cannot, why nothing is."""
    for campaign, charts in ((huantai, 1), (with_towns(huantai, 1), 0)):
        data = consolidate(*round_of(campaign, {campaign.communities[0]: [None, *[5] * 19]}), DAY)
        assert len(opened(data)["总览"]._charts) == charts
        column = [row[0] for row in cells(data, "总览")]
        assert ("尚无合计分值，暂无图表。" in column) == (charts == 0)


def test_what_must_be_known_is_beside_the_verdict(huantai: Campaign) -> None:
    """The sentence on denominators, in small type."""
    result, tables = round_of(huantai, {})
    rows = cells(consolidate(result, tables, DAY), "总览")
    assert caveats(huantai, tables) in [row[0] for row in rows]


def test_the_page_links_to_every_other_sheet(huantai: Campaign) -> None:
    """In one line at its end."""
    sheet = opened(consolidate(*round_of(huantai, {}), DAY))["总览"]
    targets = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert targets == [f"'{name}'!A1" for name in sheet_names(huantai)[1:]]


def test_an_ampersand_is_printed_as_one(huantai: Campaign) -> None:
    """In a footer it would begin a code."""
    campaign = replace(huantai, authority="住建局&民政局")
    data = consolidate(*round_of(campaign, {}), DAY)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        first, second, *_others = (package.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(1, 8))
    assert "<oddFooter>&amp;C&amp;9住建局&amp;&amp;民政局</oddFooter>" in first
    assert "<oddFooter>&amp;L&amp;10住建局&amp;&amp;民政局&amp;C" in second


def test_what_fails_a_unit_is_beside_its_name(huantai: Campaign) -> None:
    """With how many of those that failed it is, and what is to be decided yet."""
    campaign = mixed(huantai)
    one, two, three, four, *_rest = campaign.communities
    low: list[Typed] = [0, "是", 0, 12, 0, 0, "符合"]
    given: dict[Community, list[Typed]] = {
        one: [20, "否", *FULL[2:]],
        two: low,
        three: FULL,
        four: [None] * 7,
    }
    beside = {four: {"自评分": FULL, "县核定分": given[four]}}
    rows = cells(consolidate(*round_of(campaign, given, beside), DAY), "总览")
    found = {row[0]: row[1:3] for row in rows}
    assert found["未达标"] == [2, f"{two.name} 52，差8；{one.name} 60，否决：第1.2条0分"]
    assert found["填报不全"] == [1, f"{four.name}（待核定）"]
    assert any("未达标2个，其中否决1个，其余" in str(row[0]) for row in rows)


def test_of_very_many_towns_the_best_and_the_last_are_shown(huantai: Campaign) -> None:
    """Side by side, under headings that say so; no chart of names that could not be read."""
    campaign = with_towns(huantai, 60, units=1)
    data = consolidate(*round_of(campaign, all_of(5, campaign.communities[20:])), DAY)
    rows = cells(data, "总览")
    [head] = [at for at, row in enumerate(rows) if "达标率最高的18个" in str(row[0])]
    assert [rows[head][0], rows[head][6]] == [
        "达标率最高的18个街道（镇）（共60个）",
        "达标率最低的18个（全部见“街道（镇）汇总”）",
    ]
    shown = rows[head + 2 : head + 20]
    assert [row[0] for row in shown] == [f"第{number}街道" for number in range(21, 39)]
    assert [row[6] for row in shown] == [f"第{number}街道" for number in range(3, 21)]
    assert len(opened(data)["总览"]._charts) == 1


def test_what_changed_is_one_line_with_a_link(huantai: Campaign) -> None:
    """To the sheet that has all of it."""
    old = earlier(huantai, all_of(4, huantai.communities[:2]))
    sheet = opened(consolidate(*round_of(huantai, all_of(4, huantai.communities[:3])), DAY, old))["总览"]
    [row] = [row for row in sheet.iter_rows() if str(row[0].value).startswith("与上次（2021年9月1日）相比：")]
    assert (row[-1].value, row[-1].hyperlink.location) == ("变化", "'变化'!A1")


def test_seven_links_have_two_lines(huantai: Campaign) -> None:
    """Where the campaign has one sheet more."""
    campaign = mixed(huantai)
    sheet = opened(consolidate(*round_of(campaign, {}), DAY))["总览"]
    targets = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert targets == [f"'{name}'!A1" for name in sheet_names(campaign)[1:]]
    assert len(targets) == 7
