"""总览: one A4 page that a leader reads in a minute; the verdict stands first, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import Campaign
from greenxl.checking import plain
from greenxl.choosing import Status
from greenxl.consolidated_layout import (
    CHANGES,
    COUNTY,
    CRITERIA,
    FINDINGS,
    OUTCOME_WORDS,
    OVERVIEW,
    PILOT,
    PILOT_FLAG,
    RETURNED_WORDS,
    SCORES,
    SEVERITY_WORDS,
    SHEETS,
    STATUS_WORDS,
    TOWNS,
    VERDICT_WORDS,
    ChangesGrid,
    CriteriaGrid,
    TownGrid,
    bands,
    cell_of,
    range_of,
    subject,
)
from greenxl.consolidated_style import (
    FAINT,
    GREEN,
    HEAD,
    LINK,
    ORANGE,
    PALE_GREEN,
    RATE,
    RULE,
    Style,
    clipped,
    shortened,
)
from greenxl.consolidated_towns import basis_words, needed
from greenxl.findings import Severity, count
from greenxl.merging import Round
from greenxl.previous import Change, Previous
from greenxl.tables import STATUSES, Tables, points
from greenxl.workbook import calculate, lines, link, merge, put, size_to_fit

WIDTHS = (17, 7, 7, 7, 7, 8.5, 7, 8.5, 7, 12.5, 12.5)
LAST = len(WIDTHS) - 1
WIDTH = sum(WIDTHS)
TOWN_COLUMNS = ("街道（镇）", "创建名单", "参与", *STATUS_WORDS.values(), "参与率", "达标率")
OPEN: tuple[Status, ...] = ("missing", "incomplete", "invalid", "conflict", "failed")
"""The lists of names, in the order in which they call for action."""
RIGHT_CHART = 7
"""The column at which the second chart begins."""
GAP = 7
HEIGHT = 828
"""Points that an A4 page holds at the scale at which its width is filled."""
CHARTS = (168, 330)
WORST = 5
RATE_BAR = {
    "type": "data_bar",
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 1,
    "bar_color": PALE_GREEN,
    "bar_border_color": PALE_GREEN,
    "bar_solid": True,
}

Part = str | tuple[str, str]
"""A piece of a live sentence: words, or an expression and the words that it gives now."""


@dataclass
class Page:
    """The page in the making: the row to write next, and the height that is taken."""

    sheet: Worksheet
    style: Style
    row: int = 0
    taken: float = 0

    def end(self, height: float) -> None:
        """Give the row its height and go to the next."""
        self.sheet.set_row(self.row, height)
        self.row += 1
        self.taken += height

    def across(self, first: int, last: int, text: str, look: Any) -> None:
        merge(self.sheet, (self.row, first, self.row, last), text, look)


def write_overview(
    style: Style,
    result: Round,
    tables: Tables,
    as_of: date,
    previous: Previous | None = None,
    changes: Sequence[Change] = (),
) -> None:
    page = Page(style.book.sheet(OVERVIEW), style)
    for column, width in enumerate(WIDTHS):
        page.sheet.set_column(column, column, width, style.look())
    _head(page, tables, as_of)
    _towns(page, tables)
    charts = page.row
    page.end(0)
    page.end(GAP)
    _names(page, tables)
    _worst(page, tables)
    _quality(page, result, tables, as_of)
    if previous:
        _since(page, previous, changes)
    _links(page)
    _charts(page, tables, charts, min(CHARTS[1], max(CHARTS[0], HEIGHT - page.taken)))
    _print(page)


def say(sheet: Worksheet, row: int, column: int, parts: Sequence[Part], look: Any) -> str:
    """Write a sentence whose figures are live, and return how it reads now."""
    words = "".join(part if isinstance(part, str) else part[1] for part in parts)
    pieces = (_quoted(part) if isinstance(part, str) else part[0] for part in parts)
    calculate(sheet, row, column, f"={'&'.join(pieces)}", look, words)
    return words


def _quoted(words: str) -> str:
    escaped = words.replace('"', '""')
    return f'"{escaped}"'


def percent_words(part: int, whole: int) -> str:
    """Return a rate as TEXT(…, "0.0%") writes it: a half goes upwards."""
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def _head(page: Page, tables: Tables, as_of: date) -> None:
    campaign, style = page.style.campaign, page.style
    title = f"{subject(campaign)}情况汇总（{campaign.year}年）"
    size = size_to_fit(title, WIDTH, 20)
    look = style.look(font_name=campaign.fonts.title, font_size=size, align="center")
    page.across(0, LAST, title, look)
    page.end(38)
    line = style.look(font_size=10, font_color=FAINT, align="center")
    page.across(0, LAST, f"{campaign.authority}　数据截至{day(as_of)}", line)
    page.end(20)
    for parts, size in ((verdict(campaign, tables.county), 13), (counts(campaign, tables.county), 11)):
        look = style.look(bold=size > 11, font_size=size, text_wrap=True, bg_color=HEAD, indent=1)
        page.across(0, LAST, "", look)
        words = say(page.sheet, page.row, 0, parts, look)
        page.end(size * 1.4 * lines(words, WIDTH * 11 / size - 4) + 8)
    note = style.look(font_size=9, font_color=FAINT, text_wrap=True, bg_color=HEAD, indent=1)
    caveat = caveats(campaign, tables.county)
    page.across(0, LAST, caveat, note)
    page.end(12.5 * lines(caveat, WIDTH * 11 / 9 - 4) + 6)
    page.end(GAP)


def day(date: date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"


def verdict(campaign: Campaign, county: "pd.Series[Any]") -> list[Part]:
    """Return the sentence that the page is about: the rate, and the target met or missed by how much."""
    grid = TownGrid(campaign)
    passed, whole = int(county["passed"]), int(county["denominator"])
    basis = "，按创建名单口径" if county["denominator_basis"] == "roster" else ""
    rate: list[Part] = [
        "达标率",
        (f'TEXT({grid.county(grid.pass_rate)},"0.0%")', percent_words(passed, whole)),
        "（",
        (grid.county(grid.passed), str(passed)),
        "/",
        (grid.county(grid.denominator), str(whole)),
        f"{basis}）",
    ]
    percent = county["target_percent"]
    if percent is None:
        return [*rate, f"；{campaign.year}年没有规定目标，不作结论。"]
    ahead = passed - needed(whole, percent)
    target, wants, gap = (cell_of(TOWNS, grid.target_row + k, 1) for k in range(3))
    met = f'IF({gap}>=0,"已达到","未达到")'
    far = f'IF({gap}>0,"，多"&{gap}&"个",IF({gap}=0,"，恰好达到","，还差"&-{gap}&"个"))'
    return [
        (met, "已达到" if ahead >= 0 else "未达到"),
        f"{campaign.year}年",
        (target, str(percent)),
        "%的目标：",
        *rate,
        "，需",
        (wants, str(needed(whole, percent))),
        "个",
        (far, f"，多{ahead}个" if ahead > 0 else "，恰好达到" if ahead == 0 else f"，还差{-ahead}个"),
        "。",
    ]


def counts(campaign: Campaign, county: "pd.Series[Any]") -> list[Part]:
    """Return how many are listed, take part, passed and failed, and how many are open."""
    grid = TownGrid(campaign)

    def figure(column: int, name: str) -> Part:
        return grid.county(column), str(county[name])

    left = f"{grid.county(grid.listed)}-{grid.county(grid.passed)}-{grid.county(grid.failed)}"
    undecided = county["listed"] - county["passed"] - county["failed"]
    rate = percent_words(int(county["participating"]), int(county["denominator"]))
    return [
        f"{COUNTY}创建名单",
        figure(grid.listed, "listed"),
        "个社区，参与",
        figure(grid.participating, "participating"),
        "个（参与率",
        (f'TEXT({grid.county(grid.participation_rate)},"0.0%")', rate),
        "），达标",
        figure(grid.passed, "passed"),
        "个，未达标",
        figure(grid.failed, "failed"),
        "个，",
        (
            f'IF({left}>0,"其余"&({left})&"个尚无结论。","全部已有结论。")',
            f"其余{undecided}个尚无结论。" if undecided else "全部已有结论。",
        ),
    ]


def caveats(campaign: Campaign, county: "pd.Series[Any]") -> str:
    """Return what must be known to read the rates right."""
    base = f"达标：得分齐全且合计不低于{plain(campaign.pass_score)}分。"
    if county["target_percent"] is None:
        base += f"方案没有规定{campaign.year}年的目标，不作结论。"
    if county["denominator_basis"] == "roster":
        base += f"方案未给出城市社区总数，比率{basis_words(county)}，"
        base += "结论仅按创建名单口径。" if county["target_percent"] is not None else "仅按创建名单口径。"
    else:
        base += f"比率{basis_words(county)}。"
    return f"{base}未报送的社区不按0分计，仍在分母内。"


def _towns(page: Page, tables: Tables) -> None:
    """Write the county in large figures and under it a row per town, with bars in the rates' cells."""
    grid, first = TownGrid(page.style.campaign), page.row + 1
    _headings(page, TOWN_COLUMNS)
    _counts(page, grid.county_row, COUNTY, tables.county, size=16)
    page.end(30)
    few = len(tables.towns) <= 6
    for source, (name, town) in enumerate(tables.towns.iterrows(), grid.first_row):
        _counts(page, source, str(name), town, size=11 if few else 10)
        tall = 13.5 * lines(str(name), WIDTHS[0] - 3) + (6.5 if few else 1.5)
        page.end(tall)
    for column in (LAST - 1, LAST):
        page.sheet.conditional_format(first, column, page.row - 1, column, RATE_BAR)
    page.end(GAP)


