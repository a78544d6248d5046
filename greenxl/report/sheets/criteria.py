"""指标分析: which criteria lose points."""

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign, Criterion
from greenxl.names import bare
from greenxl.report.layout import (
    AVERAGE,
    CRITERIA,
    NO,
    RECTIFICATION,
    Column,
    Table,
    range_of,
    title_of,
)
from greenxl.report.sheets.charts import losses_chart
from greenxl.report.sheets.columns import (
    department_columns,
    has_departments,
    label_columns,
    subgroup_columns,
)
from greenxl.report.sheets.score_table import score, score_table
from greenxl.report.sheets.unscored import unscored_height, write_unscored
from greenxl.report.style import (
    LOSS,
    NOTE,
    NUMBER,
    RATE,
    RATE_BAR,
    TEXT,
    Style,
    open_sheet,
    row_height,
    set_page,
    shortened,
    wide_enough,
    write_headings,
    write_records,
)
from greenxl.scoring.tables import CriterionRow, Tables
from greenxl.xlsx import write_cell

_HEAD_HEIGHTS = (28, 18, 34)
_ROW = 15
"""Points of a row of no set height."""
_LEAST_CHART, _CHART = 220, 480
"""Points of height."""
_MOST_IN_CHART = 60
"""Criteria whose columns and numbers can still be told apart in a chart."""
_MOST_GROUPS = 8
"""Groups whose names have room under the columns of a chart."""
_PAPER = (765, 490)
"""Points across and down that A4 leaves between the margins, a little less for other offices' measures."""


def criteria_table(campaign: Campaign, *, short: bool = False) -> Table[CriterionRow]:
    """Return the table of 指标分析 with all its columns, from left to right.

    ``short`` is for a standard whose table and chart share a page: in larger type, on higher rows.
    """
    scores = score_table(campaign)
    losers_width, labels, unit = 32 if short else 60, campaign.labels, campaign.unit

    def cells_of(row: CriterionRow) -> str:
        """Return the scores of the criterion on 社区得分."""
        return scores.cells(score(row.criterion.number))

    columns: tuple[Column[CriterionRow], ...] = (
        Column(name="number", heading=NO, width=6, value=lambda row: row.criterion.number, format=NUMBER),
        *label_columns(campaign, lambda row: row.criterion),
        Column(
            name="group",
            heading=bare(labels.group),
            width=18 if short else 20,
            value=lambda row: campaign.groups[row.criterion.group].title,
            format=TEXT,
            grows=10,
        ),
        *subgroup_columns(campaign, lambda row: row.criterion),
        Column(
            name="text",
            heading=bare(labels.standard),
            width=wide_enough((c.text for c in campaign.criteria), 44 if short else 48, 10),
            value=lambda row: row.criterion.text,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="points",
            heading=bare(labels.points),
            width=8,
            value=lambda row: row.criterion.points,
            format=NUMBER,
        ),
        Column(
            name="scored",
            heading=f"已评{unit}数",
            width=8 if short else 9,
            value=lambda row: row.scored,
            format=NUMBER,
            formula=lambda row, _cells: f"COUNT({cells_of(row)})",
        ),
        Column(
            name="average",
            heading=AVERAGE,
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
            heading=f"失分{unit}数",
            width=8 if short else 9,
            value=lambda row: len(row.losers),
            format=NUMBER,
            formula=lambda row, cells: f'COUNTIF({cells_of(row)},"<"&{cells["points"]})',
        ),
        Column(
            name="names",
            heading=f"失分{unit}",
            width=losers_width,
            value=lambda row: shortened(row.losers, 2.4 * losers_width, f"全部见“{RECTIFICATION}”") or "无",
            format={**TEXT, "font_size": 8},
            grows=8,
        ),
        *department_columns(campaign, 36 if short else 56, lambda row: campaign.groups[row.criterion.group]),
    )
    return Table(sheet=CRITERIA, name="Criteria", header_row=2, length=len(campaign.scored), columns=columns)


def criterion_row(campaign: Campaign, criterion: Criterion) -> int:
    """Return the row of a criterion of the full mark."""
    return criteria_table(campaign).first_row + campaign.scored.index(criterion)


