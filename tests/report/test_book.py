"""The consolidated workbook: its sheets, its figures, its formulas, its words, and what it looks like."""

import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from greenxl.campaign.model import Campaign, Community, Town
from greenxl.cli.results import rates
from greenxl.findings import finding, grouped
from greenxl.report.book import consolidate
from greenxl.report.layout import SHEETS, CriteriaGrid, ScoreGrid, TownGrid, bands
from greenxl.report.previous import read_previous
from greenxl.report.sheets.sentences import caveats, mixed_basis, percent_words, verdict
from greenxl.report.sheets.sentences import counts as counts_of
from greenxl.report.style import clipped, shortened
from greenxl.rounds.evaluate import Round
from greenxl.scoring.tables import Tables, points
from greenxl.scoring.vocabulary import subject
from tests.tools.fitting import too_full
from tests.tools.office import Office
from tests.tools.rounds import drawn, large, longest, round_of, samples

DAY = date(2021, 10, 9)
Made = tuple[Round, Tables]


def from_samples(huantai: Campaign, _other: Campaign) -> Made:
    return samples(huantai)


def from_spoiled_samples(huantai: Campaign, _other: Campaign) -> Made:
    return samples(huantai, "spoiled")


def of_120_communities(huantai: Campaign, _other: Campaign) -> Made:
    campaign = large(huantai)
    return round_of(campaign, drawn(campaign, 1))


def of_longest_names(huantai: Campaign, _other: Campaign) -> Made:
    campaign = longest(huantai)
    return round_of(campaign, drawn(campaign, 5))


def of_another_county(_huantai: Campaign, other: Campaign) -> Made:
    return round_of(other, drawn(other, 3))


def without_returns(huantai: Campaign, _other: Campaign) -> Made:
    return round_of(huantai, {})


ROUNDS = [
    from_samples,
    from_spoiled_samples,
    of_120_communities,
    of_longest_names,
    of_another_county,
    without_returns,
]
Make = Callable[[Campaign, Campaign], Made]


class Seen:
    """A round and its workbook, opened once for all that look at it."""

    def __init__(self, made: Made) -> None:
        self.result, self.tables = made
        self.campaign = self.result.campaign
        self.data = consolidate(*made, DAY)
        self._books: dict[bool, Any] = {}

    def book(self, *, values: bool = True) -> Any:
        if values not in self._books:
            self._books[values] = opened(self.data, values=values)
        return self._books[values]

    def cells(self, sheet: str, *, values: bool = True) -> list[list[Any]]:
        return [[cell.value for cell in row] for row in self.book(values=values)[sheet].iter_rows()]


@pytest.fixture(scope="module", params=ROUNDS, ids=lambda make: make.__name__)
def seen(request: pytest.FixtureRequest, huantai: Campaign, other: Campaign) -> Seen:
    make: Make = request.param
    return Seen(make(huantai, other))


def opened(data: bytes, *, values: bool = True) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def cells(data: bytes, sheet: str, *, values: bool = True) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in opened(data, values=values)[sheet].iter_rows()]


pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


def test_the_sheets_stand_in_the_published_order(huantai: Campaign) -> None:
    """The seven sheets of the interface, in its order."""
    book = opened(consolidate(*round_of(huantai, {}), DAY))
    assert tuple(book.sheetnames) == SHEETS
    assert SHEETS == (
        "总览",
        "街道（镇）汇总",
        "社区得分",
        "指标分析",
        "整改清单",
        "问题清单",
        "文件台账",
    )


def test_the_score_table_has_the_published_header(huantai: Campaign) -> None:
    """序号 to 来源文件, the criteria as text, a subtotal per group."""
    grid = ScoreGrid(huantai)
    header = cells(consolidate(*round_of(huantai, {}), DAY), "社区得分")[grid.header_row]
    assert header == [
        *("序号", "街道（镇）", "社区", "试点", "状态"),
        *(str(number) for number in range(1, 21)),
        "建立健全社区人居环境建设和整治机制小计",
        "推进社区基础设施绿色化小计",
        "营造社区宜居环境小计",
        "提高社区信息化智能化水平小计",
        "培育社区绿色文化小计",
        *("合计分值", "是否达标", "排名", "来源文件"),
    ]