def _headings(page: Page, headings: Sequence[str]) -> None:
    head = page.style.cell(bold=True, align="center", bg_color=HEAD, font_size=9)
    for column, heading in enumerate(headings):
        put(page.sheet, page.row, column, heading, head)
    page.end(18)


def _counts(page: Page, source: int, name: str, counts: "pd.Series[Any]", *, size: int) -> None:
    style, grid, bold = page.style, TownGrid(page.style.campaign), size > 11
    look = style.cell(bold=True, font_size=min(size, 12), indent=1)
    put(page.sheet, page.row, 0, name, look)
    number = style.number(font_size=size, bold=bold)
    for column, key in enumerate(("listed", "participating", *STATUSES), 1):
        value = f"={cell_of(TOWNS, source, column)}"
        calculate(page.sheet, page.row, column, value, number, int(counts[key]))
    rate = style.number(font_size=size, bold=bold, num_format=RATE)
    for column, where, key in (
        (LAST - 1, grid.participation_rate, "participation_rate"),
        (LAST, grid.pass_rate, "pass_rate"),
    ):
        value = f"={cell_of(TOWNS, source, where)}"
        calculate(page.sheet, page.row, column, value, rate, float(counts[key]))


def _charts(page: Page, tables: Tables, row: int, height: float) -> None:
    """Insert the charts into the row that was kept for them, as high as the page has room."""
    page.sheet.set_row(row, height)
    pixels = [int(width * 7 + 5) for width in WIDTHS]
    left, right = sum(pixels[:RIGHT_CHART]) - 8, sum(pixels[RIGHT_CHART:]) - 2
    size = int(height * 4 / 3) - 2
    few = tables.communities["total"].notna().sum() < 5
    for chart, column, width, words in (
        (_rates_chart(page.style, size), 0, left, "各街道（镇）参与率、达标率柱形图，虚线为全县目标。"),
        (
            _bands_chart(page.style, size, few=few),
            RIGHT_CHART,
            right,
            "社区合计分值分布柱形图，深色为达标。",
        ),
    ):
        chart.set_size({"width": width, "height": size})
        chart.set_chartarea({"border": {"color": RULE}})
        described = {"description": f"{words}数据见“{TOWNS}”。", "object_position": 1}
        page.sheet.insert_chart(row, column, chart, described)


