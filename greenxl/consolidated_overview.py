"""总览: one A4 page that a leader reads in a minute; the verdict stands first, in words."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign import Campaign
from greenxl.checking import plain
from greenxl.choosing import Status
from greenxl.consolidated_layout import (
    COUNTY,
    CRITERIA,
    FINDINGS,
    OUTCOME_WORDS,
    OVERVIEW,
    SCORES,
    SEVERITY_WORDS,
    STATUS_WORDS,
    TOWNS,
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
    ORANGE,
    PALE_GREEN,
    RATE,
    Style,
)
from greenxl.consolidated_towns import basis_words, needed
from greenxl.findings import Severity, count
from greenxl.merging import Round
from greenxl.tables import STATUSES, Tables, points
from greenxl.workbook import calculate, lines, merge, put, text_width

WIDTHS = (17, 7, 7, 7, 7, 8.5, 7, 8.5, 7, 12.5, 12.5)
LAST = len(WIDTHS) - 1
WIDTH = sum(WIDTHS)
TOWN_COLUMNS = ("街道（镇）", "创建名单", "参与", *STATUS_WORDS.values(), "参与率", "达标率")
OPEN: tuple[Status, ...] = ("missing", "incomplete", "invalid", "conflict", "failed")
"""The lists of names, in the order in which they call for action."""
CHART_HEIGHT = 185
WORST = 5

Part = str | tuple[str, str]
"""A piece of a live sentence: words, or an expression and the words that it gives now."""


def write_overview(style: Style, result: Round, tables: Tables, as_of: date) -> None:
    sheet = style.book.sheet(OVERVIEW)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width, style.look())
    row = _head(sheet, style, tables, as_of)
    row = _towns(sheet, style, tables, row)
    row = _charts(sheet, style, tables, row)
    row = _names(sheet, style, tables, row)
    row = _worst(sheet, style, tables, row)
    row = _quality(sheet, style, result, tables, as_of, row)
    _page(sheet, style, row)


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


def _head(sheet: Worksheet, style: Style, tables: Tables, as_of: date) -> int:
    campaign = style.campaign
    title = style.look(font_name=campaign.fonts.title, font_size=20, align="center")
    merge(sheet, (0, 0, 0, LAST), f"{subject(campaign)}情况汇总（{campaign.year}年）", title)
    sheet.set_row(0, 38)
    line = style.look(font_size=10, font_color=FAINT, align="center")
    merge(sheet, (1, 0, 1, LAST), f"{campaign.authority}　数据截至{day(as_of)}", line)
    verdict = style.look(bold=True, font_size=13, text_wrap=True, bg_color=HEAD, indent=1)
    merge(sheet, (2, 0, 2, LAST), "", verdict)
    words = say(sheet, 2, 0, conclusion(campaign, tables.county), verdict)
    sheet.set_row(2, 20 * lines(words, WIDTH * 11 / 13 - 4) + 10)
    note = style.look(font_size=9, font_color=FAINT, text_wrap=True, bg_color=HEAD, indent=1)
    caveat = caveats(campaign, tables.county)
    merge(sheet, (3, 0, 3, LAST), caveat, note)
    sheet.set_row(3, 13 * lines(caveat, WIDTH * 11 / 9 - 4) + 6)
    sheet.set_row(4, 8)
    return 5


def day(date: date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"


def conclusion(campaign: Campaign, county: "pd.Series[Any]") -> list[Part]:
    """Return the sentence that the page is about: the counts, the rate, the target and how far from it."""
    grid = TownGrid(campaign)
    listed, passed = grid.county(grid.listed), grid.county(grid.passed)
    below, rate = grid.county(grid.denominator), grid.county(grid.pass_rate)
    count, whole = int(county["passed"]), int(county["denominator"])
    judged = count + int(county["failed"])
    parts: list[Part] = [
        f"{COUNTY}创建名单",
        (listed, str(county["listed"])),
        "个社区，参与",
        (grid.county(grid.participating), str(county["participating"])),
        "个，达标",
        (passed, str(count)),
        "个，达标率",
        (f'TEXT({rate},"0.0%")', percent_words(count, whole)),
        "（",
        (passed, str(count)),
        "/",
        (below, str(whole)),
        "）",
    ]
    parts += _against_target(grid, county) or ["。"]
    failed = grid.county(grid.failed)
    open_words = f"另有{county['listed'] - judged}个社区尚无结论。" if county["listed"] > judged else ""
    left = f"{listed}-{passed}-{failed}"
    parts.append((f'IF({left}>0,"另有"&({left})&"个社区尚无结论。","")', open_words))
    return parts


def _against_target(grid: TownGrid, county: "pd.Series[Any]") -> list[Part]:
    percent = county["target_percent"]
    if percent is None:
        return []
    wanted = needed(int(county["denominator"]), percent)
    ahead = int(county["passed"]) - wanted
    wants, gap, target = (cell_of(TOWNS, grid.target_row + k, 1) for k in (1, 2, 0))
    verb = f'IF({gap}>=0,"，已达到","，未达到")'
    how_far = f'IF({gap}>0,"，多"&{gap}&"个）。",IF({gap}=0,"，恰好达到）。","，还差"&-{gap}&"个）。"))'
    far = f"，多{ahead}个）。" if ahead > 0 else "，恰好达到）。" if ahead == 0 else f"，还差{-ahead}个）。"
    return [
        (verb, "，已达到" if ahead >= 0 else "，未达到"),
        f"{grid.campaign.year}年",
        (target, str(percent)),
        "%的目标（需",
        (wants, str(wanted)),
        "个",
        (how_far, far),
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


def _towns(sheet: Worksheet, style: Style, tables: Tables, row: int) -> int:
    """Write the county in large figures and under it a row per town, with bars in the rates' cells."""
    grid, county = TownGrid(style.campaign), tables.county
    for column, heading in enumerate(TOWN_COLUMNS):
        put(sheet, row, column, heading, style.cell(bold=True, align="center", bg_color=HEAD, font_size=9))
    sheet.set_row(row, 18)
    _counts(sheet, style, grid, row + 1, grid.county_row, COUNTY, county, size=16)
    sheet.set_row(row + 1, 30)
    for line, (name, town) in enumerate(tables.towns.iterrows()):
        _counts(sheet, style, grid, row + 2 + line, grid.first_row + line, str(name), town, size=10)
        sheet.set_row(row + 2 + line, 16.5)
    last = row + 1 + len(tables.towns)
    for column in (LAST - 1, LAST):
        bar = {"type": "data_bar", "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
        look = {"bar_color": PALE_GREEN, "bar_solid": True, "bar_border_color": PALE_GREEN}
        sheet.conditional_format(row + 1, column, last, column, {**bar, **look})
    sheet.set_row(last + 1, 8)
    return last + 2


def _counts(
    sheet: Worksheet,
    style: Style,
    grid: TownGrid,
    row: int,
    source: int,
    name: str,
    counts: "pd.Series[Any]",
    *,
    size: int,
) -> None:
    bold = size > 11
    put(sheet, row, 0, name, style.cell(bold=True, font_size=min(size, 12), text_wrap=False, shrink=True))
    number = style.number(font_size=size, bold=bold)
    for column, key in enumerate(("listed", "participating", *STATUSES), 1):
        calculate(sheet, row, column, f"={cell_of(TOWNS, source, column)}", number, int(counts[key]))
    rate = style.number(font_size=size, bold=bold, num_format=RATE)
    for column, where, key in (
        (LAST - 1, grid.participation_rate, "participation_rate"),
        (LAST, grid.pass_rate, "pass_rate"),
    ):
        calculate(sheet, row, column, f"={cell_of(TOWNS, source, where)}", rate, float(counts[key]))


def _charts(sheet: Worksheet, style: Style, tables: Tables, row: int) -> int:
    sheet.set_row(row, CHART_HEIGHT)
    left, right = 445, 340
    chart = _rates_chart(style)
    chart.set_size({"width": left, "height": CHART_HEIGHT * 4 // 3})
    described = {"description": "各街道（镇）参与率、达标率与全县目标对比柱形图，数据见“街道（镇）汇总”。"}
    sheet.insert_chart(row, 0, chart, described)
    chart = _bands_chart(style)
    chart.set_size({"width": right, "height": CHART_HEIGHT * 4 // 3})
    described = {"description": "社区合计分值分布柱形图，深色为达标，数据见“街道（镇）汇总”。"}
    sheet.insert_chart(row, 6, chart, {**described, "x_offset": 10})
    sheet.set_row(row + 1, 8)
    return row + 2


def _rates_chart(style: Style) -> Any:
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
    chart.set_title({"name": "参与率、达标率与目标", "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis({"name": "街道（镇）"})
    chart.set_y_axis(
        {
            "name": "占分母的比率",
            "num_format": "0%",
            "min": 0,
            "max": 1,
            "major_gridlines": {"visible": False},
        }
    )
    return chart


def _bands_chart(style: Style) -> Any:
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
            "data_labels": {"value": True},
            "gap": 30,
        }
    )
    title = f"合计分值分布（{plain(campaign.pass_score)}分及以上达标，深色）"
    chart.set_title({"name": title, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"name": "合计分值"})
    chart.set_y_axis({"name": "社区数", "min": 0, "major_gridlines": {"visible": False}})
    return chart


def _names(sheet: Worksheet, style: Style, tables: Tables, row: int) -> int:
    """Write who has not returned, who must mend their return, and who failed."""
    grid = TownGrid(style.campaign)
    head = style.cell(bold=True, align="center", bg_color=HEAD, font_size=9)
    put(sheet, row, 0, "需跟进的社区", head)
    put(sheet, row, 1, "个数", head)
    merge(sheet, (row, 2, row, LAST), "名单", head)
    sheet.set_row(row, 18)
    room = sum(WIDTHS[2:]) * 11 / 9
    for status in OPEN:
        row += 1
        rows = tables.communities[tables.communities["status"] == status]
        names = shortened(_named(rows), room * 2 - 30, f"全部见“{SCORES}”")
        put(sheet, row, 0, STATUS_WORDS[status], style.cell(bold=True))
        source = grid.county(grid.passed + STATUSES.index(status))
        calculate(sheet, row, 1, f"={source}", style.number(bold=True), len(rows))
        merge(sheet, (row, 2, row, LAST), names or "无", style.cell(font_size=9))
        sheet.set_row(row, 13 * lines(names, room) + 5)
    sheet.set_row(row + 1, 8)
    return row + 2


def _named(rows: pd.DataFrame) -> list[str]:
    """Return the communities' names, a total in brackets where there is one."""
    totals = (points(total) for total in rows["total"])
    return [
        name if total is None else f"{name}（{plain(total)}分）"
        for name, total in zip(rows["community"], totals, strict=True)
    ]


def shortened(names: Sequence[str], room: float, where: str) -> str:
    """Return the names that fit into ``room`` characters; how many there are if not all do."""
    text = "、".join(names)
    if text_width(text) <= room:
        return text
    shown: list[str] = []
    for name in names:
        if text_width("、".join([*shown, name])) > room - text_width(where) - 12:
            break
        shown.append(name)
    return f"{'、'.join(shown)}等{len(names)}个，{where}"


def _worst(sheet: Worksheet, style: Style, tables: Tables, row: int) -> int:
    """Write the criteria that lost most, and who is concerned."""
    campaign, grid = style.campaign, CriteriaGrid(style.campaign)
    head = style.cell(bold=True, align="center", bg_color=HEAD, font_size=9)
    put(sheet, row, 0, f"失分最多的{WORST}条", head)
    merge(sheet, (row, 1, row, 5), "创建标准", head)
    put(sheet, row, 6, "失分率", head)
    put(sheet, row, 7, "失分社区", head)
    merge(sheet, (row, 8, row, LAST), "涉及部门（共同负责）", head)
    sheet.set_row(row, 18)
    text, small = style.cell(font_size=9), style.cell(font_size=8)
    worst = worst_criteria(tables)
    for number in worst:
        row += 1
        criterion = tables.criteria.loc[number]
        group = campaign.groups[int(criterion["group"])]
        departments = "、".join(group.departments) or "未指定"
        label = f"{number}．{group.title}"
        put(sheet, row, 0, label, small)
        merge(sheet, (row, 1, row, 5), str(criterion["text"]), text)
        rate = style.number(num_format=RATE, font_size=10, bold=True)
        calculate(sheet, row, 6, f"={grid.cell(number, grid.loss_rate)}", rate, float(criterion["loss_rate"]))
        losers = grid.cell(number, grid.losers)
        calculate(sheet, row, 7, f"={losers}", style.number(), len(criterion["losers"]))
        merge(sheet, (row, 8, row, LAST), departments, small)
        tall = max(
            lines(label, WIDTHS[0] * 11 / 8),
            lines(str(criterion["text"]), sum(WIDTHS[1:6]) * 11 / 9),
            lines(departments, sum(WIDTHS[8:]) * 11 / 8),
        )
        sheet.set_row(row, 11.5 * tall + 5)
    if not worst:
        row += 1
        merge(sheet, (row, 0, row, LAST), "尚无失分记录。", style.cell(font_size=9, font_color=FAINT))
    sheet.set_row(row + 1, 8)
    return row + 2


def worst_criteria(tables: Tables) -> list[int]:
    """Return the numbers of the criteria that lost the largest part of their points, at most five."""
    lost = tables.criteria[tables.criteria["lost"] > 0]
    rates = lost["loss_rate"].astype(float).sort_values(ascending=False, kind="stable")
    return [int(str(number)) for number in rates.index[:WORST]]


def _quality(sheet: Worksheet, style: Style, result: Round, tables: Tables, as_of: date, row: int) -> int:
    for words in reporting(result, tables, as_of):
        merge(sheet, (row, 0, row, LAST), words, style.look(font_size=9, text_wrap=True))
        sheet.set_row(row, 13 * lines(words, WIDTH * 11 / 9) + 3)
        row += 1
    return row - 1


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
    when = f"已逾期{late}天" if late > 0 else "今日截止" if late == 0 else f"距截止还有{-late}天"
    yield f"报送时限：{day(deadline)}，截至{day(as_of)}{when}；未报送{missing}个社区。"
    yield f"各项数据来自“{TOWNS}”“{SCORES}”“{CRITERIA}”，可逐格追溯。"


def _page(sheet: Worksheet, style: Style, last_row: int) -> None:
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, last_row, LAST)
    sheet.hide_gridlines(2)
    sheet.set_footer(f"&C&9{style.campaign.authority.replace('&', '&&')}")
