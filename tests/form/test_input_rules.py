"""What a score cell takes, what its prompt says, and when it is coloured."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from greenxl.campaign.model import LEAST_SCORE, Answer, Campaign, Choice, Criterion, Kind
from greenxl.form.input_rules import colour_rules, filled_in, shown_points, validation
from greenxl.form.layout import Layout
from greenxl.form.style import MISSING, WRONG
from tests.tools.forms import three_levels, with_methods

FIVE = Criterion(7, 0, "标准", Decimal(5), label="1.2")
YES_NO = (Choice("是", Decimal(5)), Choice("否", Decimal(0)))
NUMBERS = (Choice("5", Decimal(5)), Choice("2.5", Decimal("2.5")), Choice("0", Decimal(0)))
MANY = tuple(Choice(f"第{n}种情况", Decimal(n)) for n in range(5, -60, -1))


@pytest.mark.parametrize(
    ("criterion", "taken", "message"),
    [
        (
            FIVE,
            {"validate": "decimal", "criteria": "between", "minimum": "0", "maximum": 5.0},
            "请填 0 到 5 之间的数字，最多两位小数；没有做到的填 0。",
        ),
        (
            replace(FIVE, not_applicable=True),
            {
                "validate": "custom",
                "value": '=IF(ISNUMBER(E4),NOT(OR(E4<0,E4>5,ROUND(E4,2)<>E4)),E4="不适用")',
            },
            "请填 0 到 5 之间的数字，最多两位小数；没有做到的填 0。不适用的填“不适用”。",
        ),
        (
            replace(FIVE, choices=YES_NO, not_applicable=True),
            {"validate": "list", "source": ["是", "否", "不适用"]},
            "请从列表中选择：是、否、不适用。",
        ),
        (
            replace(FIVE, choices=NUMBERS),
            {"validate": "list", "source": ["5", "2.5", "0"]},
            "请从列表中选择：5、2.5、0。",
        ),
        (
            replace(FIVE, kind=Kind.CONDITION, points=Decimal(0)),
            {"validate": "list", "source": ["符合", "不符合"]},
            "请从列表中选择：符合、不符合。",
        ),
        (
            replace(FIVE, kind=Kind.BONUS),
            {"validate": "decimal", "criteria": "between", "minimum": "0", "maximum": 5.0},
            "请填 0 到 5 之间的数字，最多两位小数；没有加分的填 0。",
        ),
        (
            replace(FIVE, kind=Kind.DEDUCTION),
            {"validate": "decimal", "criteria": "between", "minimum": "0", "maximum": 5.0},
            "请填 0 到 5 之间的数字，最多两位小数；填要扣的分数，不带负号；不扣分的填 0。",
        ),
        (replace(FIVE, choices=MANY), {"validate": "any"}, "请从列表中选择。"),
    ],
    ids=["plain", "or not applicable", "words", "numbers", "condition", "bonus", "deduction", "long list"],
)
def test_a_cell_takes_what_its_criterion_allows(
    criterion: Criterion, taken: dict[str, Any], message: str
) -> None:
    """And its prompt says so."""
    found = validation(criterion, "E4")
    assert taken.items() <= found.items()
    assert found["input_message"] == message
    assert len(found["input_title"]) <= 32
    assert len(found["error_message"]) <= 255


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (Kind.SCORED, "第1.2条满分 5 分，请填 0 到 5 之间的数字。"),
        (Kind.BONUS, "第1.2条最多加分 5 分，请填 0 到 5 之间的数字。"),
        (Kind.DEDUCTION, "第1.2条最多扣分 5 分，请填 0 到 5 之间的数字。"),
    ],
    ids=lambda value: str(value)[:2],
)
def test_an_error_names_the_criterion_as_the_form_does(kind: Kind, error: str) -> None:
    """By its own numbering, with the most that it gives or takes."""
    assert validation(replace(FIVE, kind=kind), "E4")["error_message"] == error


def test_a_long_number_is_left_out_of_the_prompts_title() -> None:
    """Excel takes 32 characters there and refuses the workbook with more."""
    found = validation(replace(FIVE, label="附件三之一" * 8), "E4")
    assert found["input_title"] == "得分"


@pytest.mark.parametrize(
    ("criterion", "shown"),
    [
        (FIVE, ""),
        (replace(FIVE, kind=Kind.BONUS), '"加分 最多5分"'),
        (replace(FIVE, kind=Kind.DEDUCTION, points=Decimal("2.50")), '"扣分 最多2.5分"'),
        (replace(FIVE, kind=Kind.CONDITION, points=Decimal(0)), '"条件"'),
        (replace(FIVE, kind=Kind.CONDITION, veto=Decimal(1)), '"条件 否决"'),
        (replace(FIVE, veto=LEAST_SCORE), 'General" 否决"'),
        (replace(FIVE, veto=LEAST_SCORE, not_applicable=True), 'General" 否决 可不适用"'),
    ],
    ids=["scored", "bonus", "deduction", "condition", "veto condition", "veto", "may not apply"],
)
def test_points_show_the_kind_and_marks(criterion: Criterion, shown: str) -> None:
    """By a number format: the cell still holds the number that formulas compare with."""
    assert shown_points(criterion) == shown


@pytest.mark.parametrize(
    ("score", "typed"),
    [
        (Decimal(5), "是"),
        (Decimal(0), "否"),
        (Decimal(3), Decimal(3)),
        (Answer.NOT_APPLICABLE, "不适用"),
        (None, None),
    ],
    ids=["yes", "no", "a number", "not applicable", "none"],
)
def test_an_accepted_answer_is_filled_in_as_it_is_typed(score: Decimal | Answer | None, typed: Any) -> None:
    """The word for a score that has one."""
    mixed = replace(FIVE, choices=(*YES_NO, Choice("3", Decimal(3))))
    assert filled_in(score, mixed) == typed


def test_criteria_that_are_answered_alike_share_a_rule(huantai: Campaign) -> None:
    """One for all of the official form; where kinds differ, one for each run."""
    assert [rule[:4] for rule in colour_rules(Layout(huantai))] == [(3, 4, 22, 4), (3, 4, 22, 4)]
    varied = with_methods(huantai)
    column = Layout(varied).score
    *wrong, empty = colour_rules(Layout(varied))
    assert [rule[:4] for rule in wrong] == [(3, column, 61, column), (62, column, 62, column)]
    assert {rule[5] for rule in wrong} == {WRONG}
    assert empty[5] == MISSING


def test_of_several_columns_what_is_empty_shows_in_those_that_are_begun(huantai: Campaign) -> None:
    """So that nobody is asked to fill in the column of another office."""
    layout = Layout(three_levels(huantai))
    empty = [rule[4]["criteria"] for rule in colour_rules(layout) if rule[5] == MISSING]
    assert empty == [f"=AND(ISBLANK({c}4),COUNTA(${c}$4:${c}$23)>0)" for c in ("E", "F", "G")]
