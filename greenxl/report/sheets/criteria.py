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
from greenxl.report.sheets.columns import label_columns, subgroup_columns
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
    clipped,
    fits_upright,
    open_sheet,
    page_height,
    row_height,
    set_page,
    write_headings,
    write_records,
)
from greenxl.scoring.tables import CriterionRow, Tables
from greenxl.xlsx import write_cell

_HEADER_ROW, _CHART_ROW = 3, 2
_HEADING_HEIGHT = 34
_HEADS = 28 + 18 + _HEADING_HEIGHT + 10
"""Points of title, note and headings, and some to be sure."""
_LEAST_CHART, _CHART = 180, 380
"""Points of height."""
_MOST_IN_CHART = 60
"""Criteria whose columns and numbers can still be told apart in a chart."""
_MOST_GROUPS = 8
"""Groups whose names have room under the columns of a chart."""
_LONGEST_TEXT = 1000
"""Characters of a criterion that are shown, a page being as wide as it can be read; forms have all of it."""


def criteria_table(campaign: Campaign) -> Table[CriterionRow]:
    """Return the table of 指标分析 with all its columns, from left to right."""
    scores, labels, unit = score_table(campaign), campaign.labels, campaign.unit

    def cells_of(row: CriterionRow) -> str:
        """Return the scores of the criterion on 社区得分."""
        return scores.cells(score(row.criterion.number))

    columns: tuple[Column[CriterionRow], ...] = (
        Column(name="number", heading=NO, width=6, value=lambda row: row.criterion.number, format=NUMBER),
        *label_columns(campaign, lambda row: row.criterion),
        Column(
            name="group",
            heading=bare(labels.group),
            width=24,
            value=lambda row: campaign.groups[row.criterion.group].title,
            format=TEXT,
            grows=10,
        ),
        *subgroup_columns(campaign, lambda row: row.criterion),
        Column(
            name="text",
            heading=bare(labels.standard),
            width=52,
            value=lambda row: clipped(row.criterion.text, _LONGEST_TEXT),
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
            width=8,
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
            width=8,
            value=lambda row: row.lost,
            format=NUMBER,
            formula=lambda row, cells: f"ROUND({cells['points']}*{cells['scored']}-SUM({cells_of(row)}),2)",
        ),
        Column(
            name="loss_rate",
            heading="失分率",
            width=8,
            value=lambda row: row.loss_rate,
            format={**NUMBER, "num_format": RATE},
            formula=lambda _row, cells: (
                f'IF({cells["scored"]}=0,"",{cells["lost"]}/({cells["points"]}*{cells["scored"]}))'
            ),
        ),
        Column(
            name="losers",
            heading=f"失分{unit}数",
            width=8,
            value=lambda row: len(row.losers),
            format=NUMBER,
            formula=lambda row, cells: f'COUNTIF({cells_of(row)},"<"&{cells["points"]})',
        ),
    )
    return Table(
        sheet=CRITERIA, name="Criteria", header_row=_HEADER_ROW, length=len(campaign.scored), columns=columns
    )


def criterion_row(campaign: Campaign, criterion: Criterion) -> int:
    """Return the row of a criterion of the full mark."""
    return criteria_table(campaign).first_row + campaign.scored.index(criterion)


def write_criteria(style: Style, tables: Tables) -> None:
    """Write the chart and under it the table, so that no chart is alone on a page."""
    campaign, table = style.campaign, criteria_table(style.campaign)
    points = bare(campaign.labels.points)
    note = (
        f"只统计已填且能采用的得分；失分率＝失分合计÷（{points}×已评{campaign.unit}数）。"
        f"失分的{campaign.unit}和涉及部门见“{RECTIFICATION}”。"
    )
    sheet = open_sheet(style, table, title_of(campaign, CRITERIA), note)
    write_headings(sheet, style, table, _HEADING_HEIGHT)
    write_records(sheet, style, table, tables.criteria)
    last = write_unscored(sheet, style, table, tables)
    upright = fits_upright([column.width for column in table.columns])
    set_page(sheet, style, table.header_row, upright=upright, frozen=False)
    sheet.print_area(0, 0, last, len(table.columns) - 1)
    if len(campaign.scored) > _MOST_IN_CHART:
        _insert_bars(sheet, table)
    else:
        _insert_chart(sheet, style, table, tables, _chart_height(table, campaign, tables))


def _chart_height(table: Table[CriterionRow], campaign: Campaign, tables: Tables) -> float:
    """Return the points of height that the table leaves the chart on one page, within bounds."""
    rows = sum(row_height(table.columns, table.values(row, 0)) for row in tables.criteria)
    rows += unscored_height(table, campaign, tables)
    room = page_height([column.width for column in table.columns]) - rows - _HEADS
    return min(_CHART, room) if room >= _LEAST_CHART else _CHART


def _insert_bars(sheet: Worksheet, table: Table[CriterionRow]) -> None:
    """Show the loss rates by bars in their cells, where a chart of so many could not be read."""
    place = table.place("loss_rate")
    bar = {**RATE_BAR, "max_type": "max", "bar_color": LOSS}
    sheet.conditional_format(table.first_row, place, table.last_row, place, bar)


def _insert_chart(
    sheet: Worksheet, style: Style, table: Table[CriterionRow], tables: Tables, tall: float
) -> None:
    """Insert the chart above the headings, in a row as high as it is: ``tall`` points."""
    categories = _write_categories(sheet, style, table)
    chart = losses_chart(style, categories, table.cells("loss_rate"))
    pixels = sum(int(column.width * 7 + 5) for column in table.columns)
    chart.set_size({"width": pixels - 4, "height": int(tall * 4 / 3) - 8})
    sheet.set_row(_CHART_ROW, tall)
    place = {"description": _description(tables), "object_position": 2, "x_offset": 2, "y_offset": 2}
    sheet.insert_chart(_CHART_ROW, 0, chart, place)


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
