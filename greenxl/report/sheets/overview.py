"""总览: one A4 page that a leader reads in a minute, the verdict first, in words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise, zip_longest
from typing import Any

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign, Group
from greenxl.names import bare
from greenxl.report.comparison import Change, Previous
from greenxl.report.layout import (
    CHANGES,
    OVERVIEW,
    PILOT,
    Properties,
    Value,
    sheet_names,
    sheets_of,
    towns_sheet,
)
from greenxl.report.sheets.charts import bands_chart, rates_chart
from greenxl.report.sheets.columns import departments_of, has_departments
from greenxl.report.sheets.criteria import criteria_table, criterion_row
from greenxl.report.sheets.levels import level_words
from greenxl.report.sheets.names import failed_words, named_in, of_status, pilot_words
from greenxl.report.sheets.score_table import GRADE, score_table
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
from greenxl.report.sheets.towns import (
    DISTRICT,
    MOST_LONG,
    TownTable,
    distribution,
    part_word,
    parts_of,
    shows_counties,
    town_table,
)
from greenxl.report.style import (
    BOLD,
    BOLD_NUMBER,
    FAINT,
    HEAD,
    HEADING,
    LINK,
    NUMBER,
    RATE,
    RATE_BAR,
    RULE,
    TEXT,
    Style,
    clipped,
)
from greenxl.rounds.evaluate import Round
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import Counts, CountyRow, CriterionRow, DistrictRow, Tables, TownRow
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

_WIDTHS = (16, 7.5, 6.5, 6.5, 7, 8.5, 6.5, 8.5, 7, 9.5, 9.5, 8)
_LAST = len(_WIDTHS) - 1
_RIGHT_CHART = 7
"""The column at which the second chart begins."""
_LINK_PLACES = ((1, 2), (3, 4), (5, 6), (7, 8), (9, 9), (10, 11))
"""The columns of the links in a line."""
_MOST_TOWNS = 44
"""Towns in two lists side by side; of more the best and the last are shown."""
_SHOWN = 18
"""How many of the best and of the last."""
_MOST_NAMED = 20
"""Towns whose names in a chart can be read."""
_BAR = "bar"
"""The cell beside a rate that holds its bar, so that no bar runs through figures."""
_Places = Mapping[str, tuple[int, int]]
"""The first and the last column of each figure of 街道（镇）汇总 that is shown."""
_FIGURES = ("town", "listed", "participating", *map(str, Status), "participation_rate", "pass_rate", _BAR)
_LONG: _Places = {name: (column, column) for column, name in enumerate(_FIGURES)}
_LEFT: _Places = {"town": (0, 0), "listed": (1, 1), "passed": (2, 2), "pass_rate": (3, 4), _BAR: (5, 5)}
_RIGHT: _Places = {"town": (6, 7), "listed": (8, 8), "passed": (9, 9), "pass_rate": (10, 10), _BAR: (11, 11)}
_TO_FOLLOW = (Status.MISSING, Status.INCOMPLETE, Status.INVALID, Status.CONFLICT, Status.FAILED)
"""The lists of names, in the order in which they call for action."""
_WORST = 5
"""Criteria at most that are named for their loss rate."""
_GAP = 7
"""Points between the parts of the page."""
_HEIGHT = 828
"""Points that an A4 page holds at the scale at which its width is filled."""
_LEAST_CHART, _LEAST_CHARTS, _MOST_CHART = 150, 185, 330
"""Points that a chart has at least, over the whole width or beside another one, and at most."""
_LINES = {5: 0, 4: 0, 3: 37, 2: 112}
"""Lines of a list of names, and by how many points the page may be higher for them, and so print smaller."""
_LINE = 12.5
"""Points of a line of the small type, 9 points: the page may print at four fifths."""
_SMALL: Properties = {**TEXT, "font_size": 9}
_SMALL_HEADING: Properties = {**HEADING, "font_size": 9}
_BAR_ALONE = {**RATE_BAR, "bar_only": True}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A chart to be inserted."""

    draw: Callable[[Style, int], Any]
    """Returns it at a height in pixels."""
    words: str
    """What it shows, for who cannot see it."""


@dataclass(frozen=True, slots=True)
class _List:
    """A list of names, as far as there is room for them."""

    label: str
    expression: str
    """The formula of how many they are, without its ``=``."""
    count: int
    words: Callable[[float], str]
    """Returns the names in so many characters."""