def _rates_chart(style: Style, size: int) -> Any:
    grid = TownGrid(style.campaign)
    last = grid.county_row
    names = range_of(TOWNS, grid.first_row, grid.name, last, grid.name)
    chart = style.book.chart("column")
    for column, name, colour in (
        (grid.participation_rate, "参与率", PALE_GREEN),
        (grid.pass_rate, "达标率", GREEN),
    ):
        values = range_of(TOWNS, grid.first_row, column, last, column)
        chart.add_series(
            {"name": name, "categories": names, "values": values, "fill": {"color": colour}, "gap": 60}
        )
    if style.campaign.target_percent is not None:
        line = style.book.chart("line")
        line.add_series(
            {
                "name": f"目标{style.campaign.target_percent}%",
                "categories": names,
                "values": range_of(TOWNS, grid.first_row, grid.target, last, grid.target),
                "line": {"color": ORANGE, "width": 2, "dash_type": "dash"},
            }
        )
        chart.combine(line)
    chart.set_title({"name": "各街道（镇）参与率、达标率", "name_font": style.chart_font(11)})
    place = {"x": 0.2, "y": 34 / size, "width": 0.7, "height": 24 / size}
    chart.set_legend({"position": "top", "font": style.chart_font(9), "layout": place})
    chart.set_x_axis(style.axis("街道（镇）"))
    few = len(style.campaign.towns) <= 6
    rates = {"num_format": "0%", "min": 0, "max": 1, "major_unit": 0.2 if few else 0.5}
    chart.set_y_axis({**style.axis("占分母的比率"), **rates})
    below = 50 if few else 82  # long rows of names are turned
    plot = {"x": 0.12, "y": 70 / size, "width": 0.85, "height": (size - 70 - below) / size}
    chart.set_plotarea({"layout": plot})
    return chart


