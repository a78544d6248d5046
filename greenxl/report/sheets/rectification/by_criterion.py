"""The second list of 整改清单: what each criterion lost, in how many units, and whom it concerns."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from xlsxwriter.utility import xl_rowcol_to_cell

from greenxl.campaign.model import Answer, Campaign, Criterion, Group, Kind
from greenxl.campaign.rules import quoted
from greenxl.names import bare
from greenxl.report.layout import Properties, range_of, scores_sheet
from greenxl.report.sheets.columns import departments_in, departments_of, has_departments
from greenxl.report.sheets.rectification.grid import (
    LAST,
    LOSSES,
    STATE,
    TOTAL,
    TOWN,
    UNIT,
    UNSCORED,
    Box,
    Grid,
)
from greenxl.report.sheets.score_table import score
from greenxl.report.sheets.tasks import Concern, Task, concerns_of, least_words
from greenxl.report.style import (
    BESIDE_BAR,
    BOLD,
    BOLD_NUMBER,
    CENTRED,
    HALF_BAR,
    HEAD,
    LOSS,
    NUMBER,
    TEXT,
    clipped,
    shortened,
)
from greenxl.scoring.tables import CriterionRow, Tables
from greenxl.xlsx import text_width

_WORST = 3
_RATE, _LOSERS, _TOWNS, _UNITS = LOSSES + 1, LOSSES + 2, LOSSES + 3, LOSSES + 5
_LONGEST_TEXT = 600
"""Characters of a criterion that are shown; all of it is in the full list and on 指标分析."""
_LONGEST_FORMULA = 8_000
"""Characters, and some to spare (Excel: 8,192): what needs more is written as its value."""
_ROOM_FOR_TOWNS = 40
"""Characters of the towns of a criterion, two lines."""
_ROOM_FOR_REST = 30
"""Characters of how many there are and where, beside one that needs more."""
_GROUP: Properties = {**BOLD, "bg_color": HEAD}
_BAR = {**HALF_BAR, "bar_color": LOSS}


@dataclass(frozen=True, slots=True)
class _Block:
    """The scores on 社区得分 of criteria of the full mark that are side by side."""

    scores: str
    points: str

    @property
    def possible(self) -> str:
        """The formula of the points that could be had where there is a score."""
        return f"SUMPRODUCT(ISNUMBER({self.scores})*{self.points})"

    @property
    def below(self) -> str:
        """The formula of how many scores are less than full."""
        return f"SUMPRODUCT(ISNUMBER({self.scores})*({self.scores}<{self.points}))"


def write_criteria_losses(grid: Grid, row: int, tables: Tables, tasks: Iterable[Task]) -> int:
    """Write the list from a row on, the sums of departments under it, and return the first row below."""
    campaign, concerns = grid.campaign, concerns_of(tasks, grid.campaign)
    standard = bare(campaign.labels.standard)
    grid.write_section(row, f"二、各条{standard}的失分（{len(concerns)}条有失分，按{standard}的顺序）")
    if not concerns:
        words = UNSCORED if tables.unscored else "已有的得分没有失分。"
        grid.write_row(row + 1, [Box(first=0, last=LAST, value=words, properties=CENTRED)])
        return row + 2
    row = _write_concerns(grid, row + 1, tables, concerns)
    sums = department_sums(campaign, tables)
    return _write_departments(grid, row, sums) if sums else row


def _write_concerns(grid: Grid, row: int, tables: Tables, concerns: Sequence[Concern]) -> int:
    campaign = grid.campaign
    towns = campaign.has_towns
    grid.write_headings(
        row,
        [
            (TOWN, TOWN, "条目"),
            (UNIT, LOSSES - 1, bare(campaign.labels.standard)),
            (LOSSES, LOSSES, "失分合计"),
            (_RATE, _RATE, "失分率"),
            (_LOSERS, _LOSERS, f"失分{campaign.unit}数"),
            *([(_TOWNS, _UNITS - 1, campaign.parent)] if towns else []),
            (_UNITS if towns else _TOWNS, LAST, f"失分最多的{_WORST}个{campaign.unit}"),
        ],
    )
    rows = {one.criterion.number: one for one in tables.criteria}
    first, above = row + 1, None
    for concern in concerns:
        row += 1
        if concern.group is not above:
            grid.write_row(row, [_group_box(campaign, concern.group)])
            above, row = concern.group, row + 1
        known = rows.get(concern.criterion.number) if concern.criterion else None
        grid.write_row(row, _boxes(grid, row, concern, known))
    grid.sheet.conditional_format(first, _RATE, row, _RATE, _BAR)
    return row + 1


def _group_box(campaign: Campaign, group: Group) -> Box:
    """Return the line over a group's criteria: who is concerned is said once, not beside each of them."""
    words = f"{group.title}　{departments_of(group)}" if has_departments(campaign) else group.title
    return Box(first=0, last=LAST, value=words, properties=_GROUP)


