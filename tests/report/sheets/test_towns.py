"""街道（镇）汇总: counts and rates on stated denominators, the target, the distribution of totals."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign, Community, Town
from greenxl.report.book import consolidate
from greenxl.report.sheets.bands import in_bands
from greenxl.report.sheets.towns import basis_words, distribution, mixed_basis, town_table
from tests.tools import oracles
from tests.tools.fitting import too_full
from tests.tools.office import Office
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY, Made, Report, all_of, cells
from tests.tools.rounds import drawn, of_counties, round_of


def test_every_town_and_the_county_have_counts_and_rates(report: Report) -> None:
    """On the stated denominator, with live formulas behind the figures."""
    tables, table = report.tables, town_table(report.campaign)
    rows = report.cells("街道（镇）汇总")[table.first_row : table.county_row + 1]
    names = ["listed", "participating", "passed", "failed", "incomplete", "invalid", "conflict", "missing"]
    for row, counts in zip(rows, [*tables.towns, tables.county], strict=True):
        figures = counts.figures()
        assert row[1:10] == [figures[name] for name in (*names, "denominator")]
        assert row[table.place("participation_rate")] == pytest.approx(counts.participation_rate)
        assert row[table.place("pass_rate")] == pytest.approx(counts.pass_rate)
        average = row[table.place("average")] or None
        assert average == (None if counts.average is None else float(counts.average))
    live = report.cells("街道（镇）汇总", values=False)[table.first_row : table.county_row + 1]
    assert all(str(row[column]).startswith("=") for row in live for column in range(1, 9))


def test_the_distribution_counts_every_total(report: Report) -> None:
    """Under the table: a row per band, and how many totals are in it."""
    table = town_table(report.campaign)
    rows = report.cells("街道（镇）汇总")[table.bands_row :]
    assert rows[0][:2] == ["合计分值（分）", "社区数"]
    assert [row[1] for row in rows[1:]] == in_bands(report.campaign, report.tables.totals)


@pytest.mark.parametrize(
    ("passed", "figures"),
    [(1, [30, 7, -6, "未达到"]), (7, [30, 7, 0, "已达到"]), (9, [30, 7, 2, "已达到"])],
    ids=["missed", "just met", "passed by two"],
)
def test_the_target_is_reckoned_in_communities(huantai: Campaign, passed: int, figures: list[object]) -> None:
    """How many must pass, by how many it is missed or passed, and the conclusion."""
    assert target_figures(huantai, passed, DAY) == figures


def target_figures(campaign: Campaign, passed: int, day: date) -> list[object]:
    made = round_of(campaign, all_of(5, campaign.communities[:passed]))
    rows = cells(consolidate(*made, day), "街道（镇）汇总")[town_table(campaign).target_row :]
    return [row[1] for row in rows[:4]]


@pytest.mark.parametrize(
    ("passed", "day", "conclusion"),
    [
        (0, DAY, "尚无报送"),
        (6, date(2021, 9, 30), "报送未截止"),
        (7, date(2021, 9, 30), "已达到"),
    ],
    ids=["nothing came", "may still come", "met before the deadline"],
)
def test_no_target_is_missed_before_its_time(
    huantai: Campaign, passed: int, day: date, conclusion: str
) -> None:
    """Without a return, or while returns may still come in time."""
    assert target_figures(huantai, passed, day)[3] == conclusion


def test_a_year_without_a_target_has_no_conclusion(other: Campaign) -> None:
    """It says so instead."""
    table = town_table(other)
    rows = cells(consolidate(*round_of(other, {}), DAY), "街道（镇）汇总")
    assert rows[table.target_row][0] == "方案没有规定本年度的目标，不作结论。"
    assert rows[table.first_row][table.place("target")] == "无"


def with_one_total(huantai: Campaign) -> Made:
    """Return a round in which one of three towns states how many urban communities it has."""
    first, *rest = huantai.towns
    campaign = replace(huantai, towns=(replace(first, urban_total=20), *rest))
    return round_of(campaign, all_of(5, campaign.communities[:7]))


def test_denominators_of_two_kinds_are_explained(huantai: Campaign) -> None:
    """Where only some towns state their total: who does not, what the county is on, that sums differ."""
    result, tables = with_one_total(huantai)
    words = (
        "部分街道（镇）未提供城市社区总数（果里镇、索镇），全县以创建名单21个社区为分母；"
        "其余街道（镇）按各自城市社区总数计算，各街道（镇）分母相加为27个，与全县分母不一致"
    )
    assert mixed_basis(result.campaign, tables) == words
    data = consolidate(result, tables, DAY)
    rows, table = cells(data, "街道（镇）汇总"), town_table(result.campaign)
    assert rows[1][0].startswith("参与率、达标率的分母见“分母口径”一栏；")
    assert rows[table.county_row + 1][0] == f"{words}。"
    denominators = [row[table.place("denominator")] for row in rows[table.first_row : table.county_row + 1]]
    assert denominators == [20, 1, 6, 21]
    assert too_full(data) == []


def test_denominators_of_one_kind_need_no_words(huantai: Campaign, other: Campaign) -> None:
    """All towns on the roster, or all on their totals."""
    for campaign, words in ((huantai, "以创建名单21个社区为分母"), (other, "以城市社区总数8个为分母")):
        _result, tables = round_of(campaign, {})
        found = mixed_basis(campaign, tables), basis_words(campaign, tables.county)
        assert found == ("", words)


def test_names_that_spread_sheets_misread_are_counted_right(
    office: Office, tmp_path: Path, huantai: Campaign
) -> None:
    """Towns called 「*」 or 「>0」 and communities with quotes count as what they are."""
    towns = (Town("*"), Town(">0"), Town("西\"街'"))
    communities = tuple(Community(n, towns[n % 3].name, f"社区'{n}", False) for n in range(6))
    campaign = replace(huantai, towns=towns, communities=communities)
    result, tables = round_of(campaign, all_of(4.5, communities[:4]))
    path = tmp_path / "odd.xlsx"
    path.write_bytes(consolidate(result, tables, DAY))
    assert oracles.differing(office.formulas(path)) == []
    table = town_table(campaign)
    rows = cells(path.read_bytes(), "街道（镇）汇总")[table.first_row : table.county_row + 1]
    assert [row[:5] for row in rows] == [
        ["*", 2, 2, 2, 0],
        [">0", 2, 1, 1, 0],
        ["西\"街'", 2, 1, 1, 0],
        ["全县", 6, 4, 4, 0],
    ]


def test_grades_and_vetoes_are_counted_by_town(huantai: Campaign) -> None:
    """Instead of bands; what has no grade is the last line, vetoed units among it."""
    campaign = mixed(huantai)
    one, two, three, *_rest = campaign.communities
    given: dict[Community, list[Typed]] = {one: FULL, two: [5, *FULL[1:]], three: [*FULL[:6], "不符合"]}
    result, tables = round_of(campaign, given)
    table = town_table(campaign)
    rows = cells(consolidate(result, tables, DAY), table.sheet)
    county = dict(zip((column.name for column in table.columns), rows[table.county_row], strict=False))
    assert (county["vetoed"], county["grade 优秀"], county["grade 良好"]) == (1, 1, 1)
    under = [row[:2] for row in rows[table.bands_row : table.bands_row + 4]]
    assert under == [["等次", "社区数"], ["优秀", 1], ["良好", 1], ["无等次", 1]]
    assert [line[0] for line in distribution(table, tables)] == ["优秀", "良好", "无等次"]


def test_a_row_of_sums_follows_the_towns_of_each_county(
    office: Office, tmp_path: Path, huantai: Campaign
) -> None:
    """Counts, rates and averages of each county and of all together, as an office computes them anew."""
    campaign = of_counties(huantai, 3, 2)
    first, *others = campaign.towns
    campaign = replace(campaign, towns=(replace(first, urban_total=9), *others))
    result, tables = round_of(campaign, drawn(campaign, 3))
    path = tmp_path / "counties.xlsx"
    path.write_bytes(consolidate(result, tables, DAY))
    assert oracles.differing(office.formulas(path)) == []
    assert oracles.repairs(path) == []
    table = town_table(campaign)
    rows = cells(path.read_bytes(), table.sheet)
    named = [row[0] for row in rows[table.first_row : table.county_row + 1]]
    assert named == [
        *("第1县1街道", "第1县2街道", "第1县"),
        *("第2县1街道", "第2县2街道", "第2县"),
        *("第3县1街道", "第3县2街道", "第3县"),
        "全市",
    ]
    for row, counts in zip(table.district_rows, tables.districts, strict=True):
        figures = counts.figures()
        assert rows[row][1:4] == [figures[name] for name in ("listed", "participating", "passed")]
        assert rows[row][table.place("denominator")] == counts.denominator
        assert rows[row][table.place("average")] == pytest.approx(float(counts.average or 0))
    assert rows[table.county_row][1] == 12


def test_counties_of_oddly_named_towns_are_counted_right(
    office: Office, tmp_path: Path, huantai: Campaign
) -> None:
    """Also where the names of towns would be patterns or numbers to COUNTIFS."""
    campaign = of_counties(huantai, 2, 2)
    names = dict(zip((town.name for town in campaign.towns), ("*", ">0", "01", "1"), strict=True))
    campaign = replace(
        campaign,
        towns=tuple(replace(town, name=names[town.name]) for town in campaign.towns),
        communities=tuple(replace(one, town=names[one.town]) for one in campaign.communities),
    )
    result, tables = round_of(campaign, all_of(4.5, campaign.communities[:5]))
    path = tmp_path / "odd.xlsx"
    path.write_bytes(consolidate(result, tables, DAY))
    assert oracles.differing(office.formulas(path)) == []
    table = town_table(campaign)
    rows = cells(path.read_bytes(), table.sheet)[table.first_row : table.county_row + 1]
    assert [row[1:4] for row in rows] == [
        [2, 2, 2],
        [2, 2, 2],
        [4, 4, 4],
        [2, 1, 1],
        [2, 0, 0],
        [4, 1, 1],
        [8, 5, 5],
    ]
    assert [row[table.place("average")] for row in rows] == [90, 90, 90, 90, None, 90, 90]


def test_no_formula_multiplies_columns_for_each_town(huantai: Campaign) -> None:
    """Of ordinary names: what grows with towns times units is left to COUNTIFS."""
    campaign = of_counties(huantai, 2, 2)
    data = consolidate(*round_of(campaign, {}), DAY)
    formulas = [str(value) for row in cells(data, "街道（镇）汇总", values=False) for value in row]
    assert not [one for one in formulas if "SUMPRODUCT" in one and "COUNTIFS" not in one]
    assert any(one.startswith("=COUNTIFS(") for one in formulas)
