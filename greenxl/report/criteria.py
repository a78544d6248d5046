"""指标分析 and 整改清单: which criteria lose points, and every lost point as a task."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from itertools import pairwise

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign, Criterion
from greenxl.report.charts import losses_chart
from greenxl.report.layout import (
    COMMUNITY,
    CRITERIA,
    NO,
    PILOT,
    POINTS,
    RECTIFICATION,
    STANDARD,
    TOWN,
    Column,
    Table,
    range_of,
    title_of,
)
from greenxl.report.scores import score, score_rows, score_table
from greenxl.report.style import (
    BOLD,
    BOLD_NUMBER,
    CENTRED,
    NOTE,
    NUMBER,
    RATE,
    TEXT,
    Style,
    open_sheet,
    row_height,
    set_page,
    shortened,
    write_headings,
    write_nothing,
    write_records,
)
from greenxl.scoring.tables import CriterionRow, LossRow, Tables
from greenxl.xlsx import write_cell, write_formula

_HEAD_HEIGHTS = (28, 18, 34)
_ROW = 15
"""Points of a row of no set height."""
_LEAST_CHART, _CHART = 220, 480
"""Points of height."""
_PAPER = (765, 490)
"""Points across and down that A4 leaves between the margins, a little less for other offices' measures."""
_MOST_ROWS = 1_000_000
"""Of a sheet, with room for its head and totals (Excel: 1,048,576)."""
_MOST_BREAKS = 1000
"""Of pages by hand on a sheet (Excel: 1,026)."""


def criteria_table(campaign: Campaign, *, short: bool = False) -> Table[CriterionRow]:
    """Return the table of 指标分析 with all its columns, from left to right.

    ``short`` is for a standard whose table and chart share a page: in larger type, on higher rows.
    """
    scores = score_table(campaign)
    losers_width = 32 if short else 60

    def cells_of(row: CriterionRow) -> str:
        """Return the scores of the criterion on 社区得分."""
        return scores.cells(score(row.criterion.number))

    columns: tuple[Column[CriterionRow], ...] = (
        Column(name="number", heading=NO, width=6, value=lambda row: row.criterion.number, format=NUMBER),
        Column(
            name="group",
            heading="内容",
            width=18 if short else 20,
            value=lambda row: campaign.groups[row.criterion.group].title,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="text",
            heading=STANDARD,
            width=44 if short else 48,
            value=lambda row: row.criterion.text,
            format=TEXT,
            grows=10,
        ),
        Column(name="points", heading=POINTS, width=8, value=lambda row: row.criterion.points, format=NUMBER),
        Column(
            name="scored",
            heading="已评社区数",
            width=8 if short else 9,
            value=lambda row: row.scored,
            format=NUMBER,
            formula=lambda row, _cells: f"COUNT({cells_of(row)})",
        ),
        Column(
            name="average",
            heading="平均分",
            width=8,
            value=lambda row: row.average,
            format={**NUMBER, "num_format": "0.00"},
            formula=lambda row, cells: f'IF({cells["scored"]}=0,"",SUM({cells_of(row)})/{cells["scored"]})',
        ),
        Column(
            name="lost",
            heading="失分合计",
            width=8 if short else 9,
            value=lambda row: row.lost,
            format=NUMBER,
            formula=lambda row, cells: f"ROUND({cells['points']}*{cells['scored']}-SUM({cells_of(row)}),2)",
        ),
        Column(
            name="loss_rate",
            heading="失分率",
            width=8 if short else 9,
            value=lambda row: row.loss_rate,
            format={**NUMBER, "num_format": RATE},
            formula=lambda _row, cells: (
                f'IF({cells["scored"]}=0,"",{cells["lost"]}/({cells["points"]}*{cells["scored"]}))'
            ),
        ),
        Column(
            name="losers",
            heading="失分社区数",
            width=8 if short else 9,
            value=lambda row: len(row.losers),
            format=NUMBER,
            formula=lambda row, cells: f'COUNTIF({cells_of(row)},"<"&{cells["points"]})',
        ),
        Column(
            name="names",
            heading="失分社区",
            width=losers_width,
            value=lambda row: shortened(row.losers, 2.4 * losers_width, f"全部见“{RECTIFICATION}”") or "无",
            format={**TEXT, "font_size": 8},
            grows=8,
        ),
        Column(
            name="departments",
            heading="涉及部门",
            width=36 if short else 56,
            value=lambda row: _departments(campaign, row.criterion),
            format={**TEXT, "font_size": 9},
            grows=9,
        ),
    )
    return Table(
        sheet=CRITERIA,
        name="Criteria",
        header_row=2,
        length=len(campaign.criteria),
        columns=columns,
    )


