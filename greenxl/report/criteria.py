"""指标分析 and 整改清单: which criteria lose points, and every lost point as a thing to mend."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign
from greenxl.report.charts import losses_chart
from greenxl.report.layout import (
    CRITERIA,
    CRITERIA_HEADINGS,
    PILOT,
    RECTIFICATION,
    SCORES,
    CriteriaGrid,
    cell_of,
    title_of,
)
from greenxl.report.style import (
    RATE,
    Style,
    as_table,
    heading_row,
    height,
    nothing,
    open_sheet,
    set_page,
    shortened,
)
from greenxl.scoring.tables import Tables, points
from greenxl.xlsx import write_cell, write_formula, write_link

CRITERIA_WIDTHS = (6, 20, 48, 8, 9, 8, 9, 9, 9, 60, 56)
SHORT_WIDTHS = (6, 18, 44, 8, 8, 8, 8, 8, 8, 32, 36)
"""Of a standard so short that its table and its chart share a page: in larger type, on higher rows."""
RECTIFICATION_HEADINGS = (
    "序号",
    "街道（镇）",
    "社区",
    "试点",
    "内容",
    "条目",
    "创建标准",
    "标准分",
    "得分",
    "失分",
    "涉及部门",
)
RECTIFICATION_WIDTHS = (6, 12, 14, 6, 20, 6, 44, 8, 8, 8, 52)
DEPARTMENT_WIDTH = 10
HEAD_HEIGHTS = (28, 18, 34)
ROW = 15
"""Points of a row of no set height."""
LEAST_CHART, CHART = 220, 480
"""Points of height."""
PAPER = (765, 490)
"""Points across and down that A4 leaves between the margins, a little less for other offices' measures."""
MOST_ROWS = 1_000_000
"""Of a sheet, with room for its head and totals (Excel: 1,048,576)."""


def write_criteria(style: Style, tables: Tables) -> None:
    campaign, grid = style.campaign, CriteriaGrid(style.campaign)
    note = (
        "只统计已填且能采用的得分；失分率＝失分合计÷（标准分×已评社区数）。"
        "部门按方案的职责分工逐项共同负责，列出仅供联系，不作责任认定。"
    )
    beside = _room(campaign, tables, SHORT_WIDTHS) - 2 * ROW
    together = beside >= LEAST_CHART
    widths, high = (SHORT_WIDTHS, min(CHART, beside)) if together else (CRITERIA_WIDTHS, CHART)
    sheet = open_sheet(style, CRITERIA, widths, title_of(campaign, CRITERIA), note)
    heading_row(sheet, style, grid.header_row, CRITERIA_HEADINGS, HEAD_HEIGHTS[-1])
    for number, row in tables.criteria.iterrows():
        _criterion(sheet, style, grid, int(str(number)), row, widths)
    as_table(sheet, style, "Criteria", grid.header_row, grid.last_row, CRITERIA_HEADINGS)
    set_page(sheet, style, grid.header_row, repeat=_room(campaign, tables, widths) < 0)
    chart = losses_chart(style, grid, _chart_data(sheet, style, grid))
    chart.set_size({"width": _pixels(widths) - 4, "height": int(high * 4 / 3)})
    sheet.insert_chart(grid.last_row + 2, 0, chart, _described(tables))
    sheet.print_area(0, 0, grid.last_row + 2 + int(high / ROW), len(CRITERIA_HEADINGS) - 1)
    if not together:
        sheet.set_h_pagebreaks([grid.last_row + 1])


def _pixels(widths: Sequence[float]) -> int:
    return sum(int(width * 7 + 5) for width in widths)


def _room(campaign: Campaign, tables: Tables, widths: Sequence[float]) -> float:
    """Return the points that the table leaves on its page, when its columns are as wide as the paper."""
    across, down = PAPER
    rows = sum(_tall(campaign, row, widths) for _number, row in tables.criteria.iterrows())
    return down * max(1, _pixels(widths) * 0.75 / across) - sum(HEAD_HEIGHTS) - rows


def _tall(campaign: Campaign, criterion: "pd.Series[Any]", widths: Sequence[float]) -> float:
    group, grid = campaign.groups[int(criterion["group"])], CriteriaGrid
    return height(
        (group.title, widths[grid.group], 10),
        (criterion["text"], widths[grid.text], 10),
        (_losers(criterion, widths), widths[grid.names], 8),
        ("、".join(group.departments), widths[grid.departments], 9),
    )