@dataclass(frozen=True, slots=True)
class Since:
    """An earlier workbook, and what changed since."""

    previous: Previous
    changes: Sequence[Change]


@dataclass
class _Page:
    """The page in the making: the row to write next, and the height in points that is taken."""

    sheet: Worksheet
    style: Style
    sheets: Collection[str]
    """Those of the workbook; what refers to another is written as it is now."""
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
        if not self._has(expression):
            write_cell(self.sheet, self.row, column, value, style)
            return
        write_formula(self.sheet, self.row, column, f"={expression}", style, value)

    def sentence(self, parts: Sequence[Part], properties: Properties, last: int = _LAST) -> str:
        """Write a live sentence from the first column to ``last``, and return how it reads now."""
        words, style, formula = words_of(parts), self.style.format(properties), formula_of(parts)
        self.across(0, last, words, properties)
        if self._has(formula):
            write_formula(self.sheet, self.row, 0, formula, style, words)
        return words

    def _has(self, expression: str) -> bool:
        return sheets_of(expression) <= set(self.sheets)


def write_overview(
    style: Style,
    result: Round,
    tables: Tables,
    as_of: date,
    sheets: Collection[str],
    since_then: Since | None = None,
) -> None:
    """Write the page; ``sheets`` are those of the workbook, to which it may refer."""
    campaign = style.campaign
    page = _Page(style.book.sheet(OVERVIEW), style, sheets)
    for column, width in enumerate(_WIDTHS):
        page.sheet.set_column(column, column, width, style.format())
    _write_head(page, result, tables, as_of)
    _write_towns(page, tables)
    charts, charts_row = _charts(page, tables), page.row
    page.end(0 if charts else _write_no_charts(page, tables))
    page.end(_GAP)
    lists, lists_row = _lists(campaign, tables), page.row
    page.row += len(lists) + 2
    _write_worst(page, tables)
    if campaign.has_levels:
        _write_reporting(page, [level_words(campaign, tables, sheets)])
    _write_reporting(page, reporting(result, tables, as_of, sheets))
    if since_then:
        _write_since(page, since(campaign, since_then.previous, since_then.changes))
    _write_links(page)
    last, page.row = page.row - 1, lists_row
    least = (0, _LEAST_CHART, _LEAST_CHARTS)[len(charts)]
    _write_lists(page, lists, _HEIGHT - page.taken - least)
    if charts:
        _insert_charts(page, charts, charts_row, min(_MOST_CHART, max(least, _HEIGHT - page.taken)))
    _set_page(page, last)


def _width(first: int = 0, last: int = _LAST, size: float = 11) -> float:
    """Return how many characters of a size of type these columns hold in a line."""
    return sum(_WIDTHS[first : last + 1]) * 11 / size


def _room(lines: int, first: int, last: int = _LAST) -> float:
    """Return how many characters of the small type surely fit into so many lines of these columns."""
    return lines * ((_width(first, last, 9) - 2) / 1.08 - 2)


def _heading_height(text: str, first: int, last: int) -> float:
    """Return the height of a row with this small heading."""
    lines = line_count(text, _width(first, last, 9) + 0.5)
    return 18 if lines == 1 else _LINE * lines + 6


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
    for parts, largest in ((verdict(result, tables, as_of), 13), (counts(campaign, tables.county), 11)):
        size = max(11, size_to_fit(words_of(parts), _width() - 5, largest))
        words = page.sentence(parts, {**box, "font_size": size, "bold": largest > 11})
        page.end(size * 1.4 * line_count(words, _width(size=size) - 4) + 8)
    words = caveats(campaign, tables)
    page.across(0, _LAST, words, {**box, "font_size": 9, "font_color": FAINT})
    page.end(12.5 * line_count(words, _width(size=9) - 4) + 6)
    page.end(_GAP)


def _write_towns(page: _Page, tables: Tables) -> None:
    """Write all together in large figures and under it the towns, each rate with its bar beside it.

    Where they are too many and belong to counties, the counties.
    """
    table, campaign = town_table(page.style.campaign), page.style.campaign
    parts = parts_of(campaign, tables)
    _write_town_headings(page, table, [_LONG])
    first = page.row
    size = size_to_fit(f"{tables.county.listed}.", _WIDTHS[2] / 1.1, 14)
    _write_counts(page, table, _LONG, table.county_row, tables.county, size=size)
    page.end(28)
    if len(parts) > MOST_LONG:
        _write_towns_in_two(page, table, parts)
    else:
        few = len(parts) <= 6
        for row, part in zip(table.part_rows if parts else (), parts, strict=True):
            _write_counts(page, table, _LONG, row, part, size=11 if few else 10)
            page.end(13.5 * line_count(part.name, _WIDTHS[0] - 3) + (6.5 if few else 1.5))
    page.sheet.conditional_format(first, _LAST, page.row - 1, _LAST, _BAR_ALONE)
    page.end(_GAP)