def test_the_score_table_states_what_the_frames_hold(seen: Seen) -> None:
    """Scores, subtotals, totals, verdicts and ranks; what is missing stays blank and is never a zero."""
    tables, grid = seen.tables, ScoreGrid(seen.campaign)
    rows = seen.cells("社区得分")[grid.first_row :]
    words = {
        "passed": "达标",
        "failed": "未达标",
        "incomplete": "填报不全",
        "invalid": "有误",
        "conflict": "重复待定",
        "missing": "未报送",
    }
    for row, community in zip(rows, tables.communities.to_dict("records"), strict=True):
        judged = community["status"] in ("passed", "failed")
        word = words[community["status"]]
        assert row[:5] == [
            community["no"],
            community["town"],
            community["community"],
            "试点" if community["pilot"] else None,
            word,
        ]
        figures = [
            points(community[name])
            for name in tables.communities.columns
            if name[0] in "cg" and name[1:].isdecimal()
        ]
        shown = [Decimal(str(v)) if v not in (None, "") else None for v in row[5 : grid.total]]
        assert shown == figures
        total = points(community["total"])
        assert row[grid.total] == (float(total) if total is not None else None)
        assert row[grid.verdict] == (word if judged else "—")
        assert row[grid.rank] == (community["rank"] if judged else None)


def test_the_town_table_states_counts_and_rates(seen: Seen) -> None:
    """Every town and the county, on the stated denominator, with live formulas behind the figures."""
    tables, grid = seen.tables, TownGrid(seen.campaign)
    rows = seen.cells("街道（镇）汇总")[grid.first_row : grid.county_row + 1]
    names = ["listed", "participating", "passed", "failed", "incomplete", "invalid", "conflict", "missing"]
    names += ["denominator"]
    counts: list[Any] = [*tables.towns.to_dict("records"), tables.county]
    for row, counted in zip(rows, counts, strict=True):
        assert row[1:10] == [counted[name] for name in names]
        assert row[grid.participation_rate] == pytest.approx(counted["participation_rate"])
        assert row[grid.pass_rate] == pytest.approx(counted["pass_rate"])
    live = seen.cells("街道（镇）汇总", values=False)[grid.first_row : grid.county_row + 1]
    assert all(str(row[column]).startswith("=") for row in live for column in range(1, 9))


def test_every_lost_point_is_a_row_to_mend(seen: Seen) -> None:
    """One row per lost point, with the departments of its group and a mark in each one's column."""
    rows = [row for row in seen.cells("整改清单")[3:] if isinstance(row[0], int)]
    assert [(row[1], row[2], row[5], Decimal(str(row[9]))) for row in rows] == [
        (loss["town"], loss["community"], loss["criterion"], points(loss["lost"]))
        for loss in seen.tables.losses.to_dict("records")
    ]
    for row in rows:
        criterion = seen.campaign.criteria[row[5] - 1]
        departments = seen.campaign.groups[criterion.group].departments
        assert row[11:].count("●") == len(departments)


def test_every_finding_and_file_is_listed(seen: Seen) -> None:
    """问题清单 holds every finding, like ones of a sheet in one row; 文件台账 every file with its outcome."""
    result = seen.result
    found = [row for row in seen.cells("问题清单")[3:] if isinstance(row[0], int)]
    assert sorted((row[4] or "", row[6] or "") for row in found) == sorted(
        (f.file, f.cell) for f in grouped(result.findings, across_sheets=False)
    )
    cells_told = {cell for row in found for cell in (row[6] or "").split("、")}
    assert cells_told == {f.cell for f in result.findings}
    files = [row for row in seen.cells("文件台账")[3:] if isinstance(row[0], int)]
    words = {"read": "读取", "rejected": "拒收", "skipped": "跳过"}
    assert [(row[1], row[2], row[4], row[6]) for row in files] == [
        (e.file, words[e.outcome], e.bytes, e.sha256) for e in result.entries
    ]


def test_office_computes_every_formula_to_its_stored_value(
    office: Office, tmp_path: Path, seen: Seen
) -> None:
    """What a preview shows is what LibreOffice computes, in every formula cell; nothing is an error."""
    path = tmp_path / "consolidated.xlsx"
    path.write_bytes(seen.data)
    assert differing(office, path) == []


