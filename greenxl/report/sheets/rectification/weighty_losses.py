"""The third list of 整改清单: the losses that matter, unit by unit."""

import math
from collections.abc import Iterator, Mapping, Sequence

from greenxl.campaign.model import Campaign, Community
from greenxl.names import bare
from greenxl.report.layout import STATUS
from greenxl.report.sheets.rectification.grid import LAST, LOSS, STATE, TOTAL, WIDTHS, Box, Grid
from greenxl.report.sheets.tasks import Task, matters, weighs
from greenxl.report.style import BOLD_NUMBER, CENTRED
from greenxl.scoring.tables import CommunityRow, Tables
from greenxl.scoring.vocabulary import status_words
from greenxl.xlsx import text_width

_COLUMNS = LAST - LOSS + 1
_BOLDER = {**CENTRED, "bold": True}
_PADDING = 1.5
"""Characters of a column that no text fills."""


def weighty(
    campaign: Campaign, tables: Tables, tasks: Mapping[Community, Sequence[Task]]
) -> list[tuple[CommunityRow, list[Task]]]:
    """Return the units with losses that matter and these, both in the order of the tasks."""
    rows = {row.community: row for row in tables.communities}
    found = (
        (rows[unit], [task for task in of_unit if matters(task, rows[unit], campaign)])
        for unit, of_unit in tasks.items()
    )
    return [(row, of_unit) for row, of_unit in found if of_unit]


def write_weighty_losses(
    grid: Grid, row: int, tables: Tables, tasks: Mapping[Community, Sequence[Task]]
) -> int:
    """Write the list from a row on, and return the first row under it; ``tasks`` are those of each unit."""
    campaign, units = grid.campaign, weighty(grid.campaign, tables, tasks)
    failed, share = campaign.pass_words[1], campaign.notice_share
    points = bare(campaign.labels.points)
    grid.write_section(row, f"三、重点失分（{failed}的全部失分，其他{campaign.unit}失分达{points}{share}%的；达到的加粗）")
    row += 1
    if not units:
        words = f"没有{failed}的{campaign.unit}，也没有达到{points}{share}%的失分。"
        grid.write_row(row, [Box(first=0, last=LAST, value=words, properties=CENTRED)])
        return row + 1
    total = (TOTAL, TOTAL, bare(campaign.labels.total))
    grid.write_headings(
        row, [*grid.unit_headings(), total, (STATE, STATE, STATUS), (LOSS, LAST, "条目和失分")]
    )
    for unit, of_unit in units:
        for boxes in _lines(grid, unit, of_unit):
            row += 1
            grid.write_row(row, boxes)
    return row + 1


def _lines(grid: Grid, row: CommunityRow, tasks: Sequence[Task]) -> Iterator[list[Box]]:
    """Yield the rows of a unit: every one names it, so that a page that begins with it can be read."""
    about = [
        *grid.unit_boxes(row.community),
        Box(
            first=TOTAL,
            last=TOTAL,
            value=row.total,
            properties=BOLD_NUMBER,
            formula=grid.cell(row.community, "total"),
        ),
        Box(first=STATE, last=STATE, value=status_words(grid.campaign)[row.status], properties=CENTRED),
    ]
    line: list[Box] = []
    place = LOSS
    for task in tasks:
        value, formula = grid.loss(task)
        taken = _columns(value)
        if place + taken - 1 > LAST:
            yield [*about, *_filled(line, place)]
            line, place = [], LOSS
        properties = _BOLDER if weighs(task, grid.campaign) or task.fails else CENTRED
        line.append(
            Box(first=place, last=place + taken - 1, value=value, properties=properties, formula=formula)
        )
        place += taken
    yield [*about, *_filled(line, place)]


def _columns(text: str) -> int:
    """Return over how many columns a text is one line, or as few lines as can be."""
    return min(_COLUMNS, max(1, math.ceil((text_width(text) * 0.98 + _PADDING) / WIDTHS[LOSS])))


def _filled(line: Sequence[Box], place: int) -> list[Box]:
    """Return a row with its empty cells."""
    return [*line, *(Box(first=column, last=column) for column in range(place, LAST + 1))]