def _write_towns_in_two(page: _Page, table: TownTable, parts: Sequence[TownRow | DistrictRow]) -> None:
    """Write the towns in two lists side by side; of very many the best and the last."""
    campaign, places, rows = page.style.campaign, range(len(parts)), table.part_rows
    half = (len(places) + 1) // 2
    left, right = list(places[:half]), list(places[half:])
    if len(places) > _MOST_TOWNS:
        rate, parent = f"{campaign.pass_words[0]}率", part_word(campaign)
        falling = sorted(places, key=lambda place: parts[place].pass_rate, reverse=True)
        left, right = falling[:_SHOWN], falling[-_SHOWN:]
        heading = {**_SMALL_HEADING, "align": "left", "indent": 1}
        page.across(0, 5, f"{rate}最高的{_SHOWN}个{parent}（共{len(places)}个）", heading)
        page.across(6, _LAST, f"{rate}最低的{_SHOWN}个（全部见“{towns_sheet(campaign)}”）", heading)
        page.end(16)
    _write_town_headings(page, table, [_LEFT, _RIGHT])
    first, (bar, _same) = page.row, _LEFT[_BAR]
    for pair in zip_longest(left, right):
        lines = 1
        for shown, place in zip((_LEFT, _RIGHT), pair, strict=True):
            if place is not None:
                part = parts[place]
                _write_counts(page, table, shown, rows[place], part, size=9)
                lines = max(lines, line_count(part.name, _width(*shown["town"], 9) - 3))
        page.end(_LINE * lines)
    page.sheet.conditional_format(first, bar, page.row - 1, bar, _BAR_ALONE)


def _write_town_headings(page: _Page, table: TownTable, lists: Sequence[_Places]) -> None:
    """Write the headings of lists side by side, that of the last rate over its bar, too."""
    headings = {column.name: column.heading for column in table.columns}
    if shows_counties(table.campaign):
        headings["town"] = DISTRICT
    tallest = 0.0
    for places in lists:
        for name, (first, last) in places.items():
            if name != _BAR:
                last = places[_BAR][1] if name == "pass_rate" else last
                page.across(first, last, headings[name], _SMALL_HEADING)
                tallest = max(tallest, _heading_height(headings[name], first, last))
    page.end(tallest)


def _write_counts(
    page: _Page, table: TownTable, places: _Places, source_row: int, row: Counts, *, size: float
) -> None:
    """Write a row of 街道（镇）汇总 in references to its cells, the name as it is."""
    values = dict(zip((column.name for column in table.columns), table.values(row, 0), strict=True))
    number = {**NUMBER, "font_size": size, "bold": isinstance(row, CountyRow)}
    for name, (first, last) in places.items():
        if name == "town":
            named = {**BOLD, "font_size": min(size, 12), "indent": 1}
            page.across(first, last, str(values[name]), named)
            continue
        source = "pass_rate" if name == _BAR else name
        # 100.0% is wider than any count.
        rate = {**number, "num_format": RATE, "font_size": min(size, 12)}
        properties = rate if source.endswith("rate") else number
        if last > first:
            page.across(first, last, "", properties)
        page.formula(first, table.cell(source_row, source), values[source], properties)


def _charts(page: _Page, tables: Tables) -> list[_Drawn]:
    """Return the charts that show something, from left to right."""
    campaign = page.style.campaign
    charts = []
    if 1 < len(parts_of(campaign, tables)) <= _MOST_NAMED and tables.county.participating:
        line = f"，虚线为{campaign.area}目标" if campaign.target_percent is not None else ""
        words = f"各{part_word(campaign)}参与率、{campaign.pass_words[0]}率柱形图{line}。"
        charts.append(_Drawn(rates_chart, words))
    if tables.totals:
        few = max(count for _words, _formula, count in distribution(town_table(campaign), tables)) < 5
        about = GRADE if campaign.grades else bare(campaign.labels.total)
        words = f"{campaign.unit}{about}分布柱形图，深色为{campaign.pass_words[0]}。"
        charts.append(_Drawn(partial(bands_chart, few=few), words))
    return charts