def _losers(criterion: "pd.Series[Any]", widths: Sequence[float]) -> str:
    return shortened(criterion["losers"], 2.4 * widths[CriteriaGrid.names], f"全部见“{RECTIFICATION}”")


def _criterion(
    sheet: Worksheet,
    style: Style,
    grid: CriteriaGrid,
    number: int,
    criterion: "pd.Series[Any]",
    widths: Sequence[float],
) -> None:
    row, campaign, scores = grid.row(number), style.campaign, style.scores
    group = campaign.groups[int(criterion["group"])]
    cells, figure = scores.column(scores.score(number)), style.number()
    departments = "、".join(group.departments)
    write_cell(sheet, row, grid.number, number, figure)
    write_cell(sheet, row, grid.group, group.title, style.cell())
    write_cell(sheet, row, grid.text, criterion["text"], style.cell())
    write_cell(sheet, row, grid.points, points(criterion["points"]), figure)
    full, scored = xl_rowcol_to_cell(row, grid.points), xl_rowcol_to_cell(row, grid.scored)
    lost = xl_rowcol_to_cell(row, grid.lost)
    count = int(criterion["scored"])
    write_formula(sheet, row, grid.scored, f"=COUNT({cells})", figure, count)
    average = float(criterion["average"]) / 100 if count else None
    mean = style.number(num_format="0.00")
    write_formula(sheet, row, grid.average, f'=IF({scored}=0,"",SUM({cells})/{scored})', mean, average)
    formula = f"=ROUND({full}*{scored}-SUM({cells}),2)"
    write_formula(sheet, row, grid.lost, formula, figure, points(criterion["lost"]))
    rate = float(criterion["loss_rate"]) if count else None
    formula = f'=IF({scored}=0,"",{lost}/({full}*{scored}))'
    write_formula(sheet, row, grid.loss_rate, formula, style.number(num_format=RATE), rate)
    formula = f'=COUNTIF({cells},"<"&{full})'
    write_formula(sheet, row, grid.losers, formula, figure, len(criterion["losers"]))
    write_cell(sheet, row, grid.names, _losers(criterion, widths) or "无", style.cell(font_size=8))
    write_cell(sheet, row, grid.departments, departments or "未指定", style.cell(font_size=9))
    sheet.set_row(row, _tall(campaign, criterion, widths))


def _chart_data(sheet: Worksheet, style: Style, grid: CriteriaGrid) -> int:
    """Write the chart's two-storey axis beside what is printed: each group once, then its numbers."""
    column, small = len(CRITERIA_HEADINGS) + 1, style.note
    write_cell(sheet, grid.header_row, column, "图表用：内容", small)
    write_cell(sheet, grid.header_row, column + 1, "图表用：条目", small)
    for group in style.campaign.groups:
        for criterion in group.criteria:
            first = criterion is group.criteria[0]
            write_cell(sheet, grid.row(criterion.number), column, group.name if first else None, small)
            write_cell(sheet, grid.row(criterion.number), column + 1, str(criterion.number), small)
    return column


def _described(tables: Tables) -> dict[str, Any]:
    rates = tables.criteria["loss_rate"].dropna()
    if not len(rates):
        return {"description": "各条标准失分率柱形图；尚无得分。", "object_position": 2}
    worst = rates.astype(float).idxmax()
    return {"description": f"各条标准失分率柱形图；失分率最高的是第{worst}条。", "object_position": 2}


def departments_of(campaign: Campaign) -> list[str]:
    """Return every department once, in the order in which the groups name them."""
    return list(dict.fromkeys(name for group in campaign.groups for name in group.departments))


def _department_heading(name: str) -> str:
    """Return a heading that no other column has: a table with two alike is none."""
    return f"{name}（部门）" if name in RECTIFICATION_HEADINGS else name


def write_rectification(style: Style, tables: Tables) -> None:
    """Write every lost point; where they outgrow a sheet, the list goes on in further ones."""
    losses = tables.losses
    for number, first in enumerate(range(0, max(1, len(losses)), MOST_ROWS), 1):
        _rectification(style, losses.iloc[first : first + MOST_ROWS], number)


