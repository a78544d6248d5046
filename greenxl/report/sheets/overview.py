"""总览: one A4 page that a leader reads in a minute, the verdict first, in words."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign, Group, plain
from greenxl.campaign.rules import TO_BE_DECIDED
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
from greenxl.report.sheets.charts import bands_chart, rates_chart
from greenxl.report.sheets.columns import has_departments
from greenxl.report.sheets.criteria import criteria_table, criterion_row
from greenxl.report.sheets.levels import level_words
from greenxl.report.sheets.score_table import GRADE, VETO, score_table
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
from greenxl.report.sheets.towns import TownTable, distribution, town_table
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
_LINK_PLACES = ((1, 2), (3, 4), (5, 6), (7, 8), (9, 9), (10, 10))
"""The columns of the links in a line."""
_MOST_TOWNS = 20
"""Towns whose rows and names in a chart have room on the page; of more the best and the last are shown."""
_BEST, _LAST_ONES = 5, 10
_TOWN_COLUMNS = ("town", "listed", "participating", *map(str, Status), "participation_rate", "pass_rate")
"""What is shown of 街道（镇）汇总, in as many columns as the page has."""
_TO_FOLLOW = (Status.MISSING, Status.INCOMPLETE, Status.INVALID, Status.CONFLICT, Status.FAILED)
"""The lists of names, in the order in which they call for action."""
_MOST_VETOES = 3
"""Reasons that are named beside a unit's name."""
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
    if style.campaign.has_levels:
        _write_reporting(page, [level_words(style.campaign, tables)])
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
    few = table.towns <= 6
    headings = [table.columns[table.place(name)].heading for name in _TOWN_COLUMNS]
    for column, heading in enumerate(headings):
        page.write(column, heading, _SMALL_HEADING)
    page.end(_heading_height(enumerate(headings)))
    first = page.row
    _write_counts(page, table, table.county_row, tables.county, size=16)
    page.end(30)
    for heading, rows in _town_lists(page.style.campaign, tables):
        if heading:
            page.across(0, _LAST, heading, {**_SMALL_HEADING, "align": "left", "indent": 1})
            page.end(18)
        for row in rows:
            town = tables.towns[row]
            _write_counts(page, table, table.first_row + row, town, size=11 if few else 10)
            page.end(13.5 * line_count(town.name, _WIDTHS[0] - 3) + (6.5 if few else 1.5))
    for column in (_LAST - 1, _LAST):
        page.sheet.conditional_format(first, column, page.row - 1, column, _RATE_BAR)
    page.end(_GAP)


def _town_lists(campaign: Campaign, tables: Tables) -> list[tuple[str, Sequence[int]]]:
    """Return which towns are shown, by their places, in lists with a heading; "" where all are."""
    if not campaign.has_towns:
        return []
    towns = range(len(tables.towns))
    if len(towns) <= _MOST_TOWNS:
        return [("", towns)]
    falling = sorted(towns, key=lambda place: tables.towns[place].pass_rate, reverse=True)
    rate, parent = f"{campaign.pass_words[0]}率", campaign.parent
    every = f"共{len(towns)}个{parent}，全部见“{towns_sheet(campaign)}”，并列的按名单顺序"
    return [
        (f"{rate}最高的{_BEST}个{parent}（{every}）", falling[:_BEST]),
        (f"{rate}最低的{_LAST_ONES}个{parent}", falling[-_LAST_ONES:]),
    ]


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
    few = max(count for _words, _formula, count in distribution(town_table(campaign), tables)) < 5
    totals, passed = bands_chart(page.style, size, few=few), campaign.pass_words[0]
    each = f"各{campaign.parent}" if campaign.has_towns else ""
    about = GRADE if campaign.grades else bare(campaign.labels.total)
    charts = [(totals, _RIGHT_CHART, right, f"{campaign.unit}{about}分布柱形图，深色为{passed}。")]
    if each and len(tables.towns) > _MOST_TOWNS:
        charts = [(totals, 0, left + right, charts[0][-1])]
    else:
        line = f"，虚线为{campaign.area}目标" if campaign.target_percent is not None else ""
        charts.insert(0, (rates_chart(page.style, size), 0, left, f"{each}参与率、{passed}率柱形图{line}。"))
    for chart, column, width, words in charts:
        chart.set_size({"width": width, "height": size})
        chart.set_chartarea({"border": {"color": RULE}})
        described = {"description": f"{words}数据见“{towns_sheet(campaign)}”。", "object_position": 1}
        page.sheet.insert_chart(row, column, chart, described)


def _write_names(page: _Page, tables: Tables) -> None:
    """Write the names of the communities of each status but passed, and the status of each pilot."""
    campaign = page.style.campaign
    table, statuses = town_table(campaign), status_words(campaign)
    named = partial(_named, namesakes=_namesakes(campaign))
    followed = f"需跟进的{campaign.unit}"
    page.write(0, followed, _SMALL_HEADING)
    page.write(1, "个数", _SMALL_HEADING)
    page.across(2, _LAST, "名单", _SMALL_HEADING)
    page.end(_heading_height([(0, followed)]))
    for status in _TO_FOLLOW:
        names = [named(row) for row in tables.communities if row.status == status]
        _write_list(page, statuses[status], table.county(str(status)), names)
    pilots = [row for row in tables.communities if row.community.pilot]
    if pilots:
        names = [f"{named(row)}{statuses[row.status]}" for row in pilots]
        cells = score_table(campaign).cells("pilot")
        _write_list(page, f"{PILOT}{campaign.unit}", f'COUNTIF({cells},"{PILOT}")', names)
    page.end(_GAP)


