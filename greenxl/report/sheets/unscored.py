"""What is outside the full mark, on 指标分析: conditions, bonus and deductions, of how many units each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Answer, Campaign, Criterion, Kind, plain
from greenxl.report.layout import Column, Properties, Table, Value
from greenxl.report.sheets.score_table import points_format, score, score_table
from greenxl.report.style import (
    BOLD_NUMBER,
    CENTRED,
    NUMBER,
    Style,
    row_height,
    write_headings,
    write_record,
)
from greenxl.scoring.tables import Tables

_HEADING_HEIGHT = 34
_GAP = 15
_MET = {Kind.BONUS: "获加分", Kind.DEDUCTION: "被扣分", Kind.CONDITION: Answer.UNFULFILLED.value}
"""What is counted of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """How a criterion outside the full mark was answered in all units together."""

    criterion: Criterion
    answered: int
    met: tuple[str, ...]
    """The units that do not fulfil a condition, have a bonus, or a deduction."""
    amount: Decimal | None
    """Of all bonus or deductions as they were typed; None of a condition."""


def unscored(campaign: Campaign, tables: Tables) -> Iterator[Unscored]:
    """Yield the criteria outside the full mark, in the order of the standard."""
    for criterion in campaign.criteria:
        if criterion.kind is Kind.SCORED:
            continue
        index = criterion.number - 1
        answers = [(row.community.name, row.answers[index]) for row in tables.communities]
        numbers = [one for _name, one in answers if isinstance(one, Decimal)]
        yield Unscored(
            criterion=criterion,
            answered=sum(one not in (None, Answer.NOT_APPLICABLE) for _name, one in answers),
            met=tuple(name for name, one in answers if _is_met(one)),
            amount=None if criterion.kind is Kind.CONDITION else sum(numbers, Decimal(0)),
        )


def _is_met(answer: Decimal | Answer | None) -> bool:
    return answer > 0 if isinstance(answer, Decimal) else answer is Answer.UNFULFILLED


def write_unscored(sheet: Worksheet, style: Style, beside: Table[Any], tables: Tables) -> int:
    """Write them under the table of the criteria, in its columns, and return the last row that is taken."""
    records = list(unscored(style.campaign, tables))
    if not records:
        return beside.last_row
    table = _table(style.campaign, beside, len(records))
    write_headings(sheet, style, table, _HEADING_HEIGHT)
    for row, record in enumerate(records, table.first_row):
        write_record(sheet, style, table, row, record)
    return table.last_row


def unscored_height(beside: Table[Any], campaign: Campaign, tables: Tables) -> float:
    """Return how many points of height they take."""
    records = list(unscored(campaign, tables))
    table = _table(campaign, beside, len(records))
    rows = sum(row_height(table.columns, table.values(record, 0)) for record in records)
    return rows + _GAP + _HEADING_HEIGHT if records else 0


def _table(campaign: Campaign, beside: Table[Any], length: int) -> Table[Unscored]:
    """Return the table, in the columns of that of the criteria and under it."""
    own = {column.name: column for column in _columns(campaign)}
    columns = [
        replace(own[column.name], width=column.width) if column.name in own else column
        for column in beside.columns
    ]
    return Table(
        sheet=beside.sheet, name="Unscored", header_row=beside.last_row + 2, length=length, columns=columns
    )


def _columns(campaign: Campaign) -> Iterator[Column[Unscored]]:
    """Yield the columns that say something else than those of the criteria in the same places."""
    scores = score_table(campaign)

    def cells_of(one: Unscored) -> str:
        return scores.cells(score(one.criterion.number))

    yield _column("points", "类型", lambda one: _kind_words(one.criterion), CENTRED)
    yield _column(
        "scored",
        f"已评{campaign.unit}数",
        lambda one: one.answered,
        NUMBER,
        lambda one: _answered_formula(one.criterion, cells_of(one)),
    )
    yield _column("average", "计数", lambda one: _MET[one.criterion.kind], CENTRED)
    yield _column(
        "lost", "分值合计", lambda one: one.amount, NUMBER, lambda one: _amount_formula(one, cells_of(one))
    )
    yield _column("loss_rate", "", lambda _one: None, CENTRED)
    yield _column(
        "losers",
        f"{campaign.unit}数",
        lambda one: len(one.met),
        BOLD_NUMBER,
        lambda one: f'COUNTIF({cells_of(one)},"{_sought(one.criterion)}")',
    )


def _column(
    name: str,
    heading: str,
    value: Callable[[Unscored], Value],
    properties: Properties,
    formula: Callable[[Unscored], str | None] | None = None,
) -> Column[Unscored]:
    """Return a column that is as wide as the one in whose place it is."""
    return Column(
        name=name,
        heading=heading,
        width=0,
        value=value,
        format=properties,
        formula=(lambda one, _cells: formula(one)) if formula else None,
    )


def _kind_words(criterion: Criterion) -> str:
    """Return what a criterion is for, and what it may add or take off: 加≤5."""
    _format, word = points_format(criterion)
    return f"{word}{plain(criterion.points)}" if word else criterion.kind.value


def _answered_formula(criterion: Criterion, cells: str) -> str:
    if criterion.kind is not Kind.CONDITION:
        return f"COUNT({cells})"
    return f'COUNTIF({cells},"{Answer.FULFILLED}")+COUNTIF({cells},"{Answer.UNFULFILLED}")'


def _amount_formula(one: Unscored, cells: str) -> str | None:
    return None if one.amount is None else f"ROUND(SUM({cells}),2)"


def _sought(criterion: Criterion) -> str:
    """Return what is counted, as COUNTIF has it."""
    return Answer.UNFULFILLED if criterion.kind is Kind.CONDITION else ">0"