def _departments(campaign: Campaign, criterion: Criterion) -> str:
    return "、".join(campaign.groups[criterion.group].departments) or "未指定"


def write_criteria(style: Style, tables: Tables) -> None:
    campaign = style.campaign
    note = (
        "只统计已填且能采用的得分；失分率＝失分合计÷（标准分×已评社区数）。"
        "部门按方案的职责分工逐项共同负责，列出仅供联系，不作责任认定。"
    )
    table = criteria_table(campaign, short=True)
    beside = _room(table, tables) - 2 * _ROW
    together = beside >= _LEAST_CHART
    if not together:
        table = criteria_table(campaign)
    sheet = open_sheet(style, table, title_of(campaign, CRITERIA), note)
    write_headings(sheet, style, table, _HEAD_HEIGHTS[-1])
    write_records(sheet, style, table, tables.criteria)
    set_page(sheet, style, table.header_row, repeat=_room(table, tables) < 0)
    _insert_chart(sheet, style, table, tables, min(_CHART, beside) if together else _CHART)
    if not together:
        sheet.set_h_pagebreaks([table.last_row + 1])


def _room(table: Table[CriterionRow], tables: Tables) -> float:
    """Return the points that the table leaves on its page, when its columns are as wide as the paper."""
    across, down = _PAPER
    rows = sum(row_height(table.columns, table.values(row, 0)) for row in tables.criteria)
    return down * max(1, _pixels(table) * 0.75 / across) - sum(_HEAD_HEIGHTS) - rows


def _pixels(table: Table[CriterionRow]) -> int:
    return sum(int(column.width * 7 + 5) for column in table.columns)


def _insert_chart(
    sheet: Worksheet, style: Style, table: Table[CriterionRow], tables: Tables, tall: float
) -> None:
    """Insert the chart under the table, ``tall`` points high."""
    categories = _write_categories(sheet, style, table)
    chart = losses_chart(style, categories, table.cells("loss_rate"))
    chart.set_size({"width": _pixels(table) - 4, "height": int(tall * 4 / 3)})
    description = {"description": _description(tables), "object_position": 2}
    sheet.insert_chart(table.last_row + 2, 0, chart, description)
    sheet.print_area(0, 0, table.last_row + 2 + int(tall / _ROW), len(table.columns) - 1)


def _write_categories(sheet: Worksheet, style: Style, table: Table[CriterionRow]) -> str:
    """Write the two levels of the chart's axis beside what is printed, and return a reference to them.

    They are each group once and the numbers of its criteria.
    """
    column, small = len(table.columns) + 1, style.format(NOTE)
    write_cell(sheet, table.header_row, column, "图表用：内容", small)
    write_cell(sheet, table.header_row, column + 1, "图表用：条目", small)
    for group in style.campaign.groups:
        for criterion in group.criteria:
            row, first = table.header_row + criterion.number, criterion is group.criteria[0]
            write_cell(sheet, row, column, group.name if first else None, small)
            write_cell(sheet, row, column + 1, str(criterion.number), small)
    return range_of(table.sheet, table.first_row, column, table.last_row, column + 1)


def _description(tables: Tables) -> str:
    """Return what the chart shows, in words for those who cannot see it."""
    worst = max(
        (row for row in tables.criteria if row.loss_rate is not None),
        key=lambda row: row.loss_rate or 0,
        default=None,
    )
    found = f"失分率最高的是第{worst.criterion.number}条" if worst else "尚无得分"
    return f"各条标准失分率柱形图；{found}。"