def test_office_computes_the_changes_too(office: Office, tmp_path: Path, huantai: Campaign) -> None:
    """With an earlier workbook: the line on the first page, and the sheet 变化."""
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    campaign = large(huantai)
    old.write_bytes(consolidate(*round_of(campaign, drawn(campaign, 1)), DAY))
    made = round_of(campaign, drawn(campaign, 2))
    new.write_bytes(consolidate(*made, DAY, read_previous(old)))
    assert differing(office, new) == []


def differing(office: Office, path: Path) -> list[object]:
    formulas = office.formulas(path)
    assert sum(map(len, formulas.values())) > 100
    return [
        (sheet, cell, formula, stored, anew)
        for sheet, found in formulas.items()
        for cell, (formula, stored, anew) in found.items()
        if not _same(stored or "" if stored is None else stored, anew)
    ]


def _same(stored: float | str, anew: float | str) -> bool:
    if isinstance(stored, float) and isinstance(anew, float):
        return abs(stored - anew) < 1e-9
    return stored == anew and not str(anew).startswith("#")


def test_every_printed_text_fits_its_cell(seen: Seen) -> None:
    """No text is wider or higher than its cell allows in print, however long the names."""
    assert too_full(seen.data) == []


def test_the_changes_fit_their_cells(tmp_path: Path, huantai: Campaign) -> None:
    """The same for the sheet 变化 with the longest names."""
    old, campaign = tmp_path / "old.xlsx", longest(huantai)
    old.write_bytes(consolidate(*round_of(campaign, drawn(campaign, 1)), DAY))
    made = round_of(campaign, drawn(campaign, 5))
    assert too_full(consolidate(*made, DAY, read_previous(old))) == []


@pytest.mark.parametrize("make", [from_samples, of_120_communities], ids=lambda make: make.__name__)
def test_the_first_page_is_one_page(huantai: Campaign, other: Campaign, make: Make) -> None:
    """总览 prints on one A4 page at three quarters of its size or more, for 3 towns and for 15."""
    data = consolidate(*make(huantai, other), DAY)
    sheet = opened(data)["总览"]
    wide = sum(
        d.width * 7 * 0.75 * ((d.max or 1) - (d.min or 1) + 1) for d in sheet.column_dimensions.values()
    )
    high = sum(d.height or 15 for d in sheet.row_dimensions.values())
    paper_wide, paper_high = (8.27 - 1.0) * 72, (11.69 - 1.1) * 72
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)
    assert min(paper_wide / wide, paper_high / high) > 0.75


def test_the_same_round_gives_the_same_bytes(huantai: Campaign) -> None:
    """Dates come from the run's day only."""
    first, second = (consolidate(*round_of(huantai, drawn(huantai, 1)), DAY) for _ in range(2))
    assert first == second
    properties = opened(first).properties
    assert (properties.title, properties.creator) == (
        "桓台县绿色社区创建情况汇总（2021年）",
        huantai.authority,
    )
    assert properties.created.date() == DAY


def test_text_from_returns_stays_text(huantai: Campaign) -> None:
    """What looks like a formula, a link or an array is written as the text that it is."""
    evil = ["=cmd|' /C calc'!A0", "{=1+1}", "internal:'总览'!A1", "https://example.cn/", "+1", "@SUM(A1)"]
    result, tables = round_of(huantai, {})
    found = [finding("score-text", text, text, "E4", text, number=1, points=5) for text in evil]
    data = consolidate(replace(result, findings=tuple(found)), tables, DAY)
    sheet = opened(data, values=False)["问题清单"]
    for row, text in enumerate(sorted(evil), 4):
        shown = [sheet.cell(row, column) for column in (5, 6, 8)]
        assert [(cell.value, cell.data_type, cell.hyperlink) for cell in shown] == [(text, "s", None)] * 3


def test_a_finding_leads_to_its_community_and_back(huantai: Campaign) -> None:
    """The community's name on 问题清单 leads to its row on 社区得分, and that one to its first finding."""
    result, tables = round_of(huantai, {huantai.communities[4]: [None, "五", *[5] * 18]})
    book = opened(consolidate(result, tables, DAY))
    row = ScoreGrid(huantai).first_row + 5
    assert book["问题清单"]["D4"].hyperlink.location == f"'社区得分'!$C${row}"
    assert book["社区得分"].cell(row, 3).hyperlink.location == "'问题清单'!$A$4"
    assert book["社区得分"].cell(row - 1, 3).hyperlink is None