def _bands_chart(style: Style, size: int, *, few: bool) -> Any:
    grid, campaign = TownGrid(style.campaign), style.campaign
    first, last = grid.bands_row + 1, grid.last_band_row
    shades = [GREEN if low >= campaign.pass_score else "#C9C9C9" for low, _high, _words in bands(campaign)]
    chart = style.book.chart("column")
    chart.add_series(
        {
            "name": "社区数",
            "categories": range_of(TOWNS, first, 0, last, 0),
            "values": range_of(TOWNS, first, 1, last, 1),
            "points": [{"fill": {"color": shade}} for shade in shades],
            "data_labels": {"value": True, "font": style.chart_font(9)},
            "gap": 30,
        }
    )
    chart.set_title({"name": "社区得分分布", "name_font": style.chart_font(11)})
    chart.set_legend({"none": True})
    chart.set_x_axis(style.axis(f"合计分值（深色：{plain(campaign.pass_score)}分及以上，达标）"))
    whole = {"max": 5, "major_unit": 1} if few else {}  # else the axis would count in fifths
    chart.set_y_axis({**style.axis("社区数"), "min": 0, **whole})
    plot = {"x": 0.15, "y": 46 / size, "width": 0.82, "height": (size - 46 - 52) / size}
    chart.set_plotarea({"layout": plot})
    return chart