def _boxes(grid: Grid, row: int, concern: Concern, known: CriterionRow | None) -> list[Box]:
    campaign, criterion = grid.campaign, concern.criterion
    names = _towns(concern)
    room = max(_ROOM_FOR_TOWNS, text_width(names[0]) + _ROOM_FOR_REST)
    towns = shortened(names, room, f"见“{scores_sheet(campaign)}”")
    return [
        Box(first=TOWN, last=TOWN, value=criterion.name if criterion else "最低分", properties=CENTRED),
        Box(first=UNIT, last=LOSSES - 1, value=_words(concern)),
        *_figures(grid, row, concern, known),
        *([Box(first=_TOWNS, last=_UNITS - 1, value=towns)] if campaign.has_towns else []),
        _worst(grid, concern, _UNITS if campaign.has_towns else _TOWNS),
    ]


def _words(concern: Concern) -> str:
    criterion = concern.criterion
    if criterion is None:
        return least_words(concern.group)
    text = f"{criterion.subgroup}：{criterion.text}" if criterion.subgroup else criterion.text
    return clipped(text, _LONGEST_TEXT)


def _towns(concern: Concern) -> list[str]:
    """Return the towns of the units that lost points, the one with the most of them first."""
    return [town for town, _count in Counter(task.community.town for task in concern.tasks).most_common()]


def _figures(grid: Grid, row: int, concern: Concern, known: CriterionRow | None) -> list[Box]:
    """Return what is lost, the rate and by how many; of what is outside the full mark there is no rate."""
    if known is None:
        return _other_figures(grid, concern)
    return _loss_boxes(row, _blocks(grid, [known.criterion]), known.lost, known.loss_rate, len(known.losers))


def _loss_boxes(
    row: int, blocks: Sequence[_Block], lost: Decimal, rate: float | None, losers: int
) -> list[Box]:
    """Return points lost, their rate, and how often points are lost, of some columns of scores."""
    possible = "+".join(block.possible for block in blocks)
    got = "-".join(f"SUM({block.scores})" for block in blocks)
    formulas = (
        f"ROUND({possible}-{got},2)",
        f'IFERROR({xl_rowcol_to_cell(row, LOSSES)}/({possible}),"")',
        "+".join(block.below for block in blocks),
    )
    shown = zip((lost, rate, losers), (BOLD_NUMBER, BESIDE_BAR, NUMBER), formulas, strict=True)
    return [
        Box(
            first=column,
            last=column,
            value=value,
            properties=properties,
            formula=formula if len(formula) <= _LONGEST_FORMULA else None,
        )
        for column, (value, properties, formula) in enumerate(shown, LOSSES)
    ]


def _blocks(grid: Grid, criteria: Iterable[Criterion]) -> list[_Block]:
    """Return the blocks of columns that the criteria are in."""
    table, blocks = grid.scores, list[_Block]()
    columns = (table.place(score(criterion.number)) for criterion in criteria)
    for _distance, run in groupby(enumerate(columns), lambda one: one[1] - one[0]):
        places = [column for _index, column in run]
        first, last = places[0], places[-1]
        blocks.append(
            _Block(
                range_of(table.sheet, table.first_row, first, table.last_row, last),
                range_of(table.sheet, table.points_row, first, table.points_row, last),
            )
        )
    return blocks


def _other_figures(grid: Grid, concern: Concern) -> list[Box]:
    """Return the same of what is outside the full mark, and has no rate."""
    lost, losers = _other_formulas(grid, concern)
    amount = concern.lost if lost else "—"
    return [
        Box(first=LOSSES, last=LOSSES, value=amount, properties=BOLD_NUMBER, formula=lost),
        Box(first=_RATE, last=_RATE, value="—", properties=CENTRED),
        Box(first=_LOSERS, last=_LOSERS, value=len(concern.tasks), properties=NUMBER, formula=losers),
    ]


def _other_formulas(grid: Grid, concern: Concern) -> tuple[str | None, str]:
    """Return the formulas of the points that are taken off, None where none are, and of the units."""
    criterion = concern.criterion
    if criterion is None:
        words = quoted(concern.tasks[0].fails)
        return None, f"SUMPRODUCT(ISNUMBER(FIND({words},{grid.scores.cells('veto')}))*1)"
    cells = grid.scores.cells(score(criterion.number))
    if criterion.kind is Kind.CONDITION:
        return None, f'COUNTIF({cells},"{Answer.UNFULFILLED}")'
    return f"ROUND(SUM({cells}),2)", f'COUNTIF({cells},">0")'