def words_of(parts: list[str | tuple[str, str]]) -> str:
    return "".join(part if isinstance(part, str) else part[1] for part in parts)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (0, "未达到2021年30%的目标：达标率0.0%（0/21，按创建名单口径），需7个，还差7个。"),
        (6, "未达到2021年30%的目标：达标率28.6%（6/21，按创建名单口径），需7个，还差1个。"),
        (7, "已达到2021年30%的目标：达标率33.3%（7/21，按创建名单口径），需7个，恰好达到。"),
        (9, "已达到2021年30%的目标：达标率42.9%（9/21，按创建名单口径），需7个，多2个。"),
    ],
)
def test_the_first_sentence_is_the_verdict(huantai: Campaign, passed: int, words: str) -> None:
    """Met or not, the rate with its counts, and by how much; 以上 includes the bound."""
    _result, tables = round_of(huantai, {c: [5] * 20 for c in huantai.communities[:passed]})
    assert words_of(verdict(huantai, tables.county)) == words


def with_one_total(huantai: Campaign) -> Made:
    """Return a round in which one of three towns states how many urban communities it has."""
    first, *rest = huantai.towns
    campaign = replace(huantai, towns=(replace(first, urban_total=20), *rest))
    return round_of(campaign, {c: [5] * 20 for c in campaign.communities[:7]})


def test_denominators_of_two_kinds_are_told(huantai: Campaign) -> None:
    """Where only some towns state their total: who does not, what the county is on, that sums differ."""
    result, tables = with_one_total(huantai)
    words = (
        "部分街道（镇）未提供城市社区总数（果里镇、索镇），全县以创建名单21个社区为分母；"
        "其余街道（镇）按各自城市社区总数计算，各街道（镇）分母相加为27个，与全县分母不一致"
    )
    assert caveats(result.campaign, tables) == (
        f"达标：得分齐全且合计不低于80分。{words}，结论仅按创建名单口径。未报送的社区不按0分计，仍在分母内。"
    )
    data = consolidate(result, tables, DAY)
    rows, grid = cells(data, "街道（镇）汇总"), TownGrid(result.campaign)
    assert rows[1][0].startswith("参与率、达标率的分母见“分母口径”一栏；")
    assert rows[grid.county_row + 1][0] == f"{words}。"
    assert [row[grid.denominator] for row in rows[grid.first_row : grid.county_row + 1]] == [20, 1, 6, 21]
    assert too_full(data) == []
    assert rates(tables) == (
        "Pass rate 7 of 21 = 33.3% (on the 21 communities of the roster); target 30 %: met. Without urban "
        "total: 果里镇、索镇; every other town is on its own, so the denominators need not add up."
    )


def test_denominators_of_one_kind_need_no_words(huantai: Campaign, other: Campaign) -> None:
    """All towns on the roster, or all on their totals."""
    for campaign in (huantai, other):
        _result, tables = round_of(campaign, {})
        assert mixed_basis(tables) == ""


def axes(data: bytes, chart: int) -> list[tuple[float | None, float | None]]:
    """Return the greatest value and the step of each of a chart's axes, None where the office chooses."""
    names = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        tree = ElementTree.fromstring(package.read(f"xl/charts/chart{chart}.xml"))
    found = []
    for axis in tree.iter(f"{names}valAx"):
        high, step = axis.find(f".//{names}max"), axis.find(f"{names}majorUnit")
        values = (float(e.get("val", "")) if e is not None else None for e in (high, step))
        found.append((next(values), next(values)))
    return found


@pytest.mark.parametrize(
    ("totals", "axis"),
    [([1, 2, 3, 4, 5], (5, 1)), ([5] * 4, (5, 1)), ([5] * 5, (None, None)), ([], (5, 1))],
    ids=["one in each band", "four in a band", "five in a band", "none"],
)
def test_communities_are_counted_in_whole_numbers(
    huantai: Campaign, totals: list[float], axis: tuple[float | None, float | None]
) -> None:
    """An office's own axis for low columns goes up to 1.2 in steps of 0.2."""
    given = {c: [score] * 20 for c, score in zip(huantai.communities, totals, strict=False)}
    assert axes(consolidate(*round_of(huantai, given), DAY), 2) == [axis]


