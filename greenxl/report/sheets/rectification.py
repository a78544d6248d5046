"""整改清单: every lost point as a task."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from itertools import pairwise

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign
from greenxl.names import bare
from greenxl.report.layout import (
    NO,
    PILOT,
    RECTIFICATION,
    Column,
    Table,
    title_of,
    with_towns,
)
from greenxl.report.sheets.criteria import departments_of
from greenxl.report.sheets.scores import score, score_rows, score_table
from greenxl.report.style import (
    BOLD,
    BOLD_NUMBER,
    CENTRED,
    NUMBER,
    TEXT,
    Style,
    open_sheet,
    set_page,
    write_headings,
    write_nothing,
    write_records,
)
from greenxl.scoring.tables import LossRow, Tables
from greenxl.xlsx import write_cell, write_formula

_MOST_ROWS = 1_000_000
"""Of a sheet, with room for its head and totals (Excel: 1,048,576)."""
_MOST_BREAKS = 1000
"""Of pages by hand on a sheet (Excel: 1,026)."""


def rectification_table(campaign: Campaign, length: int, sheet: int = 1) -> Table[LossRow]:
    """Return the table of 整改清单 with all its columns, from left to right; ``sheet`` counts its sheets."""
    scores, rows, labels = score_table(campaign), score_rows(campaign), campaign.labels

    def score_cell(loss: LossRow, name: str) -> str:
        return scores.cell(rows[loss.community.town, loss.community.name], name)

    columns: tuple[Column[LossRow], ...] = (
        Column(name="number", heading=NO, width=6, value=None, format=CENTRED),
        Column(
            name="town",
            heading=campaign.parent,
            width=12,
            value=lambda loss: loss.community.town,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="community",
            heading=campaign.unit,
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
            heading=bare(labels.group),
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
            heading=bare(labels.standard),
            width=44,
            value=lambda loss: loss.criterion.text,
            format=TEXT,
            grows=10,
        ),
        Column(
            name="points",
            heading=bare(labels.points),
            width=8,
            value=lambda loss: loss.criterion.points,
            format=NUMBER,
        ),
        Column(
            name="score",
            heading=bare(labels.score),
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
            value=lambda loss: departments_of(campaign, loss.criterion),
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
        columns=with_towns(campaign, (*columns, *filters)),
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
    campaign = style.campaign
    table = rectification_table(campaign, len(losses), number)
    order = "、".join(filter(None, (campaign.parent, campaign.unit)))
    note = (
        f"每行一处失分，按{order}、失分多少排列；"
        "按部门查看请在右侧部门列筛选“●”。"
        "未填和有误的得分见“问题清单”。"
    )
    sheet = open_sheet(style, table, title_of(campaign, RECTIFICATION), note)
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
    breaks = [row for row, (above, below) in pairs if above != below and campaign.has_towns]
    sheet.set_h_pagebreaks(breaks[:_MOST_BREAKS])


def _write_sums(sheet: Worksheet, style: Style, table: Table[LossRow], losses: Sequence[LossRow]) -> None:
    """Write how many places and points are lost of what the filter shows.

    They are above the table: at its end they might be alone on a page.
    """
    row = table.header_row - 1
    for place in range(table.place("departments") + 1):
        write_cell(sheet, row, place, None, style.format(BOLD))
    write_cell(sheet, row, 1, "合计", style.format(BOLD))
    places, lost = table.own_cells("criterion"), table.own_cells("lost")
    count, number = style.format(BOLD_NUMBER, num_format='0"处"'), style.format(BOLD_NUMBER)
    write_formula(sheet, row, table.place("criterion"), f"=SUBTOTAL(103,{places})", count, len(losses))
    total = sum((loss.lost for loss in losses), Decimal(0))
    write_formula(sheet, row, table.place("lost"), f"=ROUND(SUBTOTAL(109,{lost}),2)", number, total)
    sheet.set_row(row, 22)