def _names(page: Page, tables: Tables) -> None:
    """Write who has not returned, who must mend their return, who failed, and how the pilots stand."""
    style, grid, frame = page.style, TownGrid(page.style.campaign), tables.communities
    head = style.cell(bold=True, align="center", bg_color=HEAD, font_size=9)
    put(page.sheet, page.row, 0, "需跟进的社区", head)
    put(page.sheet, page.row, 1, "个数", head)
    page.across(2, LAST, "名单", head)
    page.end(18)
    for status in OPEN:
        rows = frame[frame["status"] == status]
        source = grid.county(grid.passed + STATUSES.index(status))
        _list(page, STATUS_WORDS[status], f"={source}", _named(rows))
    pilots = frame[frame["pilot"]]
    if len(pilots):
        states = (STATUS_WORDS[status] for status in pilots["status"])
        names = [f"{name}{state}" for name, state in zip(_named(pilots), states, strict=True)]
        grid_of_scores = style.scores
        formula = f'=COUNTIF({grid_of_scores.column(PILOT_FLAG)},"{PILOT}")'
        _list(page, f"{PILOT}社区", formula, names)
    page.end(GAP)


def _list(page: Page, label: str, formula: str, names: Sequence[str]) -> None:
    style, room = page.style, sum(WIDTHS[2:]) * 11 / 9 - 2
    words = shortened(names, room * 2 - 8, f"全部见“{SCORES}”")
    put(page.sheet, page.row, 0, label, style.cell(bold=True, indent=1))
    calculate(page.sheet, page.row, 1, formula, style.number(bold=True), len(names))
    page.across(2, LAST, words or "无", style.cell(font_size=9))
    page.end(12.5 * lines(words, room) + 6)


def _named(rows: pd.DataFrame) -> list[str]:
    """Return the communities' names, a total in brackets where there is one."""
    totals = (points(total) for total in rows["total"])
    return [
        name if total is None else f"{name}（{plain(total)}分）"
        for name, total in zip(rows["community"], totals, strict=True)
    ]


def _worst(page: Page, tables: Tables) -> None:
    """Write the criteria that lost most, and who is concerned."""
    style, worst = page.style, worst_criteria(tables)
    head = style.cell(bold=True, align="center", bg_color=HEAD, font_size=9)
    put(page.sheet, page.row, 0, f"失分率最高{WORST}条", head)
    page.across(1, 4, "创建标准", head)
    put(page.sheet, page.row, 5, "失分率", head)
    put(page.sheet, page.row, 6, "失分社区", head)
    page.across(7, LAST, "涉及部门（共同负责）", head)
    page.end(18)
    for number in worst:
        _criterion(page, number, tables.criteria.to_dict("index")[number])
    if not worst:
        page.across(0, LAST, "尚无失分记录。", style.cell(font_size=9, font_color=FAINT))
        page.end(18)
    page.end(GAP)


def _criterion(page: Page, number: int, criterion: Mapping[Any, Any]) -> None:
    style, grid, row = page.style, CriteriaGrid(page.style.campaign), page.row
    group = style.campaign.groups[criterion["group"]]
    where = f"全部见“{CRITERIA}”"
    departments = shortened(group.departments, 3 * sum(WIDTHS[7:]), where) or "未指定"
    label, text = f"{number}．{group.title}", clipped(criterion["text"], 3.4 * sum(WIDTHS[1:5]))
    small = style.cell(font_size=8)
    put(page.sheet, row, 0, label, small)
    page.across(1, 4, text, style.cell(font_size=9))
    rate = style.number(num_format=RATE, bold=True)
    calculate(
        page.sheet, row, 5, f"={grid.cell(number, grid.loss_rate)}", rate, float(criterion["loss_rate"])
    )
    losers = f"={grid.cell(number, grid.losers)}"
    calculate(page.sheet, row, 6, losers, style.number(), len(criterion["losers"]))
    page.across(7, LAST, departments, small)
    tall = max(
        11 * lines(label, WIDTHS[0] * 11 / 8 - 1),
        12.5 * lines(text, sum(WIDTHS[1:5]) * 11 / 9),
        11 * lines(departments, sum(WIDTHS[7:]) * 11 / 8),
    )
    page.end(tall + 6)


