"""A score cell is accepted, blank or wrong, and the finding says which."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.campaign.model import plain
from greenxl.returns.model import Broken
from greenxl.scoring.checking import judge, show

FIVE = Decimal(5)


@pytest.mark.parametrize("value", [0, 0.0, 5, 5.0, 4.5, 3.25, 0.01, 4.1 + 0.2], ids=str)
def test_numbers_within_the_points_are_accepted_silently(value: float) -> None:
    """Zero is a score; the noise of a binary fraction is not a third decimal."""
    score, code = judge(value, FIVE)
    assert (score.mark, code) == ("accepted", None)
    assert score.value == round(Decimal(str(value)), 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [("５", "5"), (" 5 ", "5"), ("5分", "5"), ("４．５", "4.5"), ("5.0", "5.0"), ("０", "0")],
)
def test_texts_that_spell_a_score_are_accepted_with_a_note(text: str, value: str) -> None:
    """Full width, spaces and 分 are read, and said."""
    score, code = judge(text, FIVE)
    assert (score.mark, score.value, code) == ("accepted", Decimal(value), "score-spelling")


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000", "\xa0"], ids=repr)
def test_blank_is_not_zero(value: str | None) -> None:
    """Nothing, or only spaces, is a blank."""
    score, code = judge(value, FIVE)
    assert (score.mark, score.value, code) == ("blank", None, "score-blank")


WRONG: list[tuple[Any, str, str | None]] = [
    ("五", "score-text", "五"),
    ("4-5", "score-text", "4-5"),
    ("优", "score-text", "优"),
    ("/", "score-text", "/"),
    ("无", "score-text", "无"),
    ("1e5", "score-text", "1e5"),
    ("inf", "score-text", "inf"),
    ("nan", "score-text", "nan"),
    ("1_0", "score-text", "1_0"),
    ("٣", "score-text", "٣"),
    ("5.", "score-text", "5."),
    (".5", "score-text", ".5"),
    ("#REF!", "score-text", "#REF!"),
    (True, "score-boolean", "TRUE"),
    (False, "score-boolean", "FALSE"),
    (date(2021, 4, 5), "score-date", "2021-04-05"),
    (datetime(2021, 4, 5, 6, 7), "score-date", "2021-04-05 06:07:00"),
    (time(4, 5), "score-date", "04:05:00"),
    (5.001, "score-decimals", "5.001"),
    ("4.333", "score-decimals", "4.333"),
    (6, "score-high", "6"),
    (5.01, "score-high", "5.01"),
    ("６分", "score-high", "６分"),
    (1e300, "score-text", None),
    (-1, "score-negative", "-1"),
    ("-0.5", "score-negative", "-0.5"),
    (Broken("#REF!"), "score-broken", "#REF!"),
    (Broken("=3+2"), "score-broken", "=3+2"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "found"), WRONG, ids=[repr(w[0]) for w in WRONG])
def test_everything_else_is_wrong_and_quoted(value: Any, code: str, found: str | None) -> None:
    """No value slips through because Python could make a number of it."""
    score, told = judge(value, FIVE)
    assert (score.mark, score.value, told) == ("wrong", None, code)
    if found is not None:
        assert show(value) == found


@given(st.decimals(0, 5, places=2))
def test_every_legal_decimal_survives_as_number_and_text(value: Decimal) -> None:
    """A number stored as a binary float and a text give back the exact decimal."""
    assert judge(float(value), FIVE)[0].value == value
    assert judge(plain(value), FIVE)[0].value == value


@given(st.text(max_size=12))
def test_no_text_gives_a_score_outside_the_points(text: str) -> None:
    """Whatever is typed, an accepted score lies within 0 and the points, with two decimals at most."""
    value = judge(text, FIVE)[0].value
    assert value is None or (0 <= value <= 5 and value == round(value, 2))


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_gives_a_score_outside_the_points(number: float) -> None:
    """Not even infinities and not-a-number."""
    value = judge(number, FIVE)[0].value
    assert value is None or (0 <= value <= 5 and value == round(value, 2))
