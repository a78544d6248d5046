"""总览: one A4 page that a leader reads in a minute, the verdict first, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import plain
from greenxl.names import bare
from greenxl.report.comparison import Change, Previous
from greenxl.report.layout import (
    CRITERIA,
    OVERVIEW,
    PILOT,
    Properties,
    Table,
    Value,
    scores_sheet,
    sheet_names,
    towns_sheet,
)
from greenxl.report.sheets.bands import in_bands
from greenxl.report.sheets.charts import bands_chart, rates_chart
from greenxl.report.sheets.criteria import criteria_table
from greenxl.report.sheets.scores import score_table
from greenxl.report.sheets.sentences import (
    Part,
    caveats,
    counts,
    day,
    formula_of,
    reporting,
    since,
    verdict,
    words_of,
)
from greenxl.report.sheets.towns import TownTable, town_table
from greenxl.report.style import (
    BOLD,
    BOLD_NUMBER,
    FAINT,
    HEAD,
    HEADING,
    LINK,
    NUMBER,
    PALE_GREEN,
    RATE,
    RATE_BAR,
    RULE,
    TEXT,
    Style,
    clipped,
    shortened,
)
from greenxl.rounds.evaluate import Round
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CommunityRow, Counts, CriterionRow, Tables
from greenxl.scoring.vocabulary import status_words, subject
from greenxl.xlsx import (
    line_count,
    size_to_fit,
    text_width,
    write_cell,
    write_formula,
    write_link,
    write_merged,
)

_WIDTHS = (17, 7, 7, 7, 7, 8.5, 7, 8.5, 7, 12.5, 12.5)
_LAST = len(_WIDTHS) - 1
_RIGHT_CHART = 7
"""The column at which the second chart begins."""
_TOWN_COLUMNS = ("town", "listed", "participating", *map(str, Status), "participation_rate", "pass_rate")
"""What is shown of 街道（镇）汇总, in as many columns as the page has."""
_TO_FOLLOW = (Status.MISSING, Status.INCOMPLETE, Status.INVALID, Status.CONFLICT, Status.FAILED)
"""The lists of names, in the order in which they call for action."""
_WORST = 5
"""Criteria at most that are named for their loss rate."""
_GAP = 7
"""Points between the parts of the page."""
_HEIGHT = 828
"""Points that an A4 page holds at the scale at which its width is filled."""
_CHART_HEIGHTS = (168, 330)
"""Points that the charts have at least and at most."""
_SMALL_HEADING: Properties = {**HEADING, "font_size": 9}
_RATE_BAR = {**RATE_BAR, "bar_border_color": PALE_GREEN}


@dataclass
class _Page:
    """The page in the making: the row to write next, and the height in points that is taken."""

    sheet: Worksheet
    style: Style
    row: int = 0
    taken: float = 0

    def end(self, height: float) -> None:
        """Give the row its height and go to the next."""
        self.sheet.set_row(self.row, height)
        self.row += 1
        self.taken += height

    def write(self, column: int, value: Value, properties: Properties) -> None:
        write_cell(self.sheet, self.row, column, value, self.style.format(properties))

    def across(self, first: int, last: int, text: str, properties: Properties) -> None:
        box = (self.row, first, self.row, last)
        write_merged(self.sheet, box, text, self.style.format(properties))

    def formula(self, column: int, expression: str, value: Value, properties: Properties) -> None:
        """Write a live figure with what it is now."""
        style = self.style.format(properties)
        write_formula(self.sheet, self.row, column, f"={expression}", style, value)

    def sentence(self, parts: Sequence[Part], properties: Properties) -> str:
        """Write a live sentence over the whole width, and return how it reads now."""
        words, style = words_of(parts), self.style.format(properties)
        self.across(0, _LAST, "", properties)
        write_formula(self.sheet, self.row, 0, formula_of(parts), style, words)
        return words


def write_overview(
    style: Style,
    result: Round,
    tables: Tables,
    as_of: date,
    previous: Previous | None = None,
    changes: Sequence[Change] = (),
) -> None:
    """Write the page; ``changes`` are those since the earlier workbook, where there is one."""
    page = _Page(style.book.sheet(OVERVIEW), style)
    for column, width in enumerate(_WIDTHS):
        page.sheet.set_column(column, column, width, style.format())
    _write_head(page, result, tables, as_of)
    _write_towns(page, tables)
    charts_row = page.row
    page.end(0)
    page.end(_GAP)
    _write_names(page, tables)
    _write_worst(page, tables)
    _write_reporting(page, reporting(result, tables, as_of))
    if previous:
        _write_since(page, since(style.campaign, previous, changes))
    _write_links(page)
    least, most = _CHART_HEIGHTS
    _insert_charts(page, tables, charts_row, min(most, max(least, _HEIGHT - page.taken)))
    _set_page(page)


def _width(first: int = 0, last: int = _LAST, size: float = 11) -> float:
    """Return how many characters of a size of type these columns hold in a line."""
    return sum(_WIDTHS[first : last + 1]) * 11 / size


def _heading_height(headings: Iterable[tuple[int, str]]) -> float:
    """Return the height of a row of small headings, each with its column."""
    lines = max(line_count(text, _width(column, column, 9) + 0.5) for column, text in headings)
    return 18 if lines == 1 else 12.5 * lines + 6


def _write_head(page: _Page, result: Round, tables: Tables, as_of: date) -> None:
    """Write title, sender and date, then the verdict, the counts and what must be known beside them."""
    campaign = page.style.campaign
    title = f"{subject(campaign)}情况汇总（{campaign.year}年）"
    size = size_to_fit(title, _width(), 20)
    centred = {"font_name": campaign.fonts.title, "font_size": size, "align": "center"}
    page.across(0, _LAST, title, centred)
    page.end(38)
    faint = {"font_size": 10, "font_color": FAINT, "align": "center"}
    page.across(0, _LAST, f"{campaign.authority}　数据截至{day(as_of)}", faint)
    page.end(20)
    box = {"text_wrap": True, "bg_color": HEAD, "indent": 1}
    for parts, size in ((verdict(result, tables, as_of), 13), (counts(campaign, tables.county), 11)):
        words = page.sentence(parts, {**box, "font_size": size, "bold": size > 11})
        page.end(size * 1.4 * line_count(words, _width(size=size) - 4) + 8)
    words = caveats(campaign, tables)
    page.across(0, _LAST, words, {**box, "font_size": 9, "font_color": FAINT})
    page.end(12.5 * line_count(words, _width(size=9) - 4) + 6)
    page.end(_GAP)


def _write_towns(page: _Page, tables: Tables) -> None:
    """Write the county in large figures and under it a row per town, with bars in the rates' cells."""
    table = town_table(page.style.campaign)
    few, towns = table.towns <= 6, tables.towns if page.style.campaign.has_towns else ()
    headings = [table.columns[table.place(name)].heading for name in _TOWN_COLUMNS]
    for column, heading in enumerate(headings):
        page.write(column, heading, _SMALL_HEADING)
    page.end(_heading_height(enumerate(headings)))
    first = page.row
    _write_counts(page, table, table.county_row, tables.county, size=16)
    page.end(30)
    for row, town in enumerate(towns, table.first_row):
        _write_counts(page, table, row, town, size=11 if few else 10)
        page.end(13.5 * line_count(town.name, _WIDTHS[0] - 3) + (6.5 if few else 1.5))
    for column in (_LAST - 1, _LAST):
        page.sheet.conditional_format(first, column, page.row - 1, column, _RATE_BAR)
    page.end(_GAP)