def of_six_criteria(huantai: Campaign) -> Made:
    campaign = replace(huantai, groups=short(huantai).groups, pass_score=Decimal(24))
    return round_of(campaign, {c: [4] * 6 for c in campaign.communities})


def short(huantai: Campaign) -> Campaign:
    """Return the campaign with six criteria in two groups."""
    four, five, *_rest = huantai.groups
    rest = tuple(replace(c, number=number) for number, c in enumerate(five.criteria[:2], 5))
    return replace(huantai, groups=(four, replace(five, criteria=rest)))


def test_a_short_standard_and_its_chart_share_a_page(
    office: Office, tmp_path: Path, huantai: Campaign
) -> None:
    """Six criteria and their chart are one printed page; of twenty, each has its own."""
    for made, pages in ((of_six_criteria(huantai), 1), (round_of(huantai, {}), 2)):
        book, pdf = tmp_path / "report.xlsx", tmp_path / "report.pdf"
        book.write_bytes(consolidate(*made, DAY))
        office.pdf(book, pdf)
        printed = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
        assert len(re.findall(r"指标分析 +第 ?\d+ ?页", printed.stdout.decode())) == pages


def test_the_sum_of_losses_stands_above_them(huantai: Campaign) -> None:
    """At their end it may come to stand alone on a page."""
    rows = cells(consolidate(*of_six_criteria(huantai), DAY), "整改清单")
    assert [rows[2][column] for column in (1, 5, 9)] == ["合计", 126, 126]
    assert (rows[3][0], rows[4][0], rows[-1][0]) == ("序号", 1, 126)


def test_there_is_no_verdict_without_a_target(other: Campaign) -> None:
    """A year without a target gets a rate on the urban total, and no verdict."""
    full = [float(c.points) for c in other.criteria]
    _result, tables = round_of(other, {other.communities[0]: full})
    assert words_of(verdict(other, tables.county)) == "达标率12.5%（1/8）；2023年没有规定目标，不作结论。"
    assert words_of(counts_of(other, tables.county)) == (
        "全县创建名单4个社区，参与1个（参与率12.5%），达标1个，未达标0个，其余3个尚无结论。"
    )


def test_rates_are_rounded_as_the_sheet_rounds_them() -> None:
    """A half goes upwards: 1 of 16 is 6.25 %, shown as 6.3 %."""
    assert [percent_words(1, 16), percent_words(1, 3), percent_words(21, 21)] == ["6.3%", "33.3%", "100.0%"]


@pytest.mark.parametrize(
    ("mark", "full", "words"),
    [
        ("80", "100", ["0–59.99", "60–69.99", "70–79.99", "80–89.99", "90–100"]),
        ("70", "110", ["0–47.99", "48–58.99", "59–69.99", "70–80.99", "81–91.99", "92–102.99", "103–110"]),
        ("100", "100", ["0–79.99", "80–89.99", "90–99.99", "100–100"]),
        ("5", "100", ["0–4.99", "5–14.99"]),
    ],
)
def test_the_bands_of_totals_break_at_the_pass_mark(
    huantai: Campaign, mark: str, full: str, words: list[str]
) -> None:
    """Tenths of the full score around the pass mark, up to the full score."""
    campaign = replace(huantai, pass_score=Decimal(mark))
    campaign.__dict__["max_score"] = Decimal(full)
    assert [word for _low, _high, word in bands(campaign)][: len(words)] == words


def test_a_long_list_says_how_many_and_where() -> None:
    """A list that does not fit names the first, the count and the sheet; a long text ends in dots."""
    names = [f"第{n}社区" for n in range(1, 40)]
    assert shortened(names, 60, "全部见“社区得分”") == "第1社区、第2社区、第3社区等39个，全部见“社区得分”"
    assert shortened(names[:3], 60, "") == "第1社区、第2社区、第3社区"
    assert clipped("坚持美好环境与幸福生活", 12) == "坚持美好环…"


def test_the_title_comes_from_the_standard(huantai: Campaign, other: Campaign) -> None:
    """桓台县绿色社区创建标准（试行） is about 桓台县绿色社区创建."""
    assert subject(huantai) == "桓台县绿色社区创建"
    assert subject(other) == "清远市绿色社区创建"