def _namesakes(campaign: Campaign) -> frozenset[str]:
    """Return the names that units of several towns have."""
    counts = Counter(community.name for community in campaign.communities)
    return frozenset(name for name, count in counts.items() if count > 1)


def _vetoed(row: CommunityRow) -> str:
    """Return what fails a unit, as much of it as has room beside its name."""
    words = [veto.words for veto in row.vetoes]
    more = f"等{len(words)}项" if len(words) > _MOST_VETOES else ""
    return f"{VETO}：{'、'.join(words[:_MOST_VETOES])}{more}" if words else ""


def _named(row: CommunityRow, namesakes: Collection[str]) -> str:
    """Return the community's name, in brackets what is to be known: town, total, what fails it."""
    known = [
        row.community.town if row.community.name in namesakes else "",
        "" if row.total is None else f"{plain(row.total)}分",
        _vetoed(row),
        TO_BE_DECIDED if row.to_be_decided else "",
    ]
    brackets = "，".join(filter(None, known))
    return f"{row.community.name}（{brackets}）" if brackets else row.community.name


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
    campaign = page.style.campaign
    text, rate, losers = _worst_places(campaign)
    page.across(*text, bare(campaign.labels.standard), _SMALL_HEADING)
    page.write(rate, "失分率", _SMALL_HEADING)
    heading = f"失分{campaign.unit}"
    page.write(losers, heading, _SMALL_HEADING)
    if losers < _LAST:
        page.across(losers + 1, _LAST, "涉及部门（共同负责）", _SMALL_HEADING)
    page.end(_heading_height([(losers, heading)]))
    worst = worst_criteria(tables)
    table = criteria_table(page.style.campaign)
    for row in worst:
        _write_criterion(page, table, row)
    if not worst:
        page.across(0, _LAST, "尚无失分记录。", {**TEXT, "font_size": 9, "font_color": FAINT})
        page.end(18)
    page.end(_GAP)


def _worst_places(campaign: Campaign) -> tuple[tuple[int, int], int, int]:
    """Return the columns of a criterion's text, of its loss rate and of how many lost points.

    Those of the departments follow; where the campaign names none, the text has their room.
    """
    return ((1, 4), 5, 6) if has_departments(campaign) else ((1, _LAST - 2), _LAST - 1, _LAST)


def worst_criteria(tables: Tables) -> list[CriterionRow]:
    """Return the criteria that lost the largest part of their points, at most five."""
    lost = [row for row in tables.criteria if row.lost > 0]
    return sorted(lost, key=lambda row: row.loss_rate or 0, reverse=True)[:_WORST]


def _write_criterion(page: _Page, table: Table[CriterionRow], row: CriterionRow) -> None:
    criterion, campaign = row.criterion, page.style.campaign
    group, source_row = campaign.groups[criterion.group], criterion_row(campaign, criterion)
    columns, rate_place, losers_place = _worst_places(campaign)
    label = f"{criterion.label or criterion.number}．{group.title}"
    text = clipped(criterion.text, 3.4 * _width(*columns))
    page.write(0, label, {**TEXT, "font_size": 8})
    page.across(*columns, text, {**TEXT, "font_size": 9})
    rate = {**BOLD_NUMBER, "num_format": RATE}
    page.formula(rate_place, table.cell(source_row, "loss_rate"), row.loss_rate, rate)
    page.formula(losers_place, table.cell(source_row, "losers"), len(row.losers), NUMBER)
    tallest = max(11 * line_count(label, _width(0, 0, 8) - 1), 12.5 * line_count(text, _width(*columns, 9)))
    if losers_place < _LAST:
        tallest = max(tallest, _write_departments(page, losers_place + 1, group))
    page.end(tallest + 6)


def _write_departments(page: _Page, first: int, group: Group) -> float:
    """Write who is concerned, and return how high that is."""
    lead = f"牵头：{group.lead}；" if group.lead else ""
    others = [name for name in group.departments if name != group.lead]
    room = 3 * _width(first) - text_width(lead)
    departments = (lead + shortened(others, room, f"全部见“{CRITERIA}”")).removesuffix("；") or "未指定"
    page.across(first, _LAST, departments, {**TEXT, "font_size": 8})
    return 11.0 * line_count(departments, _width(first, size=8))


def _write_reporting(page: _Page, sentences: Sequence[str]) -> None:
    for words in sentences:
        page.across(0, _LAST, words, {"font_size": 9, "text_wrap": True})
        page.end(12.5 * line_count(words, _width(size=9)) + 3)


def _write_since(page: _Page, parts: Sequence[Part]) -> None:
    """Write in one line what changed since the earlier workbook."""
    words = page.sentence(parts, {"font_size": 9, "text_wrap": True, "bold": True})
    page.end(12.5 * line_count(words, _width(size=9)) + 3)


def _write_links(page: _Page) -> None:
    """Write where the other sheets are, in a line of links, a second one where they are more."""
    names = sheet_names(page.style.campaign)[1:]
    page.write(0, "各项数据可逐格追溯：", {"font_size": 9})
    for first in range(0, len(names), len(_LINK_PLACES)):
        for place, name in zip(_LINK_PLACES, names[first:], strict=False):
            _write_sheet_link(page, place, name)
        page.end(16)


def _write_sheet_link(page: _Page, place: tuple[int, int], name: str) -> None:
    properties = {"font_size": 9, "font_color": LINK, "underline": 1, "align": "center"}
    long = text_width(name) > _width(*place, 9) - 1
    shown = {**properties, "shrink": True} if long else properties
    page.across(*place, "", shown)
    write_link(page.sheet, page.row, place[0], f"internal:'{name}'!A1", name, page.style.format(shown))


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