def _write_no_charts(page: _Page, tables: Tables) -> float:
    """Write why there are no charts, and return how high that is."""
    total = bare(page.style.campaign.labels.total)
    words = f"尚无{total}，暂无图表。" if tables.county.participating else "尚无报送，暂无图表。"
    page.across(0, _LAST, words, {**_SMALL, "font_color": FAINT, "align": "center"})
    return 24


def _insert_charts(page: _Page, charts: Sequence[_Drawn], row: int, height: float) -> None:
    """Insert the charts into the row that was kept for them, as high as the page has room."""
    page.sheet.set_row(row, height)
    page.taken += height
    pixels = [int(width * 7 + 5) for width in _WIDTHS]
    size = int(height * 4 / 3) - 2
    ends = (0, _RIGHT_CHART, len(pixels)) if len(charts) > 1 else (0, len(pixels))
    for one, (first, end) in zip(charts, pairwise(ends), strict=True):
        chart = one.draw(page.style, size)
        chart.set_size({"width": sum(pixels[first:end]) - (2 if end == len(pixels) else 8), "height": size})
        chart.set_chartarea({"border": {"color": RULE}})
        described = f"{one.words}数据见“{towns_sheet(page.style.campaign)}”。"
        page.sheet.insert_chart(row, first, chart, {"description": described, "object_position": 1})


def _lists(campaign: Campaign, tables: Tables) -> list[_List]:
    """Return the lists of names: of each status but passed that anybody has, and of the pilots."""
    table, words = town_table(campaign), status_words(campaign)
    lists = [
        _List(
            label=words[status],
            expression=table.county(str(status)),
            count=tables.county.statuses[status],
            words=partial(failed_words, campaign, tables)
            if status is Status.FAILED
            else partial(of_status, campaign, tables, status),
        )
        for status in _TO_FOLLOW
        if tables.county.statuses[status]
    ]
    pilots = [row for row in tables.communities if row.community.pilot]
    if pilots:
        lists.append(
            _List(
                label=f"{PILOT}{campaign.unit}",
                expression=f'COUNTIF({score_table(campaign).cells("pilot")},"{PILOT}")',
                count=len(pilots),
                words=partial(pilot_words, campaign, pilots),
            )
        )
    return lists


def _write_lists(page: _Page, lists: Sequence[_List], room: float) -> None:
    """Write the lists in as many lines as ``room`` points allow."""
    unit = page.style.campaign.unit
    followed = f"需跟进的{unit}"
    if not lists:
        words = f"没有{followed}：全部{page.style.campaign.pass_words[0]}。"
        page.across(0, _LAST, words, _SMALL)
        page.end(18)
        page.end(_GAP)
        return
    if all(one.label == f"{PILOT}{unit}" for one in lists):
        followed = f"{PILOT}情况"
    page.write(0, followed, _SMALL_HEADING)
    page.write(1, "个数", _SMALL_HEADING)
    page.across(2, _LAST, "名单", _SMALL_HEADING)
    page.end(_heading_height(followed, 0, 0))
    each = room - _heading_height(followed, 0, 0) - _GAP
    heights = {lines: sum(_list_height(one, lines) for one in lists) for lines in _LINES}
    fitting = (lines for lines, more in _LINES.items() if heights[lines] <= each + more)
    lines = next(fitting, 1)
    for one in lists:
        page.write(0, one.label, {**BOLD, "indent": 1})
        page.formula(1, one.expression, one.count, BOLD_NUMBER)
        page.across(2, _LAST, one.words(_room(lines, 2)), _SMALL)
        page.end(_list_height(one, lines))
    page.end(_GAP)


def _list_height(one: _List, lines: int) -> float:
    """Return how high a list is that may have so many lines."""
    words = one.words(_room(lines, 2))
    needed = max(line_count(words, _width(2, size=9) - 2), line_count(one.label, _width(0, 0, 10) - 3))
    return _LINE * needed + 5