def write_criteria(style: Style, tables: Tables) -> None:
    campaign = style.campaign
    points = bare(campaign.labels.points)
    note = f"只统计已填且能采用的得分；失分率＝失分合计÷（{points}×已评{campaign.unit}数）。"
    if has_departments(campaign):
        note += "部门按方案的职责分工逐项共同负责，列出仅供联系，不作责任认定。"
    table = criteria_table(campaign, short=True)
    beside = _room(table, campaign, tables) - 2 * _ROW
    if beside < _LEAST_CHART:
        table = criteria_table(campaign)
        beside = _room(table, campaign, tables) - 2 * _ROW
    together = beside >= _LEAST_CHART
    sheet = open_sheet(style, table, title_of(campaign, CRITERIA), note)
    write_headings(sheet, style, table, _HEAD_HEIGHTS[-1])
    write_records(sheet, style, table, tables.criteria)
    last = write_unscored(sheet, style, table, tables)
    set_page(sheet, style, table.header_row, repeat=_room(table, campaign, tables) < 0)
    if len(campaign.scored) > _MOST_IN_CHART:
        _insert_bars(sheet, table)
        return
    _insert_chart(sheet, style, table, tables, last, min(_CHART, beside) if together else _CHART)
    if not together:
        sheet.set_h_pagebreaks([last + 1])


def _room(table: Table[CriterionRow], campaign: Campaign, tables: Tables) -> float:
    """Return the points that the table leaves on its page, when its columns are as wide as the paper."""
    across, down = _PAPER
    rows = sum(row_height(table.columns, table.values(row, 0)) for row in tables.criteria)
    rows += unscored_height(table, campaign, tables)
    return down * max(1, _pixels(table) * 0.75 / across) - sum(_HEAD_HEIGHTS) - rows


def _insert_bars(sheet: Worksheet, table: Table[CriterionRow]) -> None:
    """Show the loss rates by bars in their cells, where a chart of so many could not be read."""
    place = table.place("loss_rate")
    bar = {**RATE_BAR, "max_type": "max", "bar_color": LOSS}
    sheet.conditional_format(table.first_row, place, table.last_row, place, bar)


def _pixels(table: Table[CriterionRow]) -> int:
    return sum(int(column.width * 7 + 5) for column in table.columns)


def _insert_chart(
    sheet: Worksheet, style: Style, table: Table[CriterionRow], tables: Tables, last: int, tall: float
) -> None:
    """Insert the chart under the last row, ``tall`` points high."""
    categories = _write_categories(sheet, style, table)
    chart = losses_chart(style, categories, table.cells("loss_rate"))
    chart.set_size({"width": _pixels(table) - 4, "height": int(tall * 4 / 3)})
    description = {"description": _description(tables), "object_position": 2}
    sheet.insert_chart(last + 2, 0, chart, description)
    sheet.print_area(0, 0, last + 2 + int(tall / _ROW), len(table.columns) - 1)


def _write_categories(sheet: Worksheet, style: Style, table: Table[CriterionRow]) -> str:
    """Write the two levels of the chart's axis beside what is printed, and return a reference to them.

    They are each group once and the numbers of its criteria; these alone where the groups are too many for
    their names to be read.
    """
    column, small = len(table.columns) + 1, style.format(NOTE)
    write_cell(sheet, table.header_row, column, f"图表用：{bare(style.campaign.labels.group)}", small)
    write_cell(sheet, table.header_row, column + 1, "图表用：条目", small)
    rows = enumerate(style.campaign.scored, table.first_row)
    groups = [criterion.group for criterion in style.campaign.scored]
    for row, criterion in rows:
        first = row == table.first_row or groups[row - table.first_row - 1] != criterion.group
        name = style.campaign.groups[criterion.group].name
        write_cell(sheet, row, column, name if first else None, small)
        write_cell(sheet, row, column + 1, criterion.label or str(criterion.number), small)
    levels = 0 if len(set(groups)) <= _MOST_GROUPS else 1
    return range_of(table.sheet, table.first_row, column + levels, table.last_row, column + 1)


def _description(tables: Tables) -> str:
    """Return what the chart shows, in words for those who cannot see it."""
    worst = max(
        (row for row in tables.criteria if row.loss_rate is not None),
        key=lambda row: row.loss_rate or 0,
        default=None,
    )
    found = f"失分率最高的是{worst.criterion.name}" if worst else "尚无得分"
    return f"各条标准失分率柱形图；{found}。"
