"""总览: one A4 page that a leader reads in a minute; the verdict stands first, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import plain
from greenxl.report.charts import bands_chart, rates_chart
from greenxl.report.layout import (
    COUNTY,
    CRITERIA,
    OVERVIEW,
    PILOT,
    PILOT_FLAG,
    SCORES,
    SHEETS,
    TOWNS,
    CriteriaGrid,
    TownGrid,
    cell_of,
    in_bands,
)
from greenxl.report.previous import Change, Previous
from greenxl.report.sentences import Part, caveats, counts, day, reporting, since, verdict
from greenxl.report.style import (
    FAINT,
    HEAD,
    LINK,
    PALE_GREEN,
    RATE,
    RULE,
    Style,
    clipped,
    shortened,
)
from greenxl.rounds.evaluate import Round
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import Tables, points, totals_of
from greenxl.scoring.vocabulary import STATUS_WORDS, subject
from greenxl.xlsx import line_count, size_to_fit, write_cell, write_formula, write_link, write_merged

WIDTHS = (17, 7, 7, 7, 7, 8.5, 7, 8.5, 7, 12.5, 12.5)
LAST = len(WIDTHS) - 1
WIDTH = sum(WIDTHS)
TOWN_COLUMNS = ("街道（镇）", "创建名单", "参与", *STATUS_WORDS.values(), "参与率", "达标率")
OPEN: tuple[Status, ...] = (Status.MISSING, Status.INCOMPLETE, Status.INVALID, Status.CONFLICT, Status.FAILED)
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
        write_merged(self.sheet, (self.row, first, self.row, last), text, look)


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
        page.sheet.set_column(column, column, width, style.format())
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
    write_formula(sheet, row, column, f"={'&'.join(pieces)}", look, words)
    return words


def _quoted(words: str) -> str:
    escaped = words.replace('"', '""')
    return f'"{escaped}"'


def _head(page: Page, tables: Tables, as_of: date) -> None:
    campaign, style = page.style.campaign, page.style
    title = f"{subject(campaign)}情况汇总（{campaign.year}年）"
    size = size_to_fit(title, WIDTH, 20)
    look = style.format(font_name=campaign.fonts.title, font_size=size, align="center")
    page.across(0, LAST, title, look)
    page.end(38)
    line = style.format(font_size=10, font_color=FAINT, align="center")
    page.across(0, LAST, f"{campaign.authority}　数据截至{day(as_of)}", line)
    page.end(20)
    for parts, size in ((verdict(campaign, tables.county), 13), (counts(campaign, tables.county), 11)):
        look = style.format(bold=size > 11, font_size=size, text_wrap=True, bg_color=HEAD, indent=1)
        page.across(0, LAST, "", look)
        words = say(page.sheet, page.row, 0, parts, look)
        page.end(size * 1.4 * line_count(words, WIDTH * 11 / size - 4) + 8)
    note = style.format(font_size=9, font_color=FAINT, text_wrap=True, bg_color=HEAD, indent=1)
    caveat = caveats(campaign, tables)
    page.across(0, LAST, caveat, note)
    page.end(12.5 * line_count(caveat, WIDTH * 11 / 9 - 4) + 6)
    page.end(GAP)


def _towns(page: Page, tables: Tables) -> None:
    """Write the county in large figures and under it a row per town, with bars in the rates' cells."""
    grid, first = TownGrid(page.style.campaign), page.row + 1
    _headings(page, TOWN_COLUMNS)
    _counts(page, grid.county_row, COUNTY, tables.county, size=16)
    page.end(30)
    few = len(tables.towns) <= 6
    for source, (name, town) in enumerate(tables.towns.iterrows(), grid.first_row):
        _counts(page, source, str(name), town, size=11 if few else 10)
        tall = 13.5 * line_count(str(name), WIDTHS[0] - 3) + (6.5 if few else 1.5)
        page.end(tall)
    for column in (LAST - 1, LAST):
        page.sheet.conditional_format(first, column, page.row - 1, column, RATE_BAR)
    page.end(GAP)


def _headings(page: Page, headings: Sequence[str]) -> None:
    head = page.style.cell(bold=True, align="center", bg_color=HEAD, font_size=9)
    for column, heading in enumerate(headings):
        write_cell(page.sheet, page.row, column, heading, head)
    page.end(18)


def _counts(page: Page, source: int, name: str, counts: "pd.Series[Any]", *, size: int) -> None:
    style, grid, bold = page.style, TownGrid(page.style.campaign), size > 11
    look = style.cell(bold=True, font_size=min(size, 12), indent=1)
    write_cell(page.sheet, page.row, 0, name, look)
    number = style.number(font_size=size, bold=bold)
    for column, key in enumerate(("listed", "participating", *Status), 1):
        value = f"={cell_of(TOWNS, source, column)}"
        write_formula(page.sheet, page.row, column, value, number, int(counts[key]))
    rate = style.number(font_size=size, bold=bold, num_format=RATE)
    for column, where, key in (
        (LAST - 1, grid.participation_rate, "participation_rate"),
        (LAST, grid.pass_rate, "pass_rate"),
    ):
        value = f"={cell_of(TOWNS, source, where)}"
        write_formula(page.sheet, page.row, column, value, rate, float(counts[key]))


