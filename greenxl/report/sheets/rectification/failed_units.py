"""The first list of 整改清单: the units that failed, what they lack to pass, and where they lost most."""

from collections.abc import Mapping, Sequence

from greenxl.campaign.model import Campaign, Community, plain
from greenxl.names import bare
from greenxl.report.layout import Properties, scores_sheet
from greenxl.report.sheets.rectification.grid import LAST, LOSSES, STATE, TOTAL, Box, Grid
from greenxl.report.sheets.score_table import VETO, veto_words
from greenxl.report.sheets.tasks import Task, short_of_passing
from greenxl.report.style import BOLD_NUMBER, CENTRED, NUMBER, ORANGE, TEXT, clipped
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CommunityRow, Tables
from greenxl.scoring.vocabulary import status_words

_WORST = 3
_REASON = LOSSES + _WORST
"""The first column of the reason, or of the text of the criterion that lost most."""
_LACKS: Properties = {**NUMBER, "num_format": '"差"General'}
_FAILS: Properties = {**TEXT, "font_color": ORANGE}
_LONGEST = 48
"""Characters of a criterion that are one line."""
_LEAST = "差不足0.01"
"""Of a total that is below the mark only before it is rounded for show."""


def failed_units(campaign: Campaign, tables: Tables) -> list[CommunityRow]:
    """Return the units that failed by town, the nearest to passing first."""
    towns = {town.name: place for place, town in enumerate(campaign.towns)}
    failed = (row for row in tables.communities if row.status is Status.FAILED)
    return sorted(
        failed,
        key=lambda row: (
            towns[row.community.town],
            short_of_passing(row, campaign),
            len(row.vetoes),
            row.community.number,
        ),
    )


def write_failed_units(
    grid: Grid, row: int, tables: Tables, tasks: Mapping[Community, Sequence[Task]]
) -> int:
    """Write the list from a row on, and return the first row under it; ``tasks`` are those of each unit."""
    campaign, units = grid.campaign, failed_units(grid.campaign, tables)
    passed, failed = campaign.pass_words
    grid.write_section(row, f"一、{failed}的{campaign.unit}（{len(units)}个，离{passed}近的在前）")
    if units:
        row = _write_units(grid, row + 1, units, tasks)
    else:
        nobody = Box(first=0, last=LAST, value=_nobody(campaign, tables), properties=CENTRED)
        grid.write_row(row + 1, [nobody])
        row += 2
    others = _others(campaign, tables)
    if others:
        grid.write_row(row, [Box(first=0, last=LAST, value=others)])
        row += 1
    return row


def _write_units(
    grid: Grid, row: int, units: Sequence[CommunityRow], tasks: Mapping[Community, Sequence[Task]]
) -> int:
    campaign = grid.campaign
    last = VETO if campaign.has_vetoes else f"失分最多的一条{bare(campaign.labels.standard)}"
    headings = [
        (TOTAL, TOTAL, bare(campaign.labels.total)),
        (STATE, STATE, f"距{campaign.pass_words[0]}"),
        (LOSSES, _REASON - 1, f"失分最多的{_WORST}条"),
        (_REASON, LAST, last),
    ]
    grid.write_headings(row, [*grid.unit_headings(), *headings])
    for place, unit in enumerate(units, row + 1):
        grid.write_row(place, _boxes(grid, unit, tasks.get(unit.community, ())))
    return row + 1 + len(units)


def _nobody(campaign: Campaign, tables: Tables) -> str:
    if tables.totals:
        return f"没有{campaign.pass_words[1]}的{campaign.unit}。"
    return f"还没有得分齐全、可以评定的{campaign.unit}。"


def _others(campaign: Campaign, tables: Tables) -> str:
    """Return how many units have no verdict, by status; "" where all have one."""
    statuses, words = tables.county.statuses, status_words(campaign)
    found = [
        f"{words[status]}{count}个"
        for status, count in statuses.items()
        if count and status not in (Status.PASSED, Status.FAILED)
    ]
    return f"尚未评定：{'、'.join(found)}，见“{scores_sheet(campaign)}”。" if found else ""


def _boxes(grid: Grid, row: CommunityRow, tasks: Sequence[Task]) -> list[Box]:
    campaign = grid.campaign
    worst = sorted((task for task in tasks if task.lost), key=lambda task: task.amount, reverse=True)[:_WORST]
    total = Box(
        first=TOTAL,
        last=TOTAL,
        value=row.total,
        properties=BOLD_NUMBER,
        formula=grid.cell(row.community, "total"),
    )
    boxes = [*grid.unit_boxes(row.community), total, _lacks(grid, row)]
    for place in range(_WORST):
        value, formula = grid.loss(worst[place]) if place < len(worst) else ("", None)
        boxes.append(
            Box(first=LOSSES + place, last=LOSSES + place, value=value, properties=CENTRED, formula=formula)
        )
    reason = veto_words(row) if campaign.has_vetoes else _text(worst)
    properties = _FAILS if campaign.has_vetoes else TEXT
    return [*boxes, Box(first=_REASON, last=LAST, value=reason, properties=properties)]


def _lacks(grid: Grid, row: CommunityRow) -> Box:
    """Return what is missing to pass; nothing where the total is enough and a veto alone fails it."""
    short, mark = short_of_passing(row, grid.campaign), grid.campaign.pass_score
    if short:
        total = grid.cell(row.community, "total")
        formula = f"ROUND({plain(mark)}-{total},2)"
        return Box(first=STATE, last=STATE, value=short, properties=_LACKS, formula=formula)
    words = "" if row.vetoes else _LEAST
    return Box(first=STATE, last=STATE, value=words, properties=CENTRED)


def _text(worst: Sequence[Task]) -> str:
    criterion = worst[0].criterion if worst else None
    return clipped(criterion.text, _LONGEST) if criterion else ""