def _write_worst(page: _Page, tables: Tables) -> None:
    """Write the criteria that lost most, and who is concerned; each in a line where the page is full."""
    campaign, worst = page.style.campaign, worst_criteria(tables)
    if not worst:
        came = "没有失分：已有的得分都是满分。" if tables.county.participating else "尚无得分，无从统计失分。"
        page.across(0, _LAST, came, {**_SMALL, "font_color": FAINT})
        page.end(18)
        page.end(_GAP)
        return
    text, rate, losers = _worst_places(campaign)
    heading = f"失分{campaign.unit}"
    page.across(*text, f"失分率最高的{len(worst)}条{bare(campaign.labels.standard)}", _SMALL_HEADING)
    page.write(rate, "失分率", _SMALL_HEADING)
    page.write(losers, heading, _SMALL_HEADING)
    if losers < _LAST:
        page.across(losers + 1, _LAST, "涉及部门（共同负责）", _SMALL_HEADING)
    page.end(_heading_height(heading, losers, losers))
    lines = 1 if len(parts_of(campaign, tables)) > MOST_LONG else 2
    for row in worst:
        _write_criterion(page, row, lines)
    page.end(_GAP)


def _worst_places(campaign: Campaign) -> tuple[tuple[int, int], int, int]:
    """Return the columns of a criterion's text, of its loss rate and of how many lost points.

    Those of the departments follow; where the campaign names none, the text has their room.
    """
    return ((0, 5), 6, 7) if has_departments(campaign) else ((0, _LAST - 2), _LAST - 1, _LAST)


def worst_criteria(tables: Tables) -> list[CriterionRow]:
    """Return the criteria that lost the largest part of their points, at most five."""
    lost = [row for row in tables.criteria if row.lost > 0]
    return sorted(lost, key=lambda row: row.loss_rate or 0, reverse=True)[:_WORST]


def _write_criterion(page: _Page, row: CriterionRow, lines: int) -> None:
    criterion, campaign = row.criterion, page.style.campaign
    table, source_row = criteria_table(campaign), criterion_row(campaign, criterion)
    columns, rate_place, losers_place = _worst_places(campaign)
    text = clipped(f"{criterion.label or criterion.number}．{criterion.text}", _room(lines, *columns))
    page.across(*columns, text, _SMALL)
    rate = {**BOLD_NUMBER, "num_format": RATE, "font_size": 10}
    page.formula(rate_place, table.cell(source_row, "loss_rate"), row.loss_rate, rate)
    page.formula(losers_place, table.cell(source_row, "losers"), len(row.losers), {**NUMBER, "font_size": 10})
    tallest = line_count(text, _width(*columns, 9) - 2)
    if losers_place < _LAST:
        first = losers_place + 1
        words = _departments(campaign.groups[criterion.group], _room(lines, first))
        page.across(first, _LAST, words, _SMALL)
        tallest = max(tallest, line_count(words, _width(first, size=9) - 2))
    page.end(_LINE * tallest + 5)


def _departments(group: Group, room: float) -> str:
    """Return who is concerned, the one that leads first; how many they are where not all fit."""
    whole = departments_of(group)
    if text_width(whole) <= room:
        return whole
    first = f"牵头：{group.lead}；" if group.lead else ""
    others = [name for name in group.departments if name != group.lead]
    return first + named_in(others, room - text_width(first))


def _write_reporting(page: _Page, sentences: Sequence[str]) -> None:
    for words in sentences:
        page.across(0, _LAST, words, {"font_size": 9, "text_wrap": True})
        page.end(12.5 * line_count(words, _width(size=9)) + 3)


def _write_since(page: _Page, parts: Sequence[Part]) -> None:
    """Write in one line what changed since the earlier workbook, and where all of it is."""
    linked = CHANGES in page.sheets
    last = _LAST - 1 if linked else _LAST
    words = page.sentence(parts, {"font_size": 9, "text_wrap": True, "bold": True}, last)
    if linked:
        _write_sheet_link(page, (_LAST, _LAST), CHANGES)
    page.end(_LINE * line_count(words, _width(0, last, size=9)) + 3)


def _write_links(page: _Page) -> None:
    """Write where the other sheets are, in a line of links, a second one where they are more."""
    names = [name for name in sheet_names(page.style.campaign)[1:] if name in page.sheets]
    page.write(0, "各项数据见：", {"font_size": 9})
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


def _set_page(page: _Page, last: int) -> None:
    """Print on one A4 page, upright."""
    sheet = page.sheet
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, last, _LAST)
    sheet.hide_gridlines(2)
    sheet.set_footer(f"&C&9{page.style.campaign.authority.replace('&', '&&')}")
