"""总览: one page for a leader, its figures references to the other sheets."""

import io
import zipfile
from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign, Community, Town
from greenxl.report.book import consolidate
from greenxl.report.layout import sheet_names
from greenxl.report.sheets.overview import worst_criteria
from greenxl.report.sheets.sentences import caveats
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY, Make, Report, all_of, cells, from_samples, of_120_communities, opened
from tests.tools.rounds import Given, round_of


@pytest.mark.parametrize("make", [from_samples, of_120_communities], ids=lambda make: make.__name__)
def test_the_first_page_is_one_page(huantai: Campaign, other: Campaign, make: Make) -> None:
    """It prints on one A4 page at three quarters of its size or more, for 3 towns and for 15."""
    data = consolidate(*make(huantai, other), DAY)
    sheet = opened(data)["总览"]
    wide = sum(
        d.width * 7 * 0.75 * ((d.max or 1) - (d.min or 1) + 1) for d in sheet.column_dimensions.values()
    )
    high = sum(d.height or 15 for d in sheet.row_dimensions.values())
    paper_wide, paper_high = (8.27 - 1.0) * 72, (11.69 - 1.1) * 72
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)
    assert min(paper_wide / wide, paper_high / high) > 0.75


def test_the_county_and_every_town_have_a_row(report: Report) -> None:
    """Counts and rates, in references to the sheet on which they are computed."""
    rows = report.cells("总览")
    [head] = [number for number, row in enumerate(rows) if row[:3] == ["街道（镇）", "创建名单", "参与"]]
    tables = report.tables
    for row, counts in zip(rows[head + 1 :], [tables.county, *tables.towns], strict=False):
        figures = counts.figures()
        names = ["listed", "participating", "passed", "failed", "incomplete", "invalid", "conflict"]
        assert row[1:9] == [figures[name] for name in (*names, "missing")]
        assert row[9:] == [pytest.approx(counts.participation_rate), pytest.approx(counts.pass_rate)]
    live = report.cells("总览", values=False)[head + 1]
    assert all(str(value).startswith("='街道（镇）汇总'!") for value in live[1:])


def test_names_are_listed_by_what_they_call_for(huantai: Campaign) -> None:
    """A total in brackets where there is one, and how each pilot did."""
    given: Given = {**all_of(3, huantai.communities[:2]), huantai.communities[2]: [None, *[5] * 19]}
    rows = cells(consolidate(*round_of(huantai, given), DAY), "总览")
    lists = {row[0]: row[1:3] for row in rows}
    assert lists["未达标"] == [2, "宝龙社区（60分）、西苑社区（60分）"]
    assert lists["填报不全"] == [1, "兴华社区"]
    assert lists["有误"] == [0, "无"]
    assert lists["试点社区"] == [2, "西苑社区（60分）未达标、东岳国际社区未报送"]


def test_the_worst_criteria_are_those_of_the_highest_loss_rate(huantai: Campaign) -> None:
    """Five at most, in the order of the standard where they are equal, none that lost nothing."""
    scores = [5, 4, 5, 3, 4, 4, 4, 4, *[5] * 12]
    _result, tables = round_of(huantai, {huantai.communities[0]: scores})
    assert [row.criterion.number for row in worst_criteria(tables)] == [4, 2, 5, 6, 7]
    _result, tables = round_of(huantai, all_of(5, huantai.communities[:3]))
    assert worst_criteria(tables) == []


def test_without_a_loss_the_page_says_so(huantai: Campaign) -> None:
    """Instead of a list of criteria."""
    rows = cells(consolidate(*round_of(huantai, {}), DAY), "总览")
    assert "尚无失分记录。" in [row[0] for row in rows]


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
    lists = {row[0]: row[1:3] for row in rows}
    assert lists["未达标"] == [2, f"{one.name}（60分，否决：第1.2条0分）、{two.name}（52分）"]
    assert lists["填报不全"] == [1, f"{four.name}（待核定）"]
    assert any("未达标2个，其中否决1个，其余" in str(row[0]) for row in rows)


def test_namesakes_are_told_by_their_towns(huantai: Campaign) -> None:
    """Two towns may have a unit of one name; others carry no town."""
    first, other, *_rest = huantai.communities
    last = replace(huantai.communities[-1], name=first.name)
    campaign = replace(huantai, communities=(*huantai.communities[:-1], last))
    rows = cells(consolidate(*round_of(campaign, all_of(3, [first, last, other])), DAY), "总览")
    names = next(row[2] for row in rows if row[0] == "未达标")
    assert f"{first.name}（{first.town}，60分）" in names
    assert f"{last.name}（{last.town}，60分）" in names
    assert f"{other.name}（60分）" in names


def test_of_many_towns_the_best_and_the_last_are_shown(huantai: Campaign) -> None:
    """Fifteen of forty in two lists; one chart, whose names can be read, instead of two."""
    towns = tuple(Town(f"第{number}镇") for number in range(1, 41))
    communities = tuple(Community(n, t.name, f"{t.name}社区", False) for n, t in enumerate(towns, 1))
    campaign = replace(huantai, towns=towns, communities=communities)
    data = consolidate(*round_of(campaign, all_of(5, communities[10:])), DAY)
    column = [row[0] for row in cells(data, "总览")]
    best, last = (next(i for i, text in enumerate(column) if f"达标率最{how}" in str(text)) for how in "高低")
    assert column[best + 1 : last] == [f"第{number}镇" for number in range(11, 16)]
    assert column[last + 1 : last + 11] == [f"第{number}镇" for number in range(1, 11)]
    assert len(opened(data)["总览"]._charts) == 1


def test_seven_links_have_two_lines(huantai: Campaign) -> None:
    """Where the campaign has one sheet more."""
    campaign = mixed(huantai)
    sheet = opened(consolidate(*round_of(campaign, {}), DAY))["总览"]
    targets = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert targets == [f"'{name}'!A1" for name in sheet_names(campaign)[1:]]
    assert len(targets) == 7