def _write_counts(page: _Page, table: TownTable, source_row: int, row: Counts, *, size: int) -> None:
    """Write a row of 街道（镇）汇总 in references to its cells, the name as it is."""
    values = dict(zip((column.name for column in table.columns), table.values(row, 0), strict=True))
    name, *figures = _TOWN_COLUMNS
    page.write(0, values[name], {**BOLD, "font_size": min(size, 12), "indent": 1})
    number = {**NUMBER, "font_size": size, "bold": size > 11}
    rate = {**number, "num_format": RATE}
    for column, name in enumerate(figures, 1):
        properties = rate if name.endswith("rate") else number
        page.formula(column, table.cell(source_row, name), values[name], properties)


def _insert_charts(page: _Page, tables: Tables, row: int, height: float) -> None:
    """Insert the charts into the row that was kept for them, as high as the page has room."""
    page.sheet.set_row(row, height)
    pixels = [int(width * 7 + 5) for width in _WIDTHS]
    left, right = sum(pixels[:_RIGHT_CHART]) - 8, sum(pixels[_RIGHT_CHART:]) - 2
    size = int(height * 4 / 3) - 2
    campaign = page.style.campaign
    few, passed = max(in_bands(campaign, tables.totals)) < 5, campaign.pass_words[0]
    rates, totals = rates_chart(page.style, size), bands_chart(page.style, size, few=few)
    each = f"各{campaign.parent}" if campaign.has_towns else ""
    total = bare(campaign.labels.total)
    for chart, column, width, words in (
        (rates, 0, left, f"{each}参与率、{passed}率柱形图，虚线为{campaign.area}目标。"),
        (totals, _RIGHT_CHART, right, f"{campaign.unit}{total}分布柱形图，深色为{passed}。"),
    ):
        chart.set_size({"width": width, "height": size})
        chart.set_chartarea({"border": {"color": RULE}})
        described = {"description": f"{words}数据见“{towns_sheet(campaign)}”。", "object_position": 1}
        page.sheet.insert_chart(row, column, chart, described)