def rectification_table(campaign: Campaign, length: int, sheet: int = 1) -> Table[LossRow]:
    """Return the table of 整改清单 with all its columns, from left to right; ``sheet`` counts its sheets."""
    scores, rows = score_table(campaign), score_rows(campaign)

    def score_cell(loss: LossRow, name: str) -> str:
        return scores.cell(rows[loss.community.town, loss.community.name], name)

    columns: tuple[Column[LossRow], ...] = (
        Column(name="number", heading=NO, width=6, value=None, format=CENTRED),
        Column(
            name="town",
            heading=TOWN,
            width=12,
            value=lambda loss: loss.community.town,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="community",
            heading=COMMUNITY,
            width=14,
            value=lambda loss: loss.community.name,
            format=TEXT,
            link=lambda loss: score_cell(loss, "community"),
            grows=10,
        ),
        Column(
            name="pilot",
            heading=PILOT,
            width=6,
            value=lambda loss: PILOT if loss.community.pilot else "",
            format=CENTRED,
        ),
        Column(
            name="group",
            heading="内容",
            width=20,
            value=lambda loss: campaign.groups[loss.criterion.group].title,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="criterion",
            heading="条目",
            width=6,
            value=lambda loss: loss.criterion.number,
            format=CENTRED,
        ),
        Column(
            name="text",
            heading=STANDARD,
            width=44,
            value=lambda loss: loss.criterion.text,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="points",
            heading=POINTS,
            width=8,
            value=lambda loss: loss.criterion.points,
            format=NUMBER,
        ),
        Column(
            name="score",
            heading="得分",
            width=8,
            value=lambda loss: loss.score,
            format=NUMBER,
            formula=lambda loss, _cells: score_cell(loss, score(loss.criterion.number)),
        ),
        Column(
            name="lost",
            heading="失分",
            width=8,
            value=lambda loss: loss.lost,
            format=BOLD_NUMBER,
            formula=lambda _loss, cells: f"ROUND({cells['points']}-{cells['score']},2)",
        ),
        Column(
            name="departments",
            heading="涉及部门",
            width=52,
            value=lambda loss: _departments(campaign, loss.criterion),
            format={**TEXT, "font_size": 9},
            grows=9,
        ),
    )
    headings = {column.heading for column in columns}
    filters = (_filter(campaign, department, headings) for department in _all_departments(campaign))
    further = "" if sheet == 1 else str(sheet)
    return Table(
        sheet=f"{RECTIFICATION}{further}",
        name=f"Rectification{further}",
        header_row=3,
        length=length,
        columns=(*columns, *filters),
    )


def _filter(campaign: Campaign, department: str, headings: Collection[str]) -> Column[LossRow]:
    """Return the column in which a department's tasks are marked; no two headings of a table may be alike."""

    def concerned(loss: LossRow) -> bool:
        return department in campaign.groups[loss.criterion.group].departments

    return Column(
        name=f"department {department}",
        heading=f"{department}（部门）" if department in headings else department,
        width=10,
        value=lambda loss: "●" if concerned(loss) else None,
        format=lambda loss: CENTRED if concerned(loss) else None,
    )


def _all_departments(campaign: Campaign) -> list[str]:
    """Return every department once, in the order in which the groups name them."""
    return list(dict.fromkeys(name for group in campaign.groups for name in group.departments))


def write_rectification(style: Style, tables: Tables) -> None:
    """Write every lost point; where they outgrow a sheet, the list goes on in further ones."""
    losses = tables.losses
    for number, first in enumerate(range(0, max(1, len(losses)), _MOST_ROWS), 1):
        _write_losses(style, losses[first : first + _MOST_ROWS], number)


def _write_losses(style: Style, losses: Sequence[LossRow], number: int) -> None:
    """Write one sheet of lost points."""
    table = rectification_table(style.campaign, len(losses), number)
    note = (
        "每行一处失分，按街道（镇）、社区、失分多少排列；按部门查看请在右侧部门列筛选“●”。"
        "未填和有误的得分见“问题清单”。"
    )
    sheet = open_sheet(style, table, title_of(style.campaign, RECTIFICATION), note)
    write_headings(sheet, style, table, 44)
    printed = table.place("departments") + 1
    if losses:
        write_records(sheet, style, table, losses)
        _write_sums(sheet, style, table, losses)
    else:
        write_nothing(sheet, style, table.first_row, printed, "没有失分。")
    set_page(sheet, style, table.header_row)
    sheet.print_area(0, 0, max(table.last_row, table.first_row), printed - 1)
    pairs = enumerate(pairwise(loss.community.town for loss in losses), table.first_row + 1)
    breaks = [row for row, (above, below) in pairs if above != below]
    sheet.set_h_pagebreaks(breaks[:_MOST_BREAKS])


def _write_sums(sheet: Worksheet, style: Style, table: Table[LossRow], losses: Sequence[LossRow]) -> None:
    """Write how many places and points are lost of what the filter shows.

    They are above the table: at its end they might be alone on a page.
    """
    row = table.header_row - 1
    for place in range(table.place("departments") + 1):
        write_cell(sheet, row, place, None, style.format(BOLD))
    write_cell(sheet, row, table.place("town"), "合计", style.format(BOLD))
    places, lost = table.own_cells("criterion"), table.own_cells("lost")
    count, number = style.format(BOLD_NUMBER, num_format='0"处"'), style.format(BOLD_NUMBER)
    write_formula(sheet, row, table.place("criterion"), f"=SUBTOTAL(103,{places})", count, len(losses))
    total = sum((loss.lost for loss in losses), Decimal(0))
    write_formula(sheet, row, table.place("lost"), f"=ROUND(SUBTOTAL(109,{lost}),2)", number, total)
    sheet.set_row(row, 22)
