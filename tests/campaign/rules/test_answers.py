"""What may be typed beside a criterion, as a function and as the formula that colours the cell."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign, Choice, Criterion, Kind, plain
from tests.tools.office import Office
from tests.tools.programmes import answers, programmes, scores_of

FIVE = Criterion(1, 0, "标准", Decimal(5))
CHOICES = (Choice("是", Decimal(5)), Choice("3", Decimal(3)), Choice("否", Decimal(0)))


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("0", None),
        ("4.99", None),
        ("5", None),
        ("5.00", None),
        ("-0.01", "score-negative"),
        ("-0.001", "score-negative"),
        ("3.000", "score-decimals"),
        ("5.001", "score-decimals"),
        ("5.01", "score-high"),
        ("1234567", "score-high"),
    ],
)
def test_a_score_lies_between_0_and_its_points(number: str, fault: str | None) -> None:
    """Both bounds included, two decimals at most as they are written."""
    assert rules.score_fault(Decimal(number), FIVE) == fault


CASES = {
    "a word that is chosen": ("是", {"choices": CHOICES}, Decimal(5)),
    "a word with spaces": (" 否 ", {"choices": CHOICES}, Decimal(0)),
    "a number that is chosen": ("3", {"choices": CHOICES}, Decimal(3)),
    "a word that is none of the choices": ("基本", {"choices": CHOICES}, "answer-choice"),
    "a condition that is fulfilled": ("符合", {"kind": Kind.CONDITION}, Answer.FULFILLED),
    "a condition that is not": ("不 符合", {"kind": Kind.CONDITION}, Answer.UNFULFILLED),
    "a condition with another word": ("达到", {"kind": Kind.CONDITION}, "answer-condition"),
    "what does not apply": ("不适用", {"not_applicable": True}, Answer.NOT_APPLICABLE),
    "what must apply": ("不适用", {}, "answer-not-applicable"),
    "a condition's answer in a scored row": ("不符合", {}, "answer-misplaced"),
    "no answer to anything": ("已完成", {}, None),
}


@pytest.mark.parametrize("case", CASES)
def test_a_text_answers_what_the_criterion_asks(case: str) -> None:
    """Words in their kinds of criteria only; the code says what is wrong elsewhere."""
    text, changes, wanted = CASES[case]
    criterion = Criterion(1, 0, "标准", Decimal(5), **changes)  # type: ignore[arg-type]
    assert rules.answer_in(text, criterion) == wanted


@pytest.mark.parametrize(
    ("changes", "fault"),
    [({"choices": CHOICES}, "answer-choice"), ({"kind": Kind.CONDITION}, "answer-condition")],
    ids=["the number of a word", "a condition"],
)
def test_a_number_is_no_answer_where_words_are(changes: dict[str, Any], fault: str) -> None:
    """5 is not 是; a condition has no number."""
    assert rules.score_fault(Decimal(5), Criterion(1, 0, "标准", Decimal(5), **changes)) == fault


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_cell_is_possible_in_an_office_where_the_function_accepts_it(
    office: Office, huantai: Campaign, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever is typed beside whatever criterion; a blank is not."""
    campaign = data.draw(programmes(huantai))
    rows = data.draw(st.lists(answers(campaign, wrong=True), min_size=8, max_size=8))
    book = openpyxl.Workbook()
    sheet: Any = book.active
    wanted: list[float] = []
    for typed in rows:
        for criterion, one, score in zip(campaign.criteria, typed, scores_of(campaign, typed), strict=True):
            row = len(wanted) + 1
            sheet.cell(row, 1, one)
            possible = rules.possible_formula(f"A{row}", str(criterion.points), criterion)
            sheet.cell(row, 2, f"=IFERROR(--({possible}),0)")  # as a condition takes an error
            wanted.append(
                float(score is not None and (isinstance(score, Answer) or not isinstance(score, str)))
            )
    path: Path = tmp_path_factory.mktemp("cells") / "cells.xlsx"
    book.save(path)
    found = office.formulas(path)["Sheet"]
    assert [found[f"B{row}"][2] for row in range(1, len(wanted) + 1)] == wanted


def test_a_text_formula_holds_its_template_once() -> None:
    """Words between expressions, without an empty text at either end."""
    assert rules.text_formula("已填{n}条，共{m}条", n="COUNT(A1)", m=2) == '"已填"&COUNT(A1)&"条，共2条"'
    assert rules.text_formula("{n}条", n="B1") == 'B1&"条"'


@pytest.mark.parametrize(
    ("changes", "answers"),
    [
        ({}, ()),
        ({"not_applicable": True}, ()),
        ({"choices": (Choice("是", Decimal(5)), Choice("0", Decimal(0)))}, ("是", "0")),
        ({"kind": Kind.CONDITION, "not_applicable": True}, ("符合", "不符合", "不适用")),
    ],
    ids=["any number", "or not applicable", "choices", "condition"],
)
def test_what_may_be_typed_is_listed_where_it_can_be(
    changes: dict[str, Any], answers: tuple[str, ...]
) -> None:
    """Not where any number may be."""
    assert rules.answers_to(replace(FIVE, **changes)) == answers


def test_there_may_be_more_choices_than_a_function_takes() -> None:
    """Excel gives a function 255 arguments at most; half points up to 150 are 301 choices."""
    halves = [Decimal(number) / 2 for number in range(301)]
    criterion = Criterion(1, 0, "一", Decimal(150), choices=tuple(Choice(plain(one), one) for one in halves))
    formula = rules.impossible_formula("E4", "D4", criterion)
    assert formula.count("E4<>") == 301
    assert "," not in formula