def _charts(page: Page, tables: Tables, row: int, height: float) -> None:
    """Insert the charts into the row that was kept for them, as high as the page has room."""
    page.sheet.set_row(row, height)
    pixels = [int(width * 7 + 5) for width in WIDTHS]
    left, right = sum(pixels[:RIGHT_CHART]) - 8, sum(pixels[RIGHT_CHART:]) - 2
    size = int(height * 4 / 3) - 2
    few = max(in_bands(page.style.campaign, totals_of(tables))) < 5
    for chart, column, width, words in (
        (rates_chart(page.style, size), 0, left, "各街道（镇）参与率、达标率柱形图，虚线为全县目标。"),
        (
            bands_chart(page.style, size, few=few),
            RIGHT_CHART,
            right,
            "社区合计分值分布柱形图，深色为达标。",
        ),
    ):
        chart.set_size({"width": width, "height": size})
        chart.set_chartarea({"border": {"color": RULE}})
        described = {"description": f"{words}数据见“{TOWNS}”。", "object_position": 1}
        page.sheet.insert_chart(row, column, chart, described)


def _names(page: Page, tables: Tables) -> None:
    """Write who has not returned, who must mend their return, who failed, and how the pilots stand."""
    style, grid, frame = page.style, TownGrid(page.style.campaign), tables.communities
    head = style.cell(bold=True, align="center", bg_color=HEAD, font_size=9)
    write_cell(page.sheet, page.row, 0, "需跟进的社区", head)
    write_cell(page.sheet, page.row, 1, "个数", head)
    page.across(2, LAST, "名单", head)
    page.end(18)
    for status in OPEN:
        rows = frame[frame["status"] == status]
        source = grid.county(grid.passed + list(Status).index(status))
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
    write_cell(page.sheet, page.row, 0, label, style.cell(bold=True, indent=1))
    write_formula(page.sheet, page.row, 1, formula, style.number(bold=True), len(names))
    page.across(2, LAST, words or "无", style.cell(font_size=9))
    page.end(12.5 * line_count(words, room) + 6)


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
    write_cell(page.sheet, page.row, 0, f"失分率最高{WORST}条", head)
    page.across(1, 4, "创建标准", head)
    write_cell(page.sheet, page.row, 5, "失分率", head)
    write_cell(page.sheet, page.row, 6, "失分社区", head)
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
    write_cell(page.sheet, row, 0, label, small)
    page.across(1, 4, text, style.cell(font_size=9))
    rate = style.number(num_format=RATE, bold=True)
    write_formula(
        page.sheet, row, 5, f"={grid.cell(number, grid.loss_rate)}", rate, float(criterion["loss_rate"])
    )
    losers = f"={grid.cell(number, grid.losers)}"
    write_formula(page.sheet, row, 6, losers, style.number(), len(criterion["losers"]))
    page.across(7, LAST, departments, small)
    tall = max(
        11 * line_count(label, WIDTHS[0] * 11 / 8 - 1),
        12.5 * line_count(text, sum(WIDTHS[1:5]) * 11 / 9),
        11 * line_count(departments, sum(WIDTHS[7:]) * 11 / 8),
    )
    page.end(tall + 6)


def worst_criteria(tables: Tables) -> list[int]:
    """Return the numbers of the criteria that lost the largest part of their points, at most five."""
    lost = tables.criteria[tables.criteria["lost"] > 0]
    rates = lost["loss_rate"].astype(float).sort_values(ascending=False, kind="stable")
    return [int(str(number)) for number in rates.index[:WORST]]


def _quality(page: Page, result: Round, tables: Tables, as_of: date) -> None:
    for words in reporting(result, tables, as_of):
        page.across(0, LAST, words, page.style.format(font_size=9, text_wrap=True))
        page.end(12.5 * line_count(words, WIDTH * 11 / 9) + 3)


def _since(page: Page, previous: Previous, changes: Sequence[Change]) -> None:
    """Write in one line what changed since the earlier workbook."""
    look = page.style.format(font_size=9, text_wrap=True, bold=True)
    page.across(0, LAST, "", look)
    words = say(page.sheet, page.row, 0, since(page.style.campaign, previous, changes), look)
    page.end(12.5 * line_count(words, WIDTH * 11 / 9) + 3)


def _links(page: Page) -> None:
    """Write where the other sheets are, in one line of links."""
    look = page.style.format(font_size=9, font_color=LINK, underline=1, align="center")
    write_cell(page.sheet, page.row, 0, "各项数据可逐格追溯：", page.style.format(font_size=9))
    places = ((1, 2), (3, 4), (5, 6), (7, 8), (9, 9), (10, 10))
    for (first, last), name in zip(places, SHEETS[1:], strict=True):
        page.across(first, last, "", look)
        write_link(page.sheet, page.row, first, f"internal:'{name}'!A1", name, look)
    page.end(16)


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
