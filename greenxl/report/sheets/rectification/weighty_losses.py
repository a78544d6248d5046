"""The third list of 整改清单: the losses that matter, unit by unit."""

import math
from collections.abc import Iterator, Mapping, Sequence

from greenxl.campaign.model import Campaign, Community
from greenxl.names import bare
from greenxl.report.layout import STATUS
from greenxl.report.sheets.rectification.grid import LAST, LOSSES, STATE, TOTAL, UNSCORED, Box, Grid
from greenxl.report.sheets.tasks import Task, matters, weighs
from greenxl.report.style import BOLD_NUMBER, CENTRED
from greenxl.scoring.tables import CommunityRow, Tables
from greenxl.scoring.vocabulary import status_words
from greenxl.xlsx import text_width

_COLUMNS = LAST - LOSSES + 1
_BOLDER = {**CENTRED, "bold": True}
_CHARACTERS = 11
"""Of a text in 10 points that are one line in a column."""


def weighty(
    campaign: Campaign, tables: Tables, tasks: Mapping[Community, Sequence[Task]]
) -> list[tuple[CommunityRow, list[Task]]]:
    """Return the units with losses that matter and these, both in the order of the tasks."""
    rows = {row.community: row for row in tables.communities}
    units = ((rows[unit], of_unit) for unit, of_unit in tasks.items())
    found = ((row, [task for task in of_unit if matters(task, row, campaign)]) for row, of_unit in units)
    return [(row, of_unit) for row, of_unit in found if of_unit]


def write_weighty_losses(
    grid: Grid, row: int, tables: Tables, tasks: Mapping[Community, Sequence[Task]]
) -> int:
    """Write the list from a row on, and return the first row under it; ``tasks`` are those of each unit."""
    campaign, units = grid.campaign, weighty(grid.campaign, tables, tasks)
    failed, share = campaign.pass_words[1], campaign.notice_share
    points = bare(campaign.labels.points)
    others = f"其他{campaign.unit}失分达{points}{share}%的"
    grid.write_section(row, f"三、重点失分（{failed}的全部失分，{others}；达到的加粗）")
    row += 1
    if not units:
        words = (
            UNSCORED
            if tables.unscored
            else f"没有{failed}的{campaign.unit}，也没有达到{points}{share}%的失分。"
        )
        grid.write_row(row, [Box(first=0, last=LAST, value=words, properties=CENTRED)])
        return row + 1
    total = (TOTAL, TOTAL, bare(campaign.labels.total))
    grid.write_headings(
        row, [*grid.unit_headings(), total, (STATE, STATE, STATUS), (LOSSES, LAST, "条目和失分")]
    )
    for unit, of_unit in units:
        for boxes in _lines(grid, unit, of_unit):
            row += 1
            grid.write_row(row, boxes)
    return row + 1


def _lines(grid: Grid, row: CommunityRow, tasks: Sequence[Task]) -> Iterator[list[Box]]:
    """Yield the rows of a unit: every one names it, so that a page that begins with it can be read."""
    names = list(grid.unit_boxes(row.community))
    results = _results(grid, row)
    line: list[Box] = []
    place = LOSSES
    for task in tasks:
        value, formula = grid.loss(task)
        taken = _columns(value)
        if place + taken - 1 > LAST:
            yield [*names, *results, *_filled(line, place)]
            results, line, place = _filled([], TOTAL, STATE), [], LOSSES
        properties = _BOLDER if weighs(task, grid.campaign) or task.fails else CENTRED
        last = place + taken - 1
        line.append(Box(first=place, last=last, value=value, properties=properties, formula=formula))
        place += taken
    yield [*names, *results, *_filled(line, place)]


def _results(grid: Grid, row: CommunityRow) -> list[Box]:
    """Return a unit's total and status."""
    total, status = grid.cell(row.community, "total"), status_words(grid.campaign)[row.status]
    return [
        Box(first=TOTAL, last=TOTAL, value=row.total, properties=BOLD_NUMBER, formula=total),
        Box(first=STATE, last=STATE, value=status, properties=CENTRED),
    ]


def _columns(text: str) -> int:
    """Return over how many columns a text is one line, or as few lines as can be."""
    return min(_COLUMNS, max(1, math.ceil(text_width(text) / _CHARACTERS)))


def _filled(line: Sequence[Box], place: int, last: int = LAST) -> list[Box]:
    """Return a row with its empty cells."""
    return [*line, *(Box(first=column, last=column) for column in range(place, last + 1))]