def test_charts_say_what_they_are(huantai: Campaign) -> None:
    """Each has a title, both axes' names and an alternative text."""
    data = consolidate(*round_of(huantai, drawn(huantai, 1)), DAY)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    charts = [
        ElementTree.fromstring(parts[name]) for name in sorted(parts) if name.startswith("xl/charts/chart")
    ]
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    titles = [[e.text for e in chart.iter(f"{drawing}t")] for chart in charts]
    assert titles == [
        ["各街道（镇）参与率、达标率", "街道（镇）", "占分母的比率"],
        ["社区得分分布", "合计分值（深色：80分及以上，达标）", "社区数"],
        ["各条标准失分率（按内容分组）", "创建标准（条目、内容）", "失分率"],
    ]
    described = [
        e.get("descr")
        for name in parts
        if name.startswith("xl/drawings/drawing")
        for e in ElementTree.fromstring(parts[name]).iter()
        if e.get("descr")
    ]
    assert len(described) == 3


def test_names_that_spread_sheets_misread_are_counted_right(
    office: Office, tmp_path: Path, huantai: Campaign
) -> None:
    """Towns called 「*」 or 「>0」 and communities with quotes count as what they are."""
    towns = (Town("*"), Town(">0"), Town("西\"街'"))
    communities = tuple(Community(n, towns[n % 3].name, f"社区'{n}", False) for n in range(6))
    campaign = replace(huantai, towns=towns, communities=tuple(sorted(communities, key=lambda c: c.number)))
    result, tables = round_of(campaign, {c: [4.5] * 20 for c in communities[:4]})
    path = tmp_path / "odd.xlsx"
    path.write_bytes(consolidate(result, tables, DAY))
    assert differing(office, path) == []
    grid = TownGrid(campaign)
    rows = cells(path.read_bytes(), "街道（镇）汇总")[grid.first_row : grid.county_row + 1]
    assert [row[:5] for row in rows] == [
        ["*", 2, 2, 2, 0],
        [">0", 2, 1, 1, 0],
        ["西\"街'", 2, 1, 1, 0],
        ["全县", 6, 4, 4, 0],
    ]


def test_criteria_without_a_score_have_no_average(huantai: Campaign) -> None:
    """No returns: blanks instead of #DIV/0! on 指标分析."""
    grid = CriteriaGrid(huantai)
    rows = cells(consolidate(*round_of(huantai, {}), DAY), "指标分析")[grid.first_row : grid.last_row + 1]
    assert all(row[grid.average] in (None, "") and row[grid.loss_rate] in (None, "") for row in rows)
    assert [row[grid.scored] for row in rows] == [0] * 20


def test_a_list_that_outgrows_a_sheet_goes_on_in_the_next(
    huantai: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No lost point is cut off: the rows of all the sheets together are the losses, once each."""
    monkeypatch.setattr("greenxl.report.sheets.criteria.MOST_ROWS", 100)
    result, tables = samples(huantai, "returned")
    data = consolidate(result, tables, date(2021, 9, 30))
    names = [name for name in opened(data).sheetnames if name.startswith("整改清单")]
    assert names == ["整改清单", "整改清单2", "整改清单3"]
    rows = [row for name in names for row in cells(data, name)[3:] if isinstance(row[0], int)]
    assert len(rows) == len(tables.losses)
    assert len({(row[1], row[2], row[5]) for row in rows}) == len(rows)


def test_links_stop_where_excel_stops_them(huantai: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit a name stands without a link; nothing is refused or lost."""
    monkeypatch.setattr("greenxl.xlsx.MOST_LINKS", 5)
    result, tables = samples(huantai, "returned")
    data = consolidate(result, tables, date(2021, 9, 30))
    rows = [row for row in cells(data, "整改清单") if isinstance(row[0], int)]
    assert [row[2] for row in rows] == list(tables.losses["community"])
    linked = [cell for row in opened(data)["整改清单"].iter_rows() for cell in row if cell.hyperlink]
    assert len(linked) == 5


def test_a_department_may_be_called_as_a_column_is(huantai: Campaign) -> None:
    """The list of losses stays a table, which two headings alike would undo."""
    groups = tuple(replace(group, departments=("社区", "街道（镇）")) for group in huantai.groups)
    campaign = replace(huantai, groups=groups)
    data = consolidate(*round_of(campaign, {campaign.communities[0]: [4] * 20}), DAY)
    [table] = opened(data)["整改清单"].tables.values()
    assert table.column_names[-2:] == ["社区（部门）", "街道（镇）（部门）"]