def _rectification(style: Style, losses: pd.DataFrame, number: int) -> None:
    campaign, header_row = style.campaign, 3
    departments = departments_of(campaign)
    headings = [*RECTIFICATION_HEADINGS, *map(_department_heading, departments)]
    widths = [*RECTIFICATION_WIDTHS, *[DEPARTMENT_WIDTH] * len(departments)]
    note = (
        "每行一处失分，按街道（镇）、社区、失分多少排列；按部门查看请在右侧部门列筛选“●”。"
        "未填和有误的得分见“问题清单”。"
    )
    further = str(number) if number > 1 else ""
    sheet = open_sheet(style, RECTIFICATION + further, widths, title_of(campaign, RECTIFICATION), note)
    heading_row(sheet, style, header_row, headings, 44)
    last = header_row + len(losses)
    for row, loss in enumerate(losses.to_dict("records"), header_row + 1):
        _loss(sheet, style, row, row - header_row, loss, departments)
    if len(losses):
        as_table(sheet, style, "Rectification" + further, header_row, last, headings)
        _lost_in_all(sheet, style, header_row, last, losses)  # above it, lest it stand alone on a page
    else:
        nothing(sheet, style, header_row + 1, len(RECTIFICATION_HEADINGS), "没有失分。")
    set_page(sheet, style, header_row)
    sheet.print_area(0, 0, max(last, header_row + 1), len(RECTIFICATION_HEADINGS) - 1)
    towns = losses["town"].tolist()
    sheet.set_h_pagebreaks(
        [header_row + 1 + i for i in range(1, len(towns)) if towns[i] != towns[i - 1]][:1000]
    )


def _loss(
    sheet: Worksheet, style: Style, row: int, number: int, loss: dict[Any, Any], departments: list[str]
) -> None:
    campaign, grid = style.campaign, style.scores
    criterion = campaign.criteria[int(loss["criterion"]) - 1]
    group = campaign.groups[criterion.group]
    centred, text, figure = style.cell(align="center"), style.cell(), style.number()
    where = grid.rows[loss["town"], loss["community"]]
    write_cell(sheet, row, 0, number, centred)
    write_cell(sheet, row, 1, loss["town"], text)
    write_link(sheet, row, 2, f"internal:{cell_of(SCORES, where, 2)}", loss["community"], style.link())
    write_cell(sheet, row, 3, PILOT if loss["pilot"] else "", centred)
    write_cell(sheet, row, 4, group.title, text)
    write_cell(sheet, row, 5, criterion.number, centred)
    write_cell(sheet, row, 6, criterion.text, text)
    write_cell(sheet, row, 7, criterion.points, figure)
    score, lost = points(loss["score"]), points(loss["lost"])
    write_formula(sheet, row, 8, f"={cell_of(SCORES, where, grid.score(criterion.number))}", figure, score)
    formula = f"=ROUND({xl_rowcol_to_cell(row, 7)}-{xl_rowcol_to_cell(row, 8)},2)"
    write_formula(sheet, row, 9, formula, style.number(bold=True), lost)
    write_cell(sheet, row, 10, "、".join(group.departments) or "未指定", style.cell(font_size=9))
    for column, department in enumerate(departments, len(RECTIFICATION_HEADINGS)):
        if department in group.departments:
            write_cell(sheet, row, column, "●", centred)
    widths = RECTIFICATION_WIDTHS
    sheet.set_row(
        row,
        height(
            (loss["town"], widths[1], 10),
            (loss["community"], widths[2], 10),
            (group.title, widths[4], 10),
            (criterion.text, widths[6], 10),
            ("、".join(group.departments), widths[10], 9),
        ),
    )


def _lost_in_all(sheet: Worksheet, style: Style, header_row: int, last: int, losses: pd.DataFrame) -> None:
    """Write the totals row: how many places, how many points, of what the filter shows."""
    row, bold = header_row - 1, style.cell(bold=True)
    for column in range(len(RECTIFICATION_HEADINGS)):
        write_cell(sheet, row, column, None, bold)
    write_cell(sheet, row, 1, "合计", bold)
    places = xl_range(header_row + 1, 5, last, 5)
    lost = xl_range(header_row + 1, 9, last, 9)
    count = style.number(bold=True, num_format='0"处"')
    write_formula(sheet, row, 5, f"=SUBTOTAL(103,{places})", count, len(losses))
    total = Decimal(int(losses["lost"].sum())) / 100
    write_formula(sheet, row, 9, f"=ROUND(SUBTOTAL(109,{lost}),2)", style.number(bold=True), total)
    sheet.set_row(row, 22)
