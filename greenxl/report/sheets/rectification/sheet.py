"""整改清单 as a whole: three lists that are printed, and under them the full one to look up."""

from collections.abc import Mapping, Sequence

from greenxl.campaign.model import Campaign, Community
from greenxl.report.layout import RECTIFICATION, cell_of, title_of
from greenxl.report.sheets.rectification.by_criterion import write_criteria_losses
from greenxl.report.sheets.rectification.failed_units import write_failed_units
from greenxl.report.sheets.rectification.full_list import write_full_list
from greenxl.report.sheets.rectification.grid import LAST, WIDTHS, Grid, grid_on
from greenxl.report.sheets.rectification.weighty_losses import write_weighty_losses
from greenxl.report.sheets.tasks import Task, tasks_of
from greenxl.report.style import LINKED, Style, height, set_columns, set_page, write_title
from greenxl.scoring.tables import Tables
from greenxl.xlsx import write_link, write_merged

_PAGE, _HEAD_HEIGHT, _LEAST_OF_LIST = 1030.0, 46.0, 80.0
"""Points: of a page that is as wide as the columns, of title and note, of the first rows of a list."""
_GAP = 2
"""Rows, and columns, between what is printed and the full list."""


def write_rectification(style: Style, tables: Tables, *, brief: bool = False) -> None:
    """Write the sheet; ``brief`` for a leader's copy: what failed and what each criterion lost, no more.

    The full list is under what is printed and right of it: its filter hides no printed row, and its columns
    have widths of their own.
    """
    campaign = style.campaign
    tasks = tasks_of(campaign, tables)
    by_unit = _by_unit(tasks)
    sheet = style.book.sheet(RECTIFICATION)
    set_columns(sheet, style, WIDTHS)
    write_title(sheet, style, title_of(campaign, RECTIFICATION), _note(campaign, brief=brief))
    grid, listed = grid_on(sheet, style), bool(tasks) and not brief
    first = 3 if listed else 2
    row = write_failed_units(grid, first, tables, by_unit)
    row = write_criteria_losses(grid, row, tables, tasks)
    if not brief:
        row = write_weighty_losses(grid, row, tables, by_unit)
    if listed:
        _write_link(grid, first - 1, row + _GAP, len(tasks))
        write_full_list(style, sheet, tasks, row + _GAP, len(WIDTHS) + _GAP)
    set_page(sheet, style, 0, upright=True, frozen=False)
    sheet.print_area(0, 0, row - 1, LAST)
    sheet.set_h_pagebreaks(page_breaks(grid.heights, grid.sections))


def page_breaks(heights: Mapping[int, float], sections: Sequence[int]) -> list[int]:
    """Return the rows before which a page has to begin, lest the title of a list be the last on its page.

    ``heights`` are those of the rows in points; a page that is full breaks by itself.
    """
    used, breaks = _HEAD_HEIGHT, []
    for row, points in sorted(heights.items()):
        needed = points + _LEAST_OF_LIST if row in sections else points
        if used + needed > _PAGE:
            used = _HEAD_HEIGHT
            if row in sections:
                breaks.append(row)
        used += points
    return breaks


def _by_unit(tasks: Sequence[Task]) -> dict[Community, list[Task]]:
    """Return the tasks of each unit that has any, in their order."""
    found: dict[Community, list[Task]] = {}
    for task in tasks:
        found.setdefault(task.community, []).append(task)
    return found


def _note(campaign: Campaign, *, brief: bool) -> str:
    note = f"失分只算已填且能采用的得分；点击{campaign.unit}名称查看其得分。"
    return note if brief else f"{note}未填和有误的得分见“问题清单”。"


def _write_link(grid: Grid, row: int, target: int, tasks: int) -> None:
    """Write where the full list is."""
    words = f"全部{tasks}处的完整清单在本表右下方（第{target + 1}行起，可按部门等筛选，不打印）：点击前往"
    link = cell_of(RECTIFICATION, target, len(WIDTHS) + _GAP)
    shown = grid.style.format(LINKED, border=0)
    write_merged(grid.sheet, (row, 0, row, LAST), "", shown)
    write_link(grid.sheet, row, 0, f"internal:{link}", words, shown)
    grid.heights[row] = max(18, height((words, sum(WIDTHS), 10)))
    grid.sheet.set_row(row, grid.heights[row])
