"""A score cell is accepted, blank or wrong by all that is known of it, and the codes say why."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.campaign.model import Answer, Choice, Criterion, Kind, plain
from greenxl.scoring.score import Mark, judge, number_in, show, shown_answer, written
from greenxl.workbooks.cells import Cell, Format, Struck, Value
from tests.tools.cells import cell

FIVE = Criterion(1, 0, "标准", Decimal(5))
LONG = "1" + "0" * 40


def judged(one: Cell, *, calculated: bool = True) -> tuple[Mark, Decimal | Answer | None, tuple[str, ...]]:
    score, codes = judge(one, FIVE, calculated=calculated)
    return score.mark, score.value, codes


# Plain values


@pytest.mark.parametrize("value", [0, 0.0, -0.0, 5, 5.0, 4.5, 3.25, 0.01, 4.1 + 0.2, 5.5e-17], ids=repr)
def test_numbers_within_the_points_are_accepted_silently(value: float) -> None:
    """Zero is a score; the noise of a binary fraction is no third decimal, and no score is -0."""
    mark, number, codes = judged(cell(value=value))
    assert (mark, number, codes) == (Mark.ACCEPTED, round(Decimal(str(abs(value))), 2), ())
    assert not str(number).startswith("-")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("５", "5"),
        (" 5 ", "5"),
        ("5分", "5"),
        ("4.5 分", "4.5"),
        ("４．５", "4.5"),
        ("5.0", "5.0"),
        ("０", "0"),
        ("-0", "0"),
        ("05", "5"),
        ("0" * 30 + "5", "5"),
        ("\u200b4.5", "4.5"),
    ],
    ids=repr,
)
def test_texts_that_spell_a_score_are_accepted_with_a_note(text: str, value: str) -> None:
    """Full width, spaces, 分, leading zeros and what nobody sees are read, and said."""
    mark, number, codes = judged(cell(value=text))
    assert (mark, number, codes) == (Mark.ACCEPTED, Decimal(value), ("score-spelling",))
    assert str(number) == value


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000", "\xa0", "\u200b"], ids=repr)
def test_blank_is_not_zero(value: str | None) -> None:
    """Nothing, or only what does not show, is a blank."""
    assert judged(cell(value=value)) == (Mark.BLANK, None, ("score-blank",))


WRONG: list[tuple[Any, str, str]] = [
    *[(text, "score-text", text) for text in (
        "五", "4-5", "优", "/", "无", "1e5", "inf", "nan", "1_0", "٣", "5.", ".5", "+5", "--5", "4,5", "80%",
        "1²", "⑤", "4½", "5。5", "4 5", "5分5", "#REF!", "=3+2", "\u202e4.5",
    )],
    (True, "score-boolean", "TRUE"),
    (False, "score-boolean", "FALSE"),
    (date(2021, 4, 5), "score-date", "2021-04-05"),
    (datetime(2021, 4, 5, 6, 7), "score-date", "2021-04-05 06:07:00"),
    (time(4, 5), "score-date", "04:05:00"),
    (timedelta(days=1, hours=4), "score-date", "1 day, 4:00:00"),
    (5.001, "score-decimals", "5.001"),
    (10 / 3, "score-decimals", "3.333333333"),
    ("4.333", "score-decimals", "4.333"),
    (6, "score-high", "6"),
    (5.01, "score-high", "5.01"),
    ("６分", "score-high", "６分"),
    (13812345678.0, "score-high", "13812345678"),
    ("13812345678", "score-high", "13812345678"),
    (20210930.0, "score-high", "20210930"),
    ("370321198001011234", "score-high", "370321198001011234"),
    (LONG, "score-high", LONG),
    (1e300, "score-high", "1e+300"),
    (-1, "score-negative", "-1"),
    ("-0.5", "score-negative", "-0.5"),
    (-1e300, "score-negative", "-1e+300"),
    (float("inf"), "score-text", "Infinity"),
    (float("nan"), "score-text", "NaN"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "found"), WRONG, ids=[repr(w[0])[:30] for w in WRONG])
def test_everything_else_is_wrong_for_the_right_reason(value: Any, code: str, found: str) -> None:
    """No value slips through because Python could make a number of it, and each is quoted as it shows."""
    assert judged(cell(value=value)) == (Mark.WRONG, None, (code,))
    assert show(cell(value=value)) == found


# What a cell is besides its value


@pytest.mark.parametrize(
    ("one", "code", "found"),
    [
        pytest.param(cell(error="#REF!"), "score-broken", "#REF!", id="an error"),
        pytest.param(cell(error="#SPILL!", formula="=A1:A9"), "score-broken", "#SPILL!", id="its formula"),
        pytest.param(cell(value=4.0, error="Err:502"), "score-broken", "Err:502", id="an error with a value"),
        pytest.param(cell(formula="=3+2"), "score-broken", "=3+2", id="a formula without a value"),
        pytest.param(cell(value="五", formula='="五"'), "score-broken", '="五"', id="a formula for a text"),
        pytest.param(cell(value="4", formula='="4"'), "score-broken", '="4"', id="a formula for digits"),
        pytest.param(cell(value=True, formula="=1=1"), "score-boolean", "TRUE", id="a formula for a truth"),
        pytest.param(cell(value=6.0, formula="=3+3"), "score-high", "6", id="a formula for too much"),
        pytest.param(
            cell(value=0.8, format=Format.PERCENT, shown="80%"), "score-percent", "80%", id="a percentage"
        ),
        pytest.param(
            cell(value=0.8, format=Format.PERCENT, shown="80%", formula="=4/5"),
            "score-percent",
            "80%",
            id="a formula for a percentage",
        ),
        pytest.param(
            cell(value=4.0, format=Format.PERCENT, shown="4%"),
            "score-percent",
            "4%",
            id="a mere percent sign",
        ),
        pytest.param(
            cell(value=4.0, format=Format.DATE, shown="1900-01-04"), "score-date", "1900-01-04", id="a date"
        ),
        pytest.param(
            cell(value=20210930.0, format=Format.DATE, shown="########"),
            "score-date",
            "########",
            id="beyond every date",
        ),
        pytest.param(cell(value=4.0, format=Format.HIDDEN), "score-format", "4", id="a format that hides it"),
        pytest.param(
            cell(value=4.0, format=Format.OTHER, shown="1"), "score-format", "1", id="a format of its own"
        ),
        pytest.param(
            cell(value=4.0, format=Format.OTHER), "score-format", "4", id="a format that is not known"
        ),
        pytest.param(
            cell(value="34", struck=Struck.PART, shown="4"), "score-struck", "4", id="struck in part"
        ),
        pytest.param(cell(value=4.0, struck=Struck.WHOLE), "score-struck", "4", id="struck through"),
    ],
)
def test_a_number_that_is_not_what_the_cell_shows_is_no_score(one: Cell, code: str, found: str) -> None:
    """What the office sees decides, and is what is quoted."""
    assert judged(one) == (Mark.WRONG, None, (code,))
    assert show(one) == found


@pytest.mark.parametrize("value", [4.0, 0.0, "4", "", None], ids=repr)
def test_a_formula_that_nobody_calculated_gives_no_score(value: float | str | None) -> None:
    """Writers store 0, or what was there before: whatever it is, an office would show another value."""
    one = cell(value=value, formula="=3+1")
    assert judged(one, calculated=False) == (Mark.WRONG, None, ("score-broken",))
    assert show(cell(value=4.0, formula="=3+1")) == "4"


def test_the_number_that_a_formula_gave_is_read_with_a_warning() -> None:
    """Always, however plain the number is."""
    assert judged(cell(value=4.0, formula="=3+1")) == (Mark.ACCEPTED, FIVE.points - 1, ("score-formula",))


def test_a_formula_for_nothing_is_a_blank() -> None:
    """It shows nothing, and gives no number."""
    assert judged(cell(value="", formula='=""')) == (Mark.BLANK, None, ("score-blank",))


@pytest.mark.parametrize(
    ("one", "codes"),
    [
        pytest.param(cell(value=4.5, format=Format.ROUNDED, shown="5"), ("score-rounded",), id="rounded"),
        pytest.param(
            cell(value=4.5, format=Format.ROUNDED, shown="5", formula="=9/2"),
            ("score-formula", "score-rounded"),
            id="rounded and a formula",
        ),
        pytest.param(cell(value=4.5, hidden=True), (), id="hidden, which the sheet is asked for"),
    ],
)
def test_a_number_that_may_be_meant_is_read_with_what_to_look_at(one: Cell, codes: tuple[str, ...]) -> None:
    """The value counts, not what is rounded for show."""
    assert judged(one) == (Mark.ACCEPTED, Decimal("4.5"), codes)


@pytest.mark.parametrize("value", [None, 4.0], ids=["empty", "with a value that nobody sees"])
def test_a_merged_cell_is_blank(value: float | None) -> None:
    """Whatever it holds belongs to the first of the merged cells, whose address is quoted."""
    one = cell(value=value, merged_into="E8")
    assert judged(one) == (Mark.BLANK, None, ("score-merged",))
    assert show(one) == "E8"


def test_a_blank_that_is_struck_or_a_percentage_is_a_blank() -> None:
    """A format alone is no score."""
    for one in (cell(format=Format.PERCENT), cell(format=Format.OTHER), cell(struck=Struck.WHOLE)):
        assert judged(one) == (Mark.BLANK, None, ("score-blank",))


# Numbers in general


@given(st.decimals(0, 5, places=2))
def test_every_legal_decimal_survives_as_number_and_text(value: Decimal) -> None:
    """A number stored as a binary float and a text give back the exact decimal."""
    assert judged(cell(value=float(value)))[1] == value
    assert judged(cell(value=plain(value)))[1] == value


@given(st.one_of(st.text(max_size=12), st.from_regex(r"\s*-?\d{1,4}[.．]?\d{0,4}分?\s*", fullmatch=True)))
def test_no_text_gives_a_score_outside_the_points(text: str) -> None:
    """Whatever is typed, an accepted score lies within 0 and the points, with two decimals at most."""
    assert _is_possible(judged(cell(value=text))[1])


def _is_possible(value: object) -> bool:
    return value is None or (isinstance(value, Decimal) and 0 <= value <= 5 and value == round(value, 2))


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_gives_a_score_outside_the_points(number: float) -> None:
    """Not even infinities and not-a-number."""
    assert _is_possible(judged(cell(value=number))[1])


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (80.0, "80"), ("80分", "80"), ("８０", "80"), (-0.0, "0"), ("-0.0", "0"), (0.1 + 0.2, "0.3"),
        (1e15, "1E+15"), (None, None), (True, None), ("合计80", None), (date(2021, 1, 1), None),
        ("9" * 101, None), (float("nan"), None),
    ],
    ids=repr,
)  # fmt: skip
def test_the_number_in_a_value(value: Any, number: str | None) -> None:
    """What a value is or spells, for totals and points as well; longer texts are not looked at."""
    found = number_in(value)
    assert found == (None if number is None else Decimal(number))
    assert not str(found).startswith("-0")


def test_a_number_is_written_without_an_exponent_until_it_is_very_long() -> None:
    """A telephone number is told as it was typed, 1e300 not as 301 digits."""
    assert [written(Decimal(n)) for n in ("1.3812345678E+10", "4.50", "-0.5")] == [
        "13812345678",
        "4.5",
        "-0.5",
    ]
    assert len(written(Decimal("1E+300"))) < 10


# Other answers than any number

CHOICE = replace(FIVE, choices=(Choice("5", Decimal(5)), Choice("3", Decimal(3)), Choice("0", Decimal(0))))
WORDS = replace(FIVE, choices=(Choice("是", Decimal(5)), Choice("否", Decimal(0))))
MIXED = replace(FIVE, choices=(Choice("优", Decimal(5)), Choice("3", Decimal(3)), Choice("5分", Decimal(1))))
CONDITION = replace(FIVE, points=Decimal(0), kind=Kind.CONDITION)
UNASKED = replace(FIVE, not_applicable=True)
DEDUCTION = replace(FIVE, kind=Kind.DEDUCTION)
CALLED = {FIVE: "points", CHOICE: "numbers", WORDS: "words", MIXED: "both", CONDITION: "condition",
          UNASKED: "may not apply", DEDUCTION: "deduction"}  # fmt: skip


def named(one: object) -> str:
    """Return the id of a parameter."""
    if isinstance(one, Criterion):
        return CALLED.get(one, "may not apply too")
    value = one.value or one.error if isinstance(one, Cell) else one
    return repr(value)[:12] if not isinstance(one, tuple) else ""


def answered(value: Value | Cell, criterion: Criterion) -> tuple[Decimal | Answer | None, tuple[str, ...]]:
    score, codes = judge(value if isinstance(value, Cell) else cell(value=value), criterion)
    return score.value, codes


@pytest.mark.parametrize(
    ("value", "criterion", "answer", "codes"),
    [
        (5.0, CHOICE, Decimal(5), ()),
        ("３", CHOICE, Decimal(3), ("score-spelling",)),
        ("3分", CHOICE, Decimal(3), ("score-spelling",)),
        ("是", WORDS, Decimal(5), ()),
        (" 否\n", WORDS, Decimal(0), ("score-spelling",)),
        ("5分", MIXED, Decimal(1), ()),
        (3.0, MIXED, Decimal(3), ()),
        ("符合", CONDITION, Answer.FULFILLED, ()),
        ("不 符 合", CONDITION, Answer.UNFULFILLED, ("score-spelling",)),
        ("不适用", UNASKED, Answer.NOT_APPLICABLE, ()),
        ("不\u3000适用 ", UNASKED, Answer.NOT_APPLICABLE, ("score-spelling",)),
        ("不适用", replace(CONDITION, not_applicable=True), Answer.NOT_APPLICABLE, ()),
        ("不适用", replace(WORDS, not_applicable=True), Answer.NOT_APPLICABLE, ()),
        (4.5, UNASKED, Decimal("4.5"), ()),
        (2.0, DEDUCTION, Decimal(2), ()),
    ],
    ids=named,
)
def test_what_answers_a_criterion_is_accepted(
    value: Value, criterion: Criterion, answer: Decimal | Answer, codes: tuple[str, ...]
) -> None:
    """A chosen word gives its score; spelled otherwise it is said how it was read."""
    assert answered(value, criterion) == (answer, codes)


@pytest.mark.parametrize(
    ("value", "criterion", "code"),
    [
        (4.0, CHOICE, "answer-choice"),
        (-5.0, CHOICE, "answer-choice"),
        ("优", CHOICE, "answer-choice"),
        (5.0, WORDS, "answer-choice"),
        ("5", WORDS, "answer-choice"),
        (True, WORDS, "answer-choice"),
        (float("nan"), WORDS, "answer-choice"),
        ("符合", WORDS, "answer-misplaced"),
        ("不适用", WORDS, "answer-not-applicable"),
        ("不适用", FIVE, "answer-not-applicable"),
        ("符合", FIVE, "answer-misplaced"),
        ("是", FIVE, "score-text"),
        (0.0, CONDITION, "answer-condition"),
        ("是", CONDITION, "answer-condition"),
        (False, CONDITION, "answer-condition"),
        ("符合/不符合", CONDITION, "answer-condition"),
        ("不适用", CONDITION, "answer-not-applicable"),
        ("N/A", UNASKED, "score-text"),
        (-2.0, DEDUCTION, "deduction-negative"),
        ("-2分", DEDUCTION, "deduction-negative"),
        (6.0, DEDUCTION, "score-high"),
        (cell(value="符合", struck=Struck.WHOLE), CONDITION, "answer-struck"),
        (cell(value="是否", struck=Struck.PART, shown="否"), WORDS, "answer-struck"),
        (cell(value="符合", format=Format.HIDDEN), CONDITION, "score-format"),
        (cell(value=5.0, format=Format.PERCENT, shown="500%"), CHOICE, "score-percent"),
        (cell(value="符合", formula='="符合"'), CONDITION, "score-broken"),
        (cell(error="#N/A"), CONDITION, "score-broken"),
        ("是" * 40_000, WORDS, "answer-choice"),
    ],
    ids=named,
)
def test_what_answers_something_else_is_wrong(value: Value | Cell, criterion: Criterion, code: str) -> None:
    """A number for a word, a word for a number, 不适用 where that is not allowed, a minus too many."""
    assert answered(value, criterion) == (None, (code,))


@pytest.mark.parametrize(
    ("criterion", "code"),
    [
        (CHOICE, "answer-blank"),
        (WORDS, "answer-blank"),
        (CONDITION, "answer-blank"),
        (DEDUCTION, "deduction-blank"),
        (UNASKED, "score-blank"),
    ],
    ids=named,
)
def test_a_blank_is_asked_for_as_it_is_answered(criterion: Criterion, code: str) -> None:
    """A word where words answer, 0 where nothing is taken off."""
    assert answered(None, criterion) == (None, (code,))


def test_an_answer_is_shown_as_texts_show_it() -> None:
    """Without trailing zeros, as the word that it is; none as nothing."""
    assert [shown_answer(one) for one in (None, Decimal("4.50"), Answer.FULFILLED)] == ["", "4.5", "符合"]