def _worst(grid: Grid, concern: Concern, first: int) -> Box:
    """Return the units that lost most, with what each of them lost."""
    tasks = concern.tasks[:_WORST]
    if any(task.lost is None for task in tasks):
        names = "、".join(task.community.name for task in tasks)
        return Box(first=first, last=LAST, value=names)
    parts = [grid.lost_by(task) for task in tasks]
    words, formula = "、".join(words for words, _formula in parts), '&"、"&'.join(f for _words, f in parts)
    return Box(first=first, last=LAST, value=words, formula=formula)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentSum:
    """What all criteria of a department's groups lost together."""

    department: str
    groups: tuple[Group, ...]
    """Those that it is concerned with, each once."""
    leads: int
    """How many of them it leads."""
    rows: tuple[CriterionRow, ...]

    @property
    def lost(self) -> Decimal:
        return sum((row.lost for row in self.rows), Decimal(0))

    @property
    def losses(self) -> int:
        return sum(len(row.losers) for row in self.rows)

    @property
    def rate(self) -> float | None:
        """The part that was lost of all points that could be had; None where nobody was scored."""
        possible = sum((row.criterion.points * row.scored for row in self.rows), Decimal(0))
        return float(self.lost / possible) if possible else None


def department_sums(campaign: Campaign, tables: Tables) -> list[DepartmentSum]:
    """Return the sums of every department that is concerned with a loss, the largest first."""
    names = dict.fromkeys(name for group in campaign.groups for name in departments_in(group))
    sums = [_department_sum(name, campaign, tables) for name in names]
    return sorted((one for one in sums if one.lost), key=lambda one: one.lost, reverse=True)


def _department_sum(name: str, campaign: Campaign, tables: Tables) -> DepartmentSum:
    groups = tuple(group for group in campaign.groups if name in departments_in(group))
    return DepartmentSum(
        department=name,
        groups=groups,
        leads=sum(group.lead == name for group in groups),
        rows=tuple(row for row in tables.criteria if campaign.groups[row.criterion.group] in groups),
    )


def _write_departments(grid: Grid, row: int, sums: Sequence[DepartmentSum]) -> int:
    """Write the sums of the departments, each department once."""
    campaign = grid.campaign
    leads = any(group.lead for group in campaign.groups)
    grid.write_section(row, "涉及部门的失分合计（每个部门一行）")
    grid.write_headings(
        row + 1,
        [
            (TOWN, UNIT if leads else TOTAL, "部门"),
            *([(TOTAL, TOTAL, "牵头项数")] if leads else []),
            (STATE, STATE, "涉及条数"),
            (LOSSES, LOSSES, "失分合计"),
            (_RATE, _RATE, "失分率"),
            (_LOSERS, _LOSERS, "失分处数"),
            (_TOWNS, LAST, f"失分最多的{_WORST}条"),
        ],
    )
    for place, one in enumerate(sums, row + 2):
        grid.write_row(place, _department_boxes(grid, place, one, leads=leads))
    end = row + 2 + len(sums)
    grid.sheet.conditional_format(row + 2, _RATE, end - 1, _RATE, _BAR)
    note = "部门按方案分工共同负责，同一处失分计入每个涉及的部门，各行不能相加；列出仅供联系，不作责任认定。"
    grid.write_row(end, [Box(first=0, last=LAST, value=note, properties={**TEXT, "border": 0})])
    return end + 1


def _department_boxes(grid: Grid, row: int, one: DepartmentSum, *, leads: bool) -> list[Box]:
    rows = sorted(
        (of_one for of_one in one.rows if of_one.lost), key=lambda of_one: of_one.lost, reverse=True
    )
    worst = "、".join(of_one.criterion.name for of_one in rows[:_WORST])
    criteria = [of_one.criterion for of_one in one.rows]
    return [
        Box(first=TOWN, last=UNIT if leads else TOTAL, value=one.department),
        *([Box(first=TOTAL, last=TOTAL, value=one.leads, properties=NUMBER)] if leads else []),
        Box(first=STATE, last=STATE, value=len(one.rows), properties=NUMBER),
        *_loss_boxes(row, _blocks(grid, criteria), one.lost, one.rate, one.losses),
        Box(first=_TOWNS, last=LAST, value=worst),
    ]