def worst_criteria(tables: Tables) -> list[int]:
    """Return the numbers of the criteria that lost the largest part of their points, at most five."""
    lost = tables.criteria[tables.criteria["lost"] > 0]
    rates = lost["loss_rate"].astype(float).sort_values(ascending=False, kind="stable")
    return [int(str(number)) for number in rates.index[:WORST]]


def _quality(page: Page, result: Round, tables: Tables, as_of: date) -> None:
    for words in reporting(result, tables, as_of):
        page.across(0, LAST, words, page.style.look(font_size=9, text_wrap=True))
        page.end(12.5 * lines(words, WIDTH * 11 / 9) + 3)


def _since(page: Page, previous: Previous, changes: Sequence[Change]) -> None:
    """Write in one line what changed since the earlier workbook."""
    grid = ChangesGrid(page.style.campaign)

    def tally(column: int, criterion: str, count: int) -> Part:
        return f'COUNTIF({grid.column(column)},"{criterion}")', str(count)

    moved = [change.difference for change in changes if change.difference]
    when = f"，数据截至{previous.as_of}" if previous.as_of else ""
    look = page.style.look(font_size=9, text_wrap=True, bold=True)
    page.across(0, LAST, "", look)
    words = say(
        page.sheet,
        page.row,
        0,
        [
            f"与上次相比（{previous.file[:60]}{when}）：新报送",
            tally(grid.returned, RETURNED_WORDS[0], sum(c.newly_returned for c in changes)),
            "个，新达标",
            tally(grid.verdict, VERDICT_WORDS[0], sum(c.newly_passed for c in changes)),
            "个，不再达标",
            tally(grid.verdict, VERDICT_WORDS[1], sum(c.fallen for c in changes)),
            "个；合计分值上升",
            tally(grid.difference, ">0", sum(d > 0 for d in moved)),
            "个、下降",
            tally(grid.difference, "<0", sum(d < 0 for d in moved)),
            f"个，详见“{CHANGES}”。",
        ],
        look,
    )
    page.end(12.5 * lines(words, WIDTH * 11 / 9) + 3)


def _links(page: Page) -> None:
    """Write where the other sheets are, in one line of links."""
    look = page.style.look(font_size=9, font_color=LINK, underline=1, align="center")
    put(page.sheet, page.row, 0, "各项数据可逐格追溯：", page.style.look(font_size=9))
    places = ((1, 2), (3, 4), (5, 6), (7, 8), (9, 9), (10, 10))
    for (first, last), name in zip(places, SHEETS[1:], strict=True):
        page.across(first, last, "", look)
        link(page.sheet, page.row, first, f"internal:'{name}'!A1", name, look)
    page.end(16)


def reporting(result: Round, tables: Tables, as_of: date) -> Iterable[str]:
    """Return the sentences about how well the towns reported."""
    counts = count(result.findings)
    found = "、".join(f"{SEVERITY_WORDS[s]}{counts[s]}条" for s in Severity)
    files = "、".join(
        f"{word}{sum(e.outcome == outcome for e in result.entries)}个"
        for outcome, word in OUTCOME_WORDS.items()
    )
    yield f"填报质量：收到文件{len(result.entries)}个（{files}）；发现{found}，详见“{FINDINGS}”。"
    deadline, missing = result.campaign.deadline, int(tables.county["missing"])
    late = (as_of - deadline).days
    when = f"已逾期{late}天" if late > 0 else "当日截止" if late == 0 else f"距截止还有{-late}天"
    yield f"报送时限：{day(deadline)}（截至{day(as_of)}，{when}）；未报送{missing}个社区。"


def _print(page: Page) -> None:
    sheet = page.sheet
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, page.row - 1, LAST)
    sheet.hide_gridlines(2)
    sheet.set_footer(f"&C&9{page.style.campaign.authority.replace('&', '&&')}")