def _write_names(page: _Page, tables: Tables) -> None:
    """Write the names of the communities of each status but passed, and the status of each pilot."""
    campaign = page.style.campaign
    table, statuses = town_table(campaign), status_words(campaign)
    followed = f"需跟进的{campaign.unit}"
    page.write(0, followed, _SMALL_HEADING)
    page.write(1, "个数", _SMALL_HEADING)
    page.across(2, _LAST, "名单", _SMALL_HEADING)
    page.end(_heading_height([(0, followed)]))
    for status in _TO_FOLLOW:
        names = [_named(row) for row in tables.communities if row.status == status]
        _write_list(page, statuses[status], table.county(str(status)), names)
    pilots = [row for row in tables.communities if row.community.pilot]
    if pilots:
        names = [f"{_named(row)}{statuses[row.status]}" for row in pilots]
        cells = score_table(campaign).cells("pilot")
        _write_list(page, f"{PILOT}{campaign.unit}", f'COUNTIF({cells},"{PILOT}")', names)
    page.end(_GAP)


def _named(row: CommunityRow) -> str:
    """Return the community's name, its total in brackets where it has one."""
    return row.community.name if row.total is None else f"{row.community.name}（{plain(row.total)}分）"


def _write_list(page: _Page, label: str, expression: str, names: Sequence[str]) -> None:
    room = _width(2, size=9) - 2
    words = shortened(names, room * 2 - 8, f"全部见“{scores_sheet(page.style.campaign)}”")
    page.write(0, label, {**BOLD, "indent": 1})
    page.formula(1, expression, len(names), BOLD_NUMBER)
    page.across(2, _LAST, words or "无", {**TEXT, "font_size": 9})
    lines = max(line_count(words, room), line_count(label, _width(0, 0, 10) - 3))
    page.end(12.5 * lines + 6)


