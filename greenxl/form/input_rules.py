"""What a score cell takes: its validation with a prompt, and the colours of what is empty or wrong."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Criterion, Kind, plain
from greenxl.campaign.rules.answers import runs
from greenxl.form.instructions import marks_of
from greenxl.form.layout import FIRST_ROW, Layout, Part, absolute
from greenxl.form.style import MISSING, WRONG
from greenxl.workbooks.cells import address

_LONGEST_TITLE, _LONGEST_MESSAGE, _LONGEST_LIST = 32, 255, 255
"""Characters of a prompt's title and text, and of a drop-down list in all, that Excel takes."""
_NUMBER = {
    Kind.SCORED: "没有做到的填 0。",
    Kind.BONUS: "没有加分的填 0。",
    Kind.DEDUCTION: "填要扣的分数，不带负号；不扣分的填 0。",
}
"""What is to be known of a number besides its bounds."""
_NAMES = {
    Kind.SCORED: "得分",
    Kind.BONUS: "加分",
    Kind.DEDUCTION: "扣分",
    Kind.CONDITION: "是否符合",
}


def validation(criterion: Criterion, cell: str) -> dict[str, Any]:
    """Return the validation of the score cells of a criterion, of which ``cell`` is the first."""
    taken = _taken(criterion, cell)
    title = f"{criterion.name}{_NAMES[criterion.kind]}"
    message, error = _prompt(criterion)
    return {
        **taken,
        "input_title": title if len(title) <= _LONGEST_TITLE else _NAMES[criterion.kind],
        "input_message": message,
        "error_title": "得分填写有误",
        "error_message": error,
    }


def _taken(criterion: Criterion, cell: str) -> dict[str, Any]:
    """Return what a cell takes; of a list that is too long for a drop-down, whatever is typed."""
    words = rules.answers_to(criterion)
    if words:
        fits = len(",".join(words)) <= _LONGEST_LIST
        return {"validate": "list", "source": list(words)} if fits else {"validate": "any"}
    if criterion.not_applicable:
        possible = rules.possible_formula(cell, plain(criterion.points), criterion)
        return {"validate": "custom", "value": f"={possible}"}
    least, most = rules.score_range(criterion.points)
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": plain(least),
        "maximum": float(most),
    }


def _prompt(criterion: Criterion) -> tuple[str, str]:
    """Return what may be typed, as a prompt and as an error say it."""
    words = rules.answers_to(criterion)
    if words:
        asked = f"请从列表中选择：{'、'.join(words)}"
        asked = f"{asked if len(asked) < _LONGEST_MESSAGE else '请从列表中选择'}。"
        return asked, asked
    least, most = rules.score_range(criterion.points)
    asked = f"请填 {plain(least)} 到 {plain(most)} 之间的数字"
    unless = f"不适用的填“{Answer.NOT_APPLICABLE}”。" if criterion.not_applicable else ""
    limit = "满分" if criterion.kind is Kind.SCORED else f"最多{criterion.kind}"
    return (
        f"{asked}，最多两位小数；{_NUMBER[criterion.kind]}{unless}",
        f"{criterion.name}{limit} {plain(criterion.points)} 分，{asked}。{unless}",
    )


def colour_rules(layout: Layout) -> Iterator[tuple[int, int, int, int, dict[str, Any], str]]:
    """Yield the box of cells, the rule and the colour of what is wrong, then of what is empty.

    A box is first row, column, last row, column. Of several score columns, what is empty is coloured in one
    that somebody has begun.
    """
    for column in layout.of(Part.SCORE):
        for run in runs(layout.campaign.criteria, _answered_alike):
            first, last = (FIRST_ROW + run[end].number - 1 for end in (0, -1))
            rule = {"type": "formula", "criteria": f"={_wrong(layout, run[0], first, column)}"}
            yield first, column, last, column, {**rule, "stop_if_true": True}, WRONG
    for column in layout.of(Part.SCORE):
        cell = address(FIRST_ROW, column)
        empty = f"ISBLANK({cell})"
        if layout.other_scores:
            begun = absolute(layout.cells_of(column))
            empty = f"AND({empty},COUNTA({begun})>0)"
        yield (
            FIRST_ROW,
            column,
            layout.last_row,
            column,
            {"type": "formula", "criteria": f"={empty}"},
            MISSING,
        )


def _answered_alike(criterion: Criterion) -> object:
    return criterion.kind is Kind.CONDITION, criterion.choices, criterion.not_applicable


def _wrong(layout: Layout, criterion: Criterion, row: int, column: int) -> str:
    """Whether the cell of a score holds what is no answer: the first of several answered alike."""
    cell, points = address(row, column), address(row, layout.column(Part.POINTS))
    if rules.answers_to(criterion) or criterion.not_applicable:
        return f"IF(ISBLANK({cell}),FALSE,NOT({rules.possible_formula(cell, points, criterion)}))"
    impossible = rules.impossible_formula(cell, points, criterion)
    return f"IF(ISBLANK({cell}),FALSE,IF(ISNUMBER({cell}),{impossible},TRUE))"


def shown_points(criterion: Criterion) -> str:
    """Return the number format of a criterion's points, "" where they are shown as they are."""
    marks = "".join(f" {mark}" for mark in marks_of(criterion))
    if criterion.kind is Kind.SCORED:
        return f'General"{marks}"' if marks else ""
    most = "" if criterion.kind is Kind.CONDITION else f" 最多{plain(criterion.points)}分"
    return f'"{criterion.kind}{most}{marks}"'


def filled_in(score: Decimal | Answer | None, criterion: Criterion) -> Decimal | str | None:
    """Return what is typed for an accepted answer: of a chosen score the first of its words."""
    named = (choice.word for choice in criterion.choices if choice.score == score and not choice.is_number)
    return next(named, score)
