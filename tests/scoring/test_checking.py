"""A score cell is accepted, blank or wrong, and the finding says which; a sheet is held against its form."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.campaign.model import Campaign, plain
from greenxl.form.layout import FIRST_ROW, FORM_VERSION, POINTS, SCORE, TEXT, Identity
from greenxl.returns.model import Broken, Cell, Line, ScoreSheet
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.score import Mark, Score, judge, show
from greenxl.workbooks.cells import address

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


def returned(campaign: Campaign, **changes: Any) -> ScoreSheet:
    """Return the sheet of 永安社区 as it was issued, filled with 4 throughout, with these changes."""
    lines = tuple(
        Line(
            number=c.number,
            text=Cell(address(row, TEXT), c.text),
            points=Cell(address(row, POINTS), float(c.points)),
            score=Cell(address(row, SCORE), 4.0),
        )
        for row, c in enumerate(campaign.criteria, FIRST_ROW)
    )
    sheet = ScoreSheet(
        file="a.xlsx",
        sha256="0" * 64,
        sheet="永安社区",
        community=Cell("B2", "永安社区"),
        town=Cell("E2", "索镇"),
        lines=lines,
        total=Cell("E24", 80.0),
        identity=Identity(FORM_VERSION, campaign.id, "", "2021", "索镇", {"永安社区": 16}),
    )
    return replace(sheet, **changes)


def moved(lines: tuple[Line, ...], rows: int, columns: int) -> tuple[Line, ...]:
    """Return the lines with their scores further down and to the right."""
    return tuple(
        replace(line, score=Cell(address(row + rows, SCORE + columns), line.score.value))
        for row, line in enumerate(lines, FIRST_ROW)
    )


def found(checked: Checked) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in checked.findings]


def test_a_sheet_as_it_was_issued_is_accepted(huantai: Campaign) -> None:
    """Its total is the exact sum, its place its file and name, and nothing is found."""
    checked = check(returned(huantai), huantai)
    assert checked.total == 80
    assert checked.returned
    assert checked.place == ("a.xlsx", "永安社区")
    assert checked.findings == ()


def test_findings_bear_the_community(huantai: Campaign) -> None:
    """Town, community, criterion and cell are told in fields of their own."""
    first, *others = returned(huantai).lines
    wrong = replace(first, score=Cell("E4", "五"))
    [one] = check(returned(huantai, lines=(wrong, *others)), huantai).findings
    assert (one.code, one.town, one.community) == ("score-text", "索镇", "永安社区")
    assert (one.criterion, one.cell, one.found) == (1, "E4", "五")


def test_a_total_that_is_not_the_sum_is_a_warning(huantai: Campaign) -> None:
    """The scores count; a total beside scores that are not all there is not compared."""
    wrong = returned(huantai, total=Cell("E24", "81分"))
    assert found(check(wrong, huantai)) == [("total-differs", "E24")]
    assert check(wrong, huantai).total == 80
    assert found(check(replace(wrong, lines=wrong.lines[:-1]), huantai)) == [("criterion-missing", "")]


def test_a_criterion_that_stands_twice_has_no_score(huantai: Campaign) -> None:
    """Which of the two counts is not guessed; both are quoted."""
    lines = returned(huantai).lines
    twice = replace(lines[0], score=Cell("E30", 5.0))
    checked = check(returned(huantai, lines=(*lines, twice)), huantai)
    assert checked.scores[0] == Score(Mark.WRONG, shown="4／5")
    assert found(checked) == [("criterion-twice", "E30")]


def test_without_a_score_the_blanks_are_not_told_one_by_one(huantai: Campaign) -> None:
    """A form that came back empty is one finding, made where the returns are chosen."""
    lines = tuple(replace(line, score=Cell("E4", None)) for line in returned(huantai).lines)
    checked = check(returned(huantai, lines=lines, total=None), huantai)
    assert (checked.returned, checked.findings) == (False, ())


def test_where_the_score_column_is_not_plain_nothing_is_accepted(huantai: Campaign) -> None:
    """One finding at the first of the columns, and no score."""
    rivals = (Cell("E3", "自评分"), Cell("F3", "复核分"))
    checked = check(returned(huantai, rivals=rivals), huantai)
    assert {score.mark for score in checked.scores} == {Mark.WRONG}
    assert [(one.code, one.cell, one.found) for one in checked.findings] == [
        ("score-column-unclear", "E3", "E3 自评分、F3 复核分")
    ]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        pytest.param({"text": Cell("C4", "完全不同的内容")}, ("criterion-changed", "C4"), id="text"),
        pytest.param({"points": Cell("D4", 10.0)}, ("points-changed", "D4"), id="points"),
    ],
)
def test_a_changed_line_is_a_warning_at_its_cell(
    huantai: Campaign, change: dict[str, Cell], finding: tuple[str, str]
) -> None:
    """The campaign's text and points count."""
    first, *others = returned(huantai).lines
    sheet = returned(huantai, lines=(replace(first, **change), *others))  # type: ignore[arg-type]
    assert found(check(sheet, huantai)) == [finding]
    assert check(sheet, huantai).total == 80


@pytest.mark.parametrize(
    ("rows", "columns", "cell"),
    [pytest.param(2, 0, "E6", id="rows"), pytest.param(0, 1, "F4", id="columns")],
)
def test_an_issued_form_that_stands_elsewhere_is_a_note(
    huantai: Campaign, rows: int, columns: int, cell: str
) -> None:
    """Rows or columns were put in before it: the note says where the scores are and where they were."""
    lines = moved(returned(huantai).lines, rows, columns)
    [note] = check(returned(huantai, lines=lines), huantai).findings
    assert (note.code, note.severity, note.cell) == ("form-moved", "note", cell)
    assert note.message("en").endswith(f"its score column was found at {cell} instead of E4.")


@pytest.mark.parametrize(
    "identity",
    [
        pytest.param(None, id="typed by hand"),
        pytest.param(Identity("0", "", "", "", "索镇", {"永安社区": 16}), id="another version's form"),
        pytest.param(Identity(FORM_VERSION, "", "", "", "索镇", {}), id="a sheet that was added"),
    ],
)
def test_a_form_that_was_not_issued_stands_where_it_likes(
    huantai: Campaign, identity: Identity | None
) -> None:
    """Nobody knows where it was distributed."""
    lines = moved(returned(huantai).lines, 2, 2)
    assert found(check(returned(huantai, lines=lines, identity=identity), huantai)) == []


def test_a_row_less_does_not_move_the_form(huantai: Campaign) -> None:
    """A deleted criterion is told as that alone."""
    lines = moved(returned(huantai).lines[1:], 0, 0)
    assert found(check(returned(huantai, lines=lines), huantai)) == [("criterion-missing", "")]