def _write_worst(page: _Page, tables: Tables) -> None:
    """Write the criteria that lost most, and who is concerned."""
    page.write(0, f"失分率最高{_WORST}条", _SMALL_HEADING)
    page.across(1, 4, bare(page.style.campaign.labels.standard), _SMALL_HEADING)
    page.write(5, "失分率", _SMALL_HEADING)
    losers = f"失分{page.style.campaign.unit}"
    page.write(6, losers, _SMALL_HEADING)
    page.across(7, _LAST, "涉及部门（共同负责）", _SMALL_HEADING)
    page.end(_heading_height([(6, losers)]))
    worst = worst_criteria(tables)
    table = criteria_table(page.style.campaign)
    for row in worst:
        _write_criterion(page, table, row)
    if not worst:
        page.across(0, _LAST, "尚无失分记录。", {**TEXT, "font_size": 9, "font_color": FAINT})
        page.end(18)
    page.end(_GAP)


def worst_criteria(tables: Tables) -> list[CriterionRow]:
    """Return the criteria that lost the largest part of their points, at most five."""
    lost = [row for row in tables.criteria if row.lost > 0]
    return sorted(lost, key=lambda row: row.loss_rate or 0, reverse=True)[:_WORST]


def _write_criterion(page: _Page, table: Table[CriterionRow], row: CriterionRow) -> None:
    number, group = row.criterion.number, page.style.campaign.groups[row.criterion.group]
    source_row = table.header_row + number
    label, text = f"{number}．{group.title}", clipped(row.criterion.text, 3.4 * _width(1, 4))
    where = f"全部见“{CRITERIA}”"
    departments = shortened(group.departments, 3 * _width(7), where) or "未指定"
    page.write(0, label, {**TEXT, "font_size": 8})
    page.across(1, 4, text, {**TEXT, "font_size": 9})
    rate = {**BOLD_NUMBER, "num_format": RATE}
    page.formula(5, table.cell(source_row, "loss_rate"), row.loss_rate, rate)
    page.formula(6, table.cell(source_row, "losers"), len(row.losers), NUMBER)
    page.across(7, _LAST, departments, {**TEXT, "font_size": 8})
    tallest = max(
        11 * line_count(label, _width(0, 0, 8) - 1),
        12.5 * line_count(text, _width(1, 4, 9)),
        11 * line_count(departments, _width(7, size=8)),
    )
    page.end(tallest + 6)


def _write_reporting(page: _Page, sentences: Sequence[str]) -> None:
    for words in sentences:
        page.across(0, _LAST, words, {"font_size": 9, "text_wrap": True})
        page.end(12.5 * line_count(words, _width(size=9)) + 3)


def _write_since(page: _Page, parts: Sequence[Part]) -> None:
    """Write in one line what changed since the earlier workbook."""
    words = page.sentence(parts, {"font_size": 9, "text_wrap": True, "bold": True})
    page.end(12.5 * line_count(words, _width(size=9)) + 3)


def _write_links(page: _Page) -> None:
    """Write where the other sheets are, in one line of links."""
    properties = {"font_size": 9, "font_color": LINK, "underline": 1, "align": "center"}
    page.write(0, "各项数据可逐格追溯：", {"font_size": 9})
    places = ((1, 2), (3, 4), (5, 6), (7, 8), (9, 9), (10, 10))
    for (first, last), name in zip(places, sheet_names(page.style.campaign)[1:], strict=True):
        long = text_width(name) > _width(first, last, 9) - 1
        shown = {**properties, "shrink": True} if long else properties
        page.across(first, last, "", shown)
        target, style = f"internal:'{name}'!A1", page.style.format(shown)
        write_link(page.sheet, page.row, first, target, name, style)
    page.end(16)


def _set_page(page: _Page) -> None:
    """Print on one A4 page, upright."""
    sheet = page.sheet
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, page.row - 1, _LAST)
    sheet.hide_gridlines(2)
    sheet.set_footer(f"&C&9{page.style.campaign.authority.replace('&', '&&')}")
