"""A sheet is held against its form: its scores, its stated total, what was changed or moved."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign
from greenxl.form.layout import FIRST_ROW, FORM_VERSION, Identity
from greenxl.i18n import CHINESE
from greenxl.returns.model import Line, ScoreSheet
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.score import Mark, Score
from greenxl.workbooks.cells import Cell, Format, Struck, Value, address
from tests.tools.cells import cell
from tests.tools.programmes import answers, programmes, scores_of
from tests.tools.river import GOOD, river, with_columns
from tests.tools.score_sheets import Scored, score_sheet


def returned(campaign: Campaign, *scores: Scored, **changes: Any) -> ScoreSheet:
    """Return the sheet of 永安社区 as it was issued, with these scores, the rest 4, and these changes."""
    [community] = campaign.find_communities("永安社区")
    return replace(score_sheet(community, campaign, scores), **changes)


def moved(lines: tuple[Line, ...], rows: int, columns: int) -> tuple[Line, ...]:
    """Return the lines with their scores further down and to the right."""
    return tuple(
        replace(line, score=cell(address(row + rows, 4 + columns), line.score.value))
        for row, line in enumerate(lines, FIRST_ROW)
    )


def found(checked: Checked) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in checked.findings]


def test_a_sheet_as_it_was_issued_is_accepted(huantai: Campaign) -> None:
    """Its total is the exact sum, its place its file and name, and nothing is found."""
    checked = check(returned(huantai, total=cell("E24", 80.0)), huantai)
    assert checked.total == 80
    assert checked.returned
    assert checked.place == ("a.xlsx", "永安社区")
    assert checked.findings == ()


def test_findings_bear_the_community(huantai: Campaign) -> None:
    """Town, community, criterion and cell are told in fields of their own."""
    [one] = check(returned(huantai, "五"), huantai).findings
    assert (one.code, one.town, one.community) == ("score-text", "索镇", "永安社区")
    assert (one.criterion, one.cell, one.found) == (1, "E4", "五")


@pytest.mark.parametrize(
    ("score", "message"),
    [
        pytest.param(
            cell(value="34", struck=Struck.PART, shown="4"),
            "The score of criterion 1 is struck through, in part or whole; what is not struck is “4”. "
            "Type the number that counts, from 0 to 5.",
            id="a corrected score",
        ),
        pytest.param(
            cell(value=4.0, struck=Struck.WHOLE),
            "The score of criterion 1 is struck through, in part or whole; what is not struck is “”. "
            "Type the number that counts, from 0 to 5.",
            id="a score struck through",
        ),
        pytest.param(
            cell(value=4.5, format=Format.OTHER, shown="1"),
            "The cell of criterion 1 shows “1”, but its value is 4.5. "
            "Set the cell’s format to General and type a number from 0 to 5.",
            id="a format of its own",
        ),
        pytest.param(
            cell(value=4.5, format=Format.HIDDEN),
            "The cell of criterion 1 shows “”, but its value is 4.5. "
            "Set the cell’s format to General and type a number from 0 to 5.",
            id="a format that hides",
        ),
        pytest.param(
            cell(value=4.5, format=Format.OTHER),
            "The cell of criterion 1 shows “…”, but its value is 4.5. "
            "Set the cell’s format to General and type a number from 0 to 5.",
            id="a format that is not known",
        ),
        pytest.param(
            cell(value=4.5, format=Format.ROUNDED, shown="5"),
            "The cell of criterion 1 shows 5, but its value is 4.5, which was read. "
            "Check which of them is right, and set the cell’s format to General.",
            id="a format that rounds",
        ),
        pytest.param(
            cell(value=4.5, formula="=3+1.5"),
            "The score of criterion 1 is a formula (=3+1.5); its stored value 4.5 was read. "
            "Check it, and type the number itself.",
            id="a formula",
        ),
        pytest.param(
            cell(value="-0"), "The score of criterion 1 was written “-0” and was read as 0.", id="a spelling"
        ),
        pytest.param(
            cell(merged_into="E3"),
            "The score of criterion 1 is blank: its cell is merged with E3, whose value counts for that "
            "cell’s criterion alone. Split the merged cells and type a number from 0 to 5.",
            id="a merged cell",
        ),
        pytest.param(
            cell(value="9" * 90),
            f"The score of criterion 1 is {'9' * 59}…, above its 5 points. Type a number from 0 to 5.",
            id="a number without end",
        ),
    ],
)
def test_a_score_is_told_as_the_office_sees_it(huantai: Campaign, score: Cell, message: str) -> None:
    """What the cell shows and what it holds are told apart, and no number is quoted that nobody typed."""
    [one] = check(returned(huantai, score), huantai).findings
    assert (one.cell, one.message("en")) == ("E4", message)


def test_a_formula_that_was_not_calculated_costs_its_score(huantai: Campaign) -> None:
    """The workbook says that its values are not those that an office shows."""
    formula = cell(value=0.0, formula="=3+1.25")
    checked = check(returned(huantai, formula, calculated=False), huantai)
    assert (checked.scores[0].mark, found(checked)) == (Mark.WRONG, [("score-broken", "E4")])


def test_numbers_beside_the_scores_are_told(huantai: Campaign) -> None:
    """The scores count; the first cells are quoted, all are named, and so is the column that was read."""
    values: list[Value] = [3.0, "4分", 5.0, 2.0]
    beside = tuple(cell(f"F{row}", value) for row, value in enumerate(values, 4))
    checked = check(returned(huantai, beside=beside), huantai)
    [one] = checked.findings
    assert (checked.total, one.code, one.severity) == (Decimal(80), "scores-beside", "warning")
    assert one.cells == ("F4", "F5", "F6", "F7")
    assert one.message("en") == (
        "Beside the scores there may be other scores (F4 3、F5 4分、F6 5); they were not read. "
        "Check that “得分（分）” is the column that counts, and clear the other."
    )


def test_a_total_that_is_not_the_sum_is_a_warning(huantai: Campaign) -> None:
    """The scores count; a total beside scores that are not all there is not compared."""
    wrong = returned(huantai, total=cell("E24", "81分"))
    assert found(check(wrong, huantai)) == [("total-differs", "E24")]
    assert check(wrong, huantai).total == 80
    assert found(check(replace(wrong, lines=wrong.lines[:-1]), huantai)) == [("criterion-missing", "")]


@pytest.mark.parametrize(
    ("total", "calculated", "told"),
    [
        pytest.param(cell("E24", 80.0), True, False, id="the sum"),
        pytest.param(cell("E24", "80.00"), True, False, id="the sum as text"),
        pytest.param(cell("E24", 81.0, formula="=SUM(E4:E23)+1"), True, True, id="another formula"),
        pytest.param(cell("E24", 81.0), False, True, id="a number in a workbook not calculated"),
        pytest.param(cell("E24", 0.0, formula="=SUM(E4:E23)"), False, False, id="a formula not calculated"),
        pytest.param(cell("E24", formula="=SUM(E4:E23)"), True, False, id="a formula without a value"),
        pytest.param(cell("E24", error="#REF!"), True, False, id="an error"),
        pytest.param(cell("E24", "优"), True, False, id="a word"),
        pytest.param(cell("E24"), True, False, id="nothing"),
    ],
)
def test_only_a_total_that_an_office_shows_is_compared(
    huantai: Campaign, total: Cell, calculated: bool, told: bool
) -> None:
    """The 0 that a program stores with a formula that it does not calculate is nobody's statement."""
    checked = check(returned(huantai, total=total, calculated=calculated), huantai)
    assert (checked.total, found(checked)) == (Decimal(80), [("total-differs", "E24")] * told)


def test_a_criterion_that_stands_twice_has_no_score(huantai: Campaign) -> None:
    """Which of the two counts is not guessed; both are quoted."""
    lines = returned(huantai).lines
    twice = replace(lines[0], score=cell("E30", 5.0))
    checked = check(returned(huantai, lines=(*lines, twice)), huantai)
    assert checked.scores[0] == Score(Mark.WRONG, shown="4／5")
    assert found(checked) == [("criterion-twice", "E30")]


def test_without_a_score_the_blanks_are_not_told_one_by_one(huantai: Campaign) -> None:
    """A form that came back empty is one finding, made where the returns are chosen."""
    checked = check(returned(huantai, *[None] * 20), huantai)
    assert (checked.returned, checked.findings) == (False, ())


def test_where_the_score_column_is_not_plain_nothing_is_accepted(huantai: Campaign) -> None:
    """One finding at the first of the columns, and no score."""
    rivals = (cell("E3", "自评分"), cell("F3", "复核分"))
    checked = check(returned(huantai, rivals=rivals), huantai)
    assert {score.mark for score in checked.scores} == {Mark.WRONG}
    assert [(one.code, one.cell, one.found) for one in checked.findings] == [
        ("score-column-unclear", "E3", "E3 自评分、F3 复核分")
    ]


def test_a_single_column_that_may_hold_the_scores_is_no_choice_of_several(huantai: Campaign) -> None:
    """It is asked whether it does."""
    [one] = check(returned(huantai, rivals=(cell("E3", "检查结果"),)), huantai).findings
    assert (one.code, one.found) == ("score-column-doubtful", "E3 检查结果")


def test_of_many_columns_a_few_are_named(huantai: Campaign) -> None:
    """A table of sixteen thousand columns makes no message of as many."""
    rivals = tuple(cell(address(2, column), "分数") for column in range(4, 16_384))
    [one] = check(returned(huantai, rivals=rivals), huantai).findings
    assert one.found == "、".join([f"{letter}3 分数" for letter in "EFGHIJKL"] + ["…"])


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        pytest.param({"text": cell("C4", "完全不同的内容")}, ("criterion-changed", "C4"), id="text"),
        pytest.param({"points": cell("D4", 10.0)}, ("points-changed", "D4"), id="points"),
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
    ("rows", "columns", "place"),
    [pytest.param(2, 0, "E6", id="rows"), pytest.param(0, 1, "F4", id="columns")],
)
def test_an_issued_form_that_stands_elsewhere_is_a_note(
    huantai: Campaign, rows: int, columns: int, place: str
) -> None:
    """Rows or columns were put in before it: the note says where the scores are and where they were."""
    lines = moved(returned(huantai).lines, rows, columns)
    [note] = check(returned(huantai, lines=lines), huantai).findings
    assert (note.code, note.severity, note.cell) == ("form-moved", "note", place)
    assert note.message("en").endswith(f"its score column was found at {place} instead of E4.")


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


# Other programmes


def of_river(campaign: Campaign, scores: Sequence[Scored] = GOOD, **changes: Any) -> ScoreSheet:
    return replace(score_sheet(campaign.communities[0], campaign, scores), **changes)


def test_answers_of_every_kind_come_to_a_verdict(huantai: Campaign) -> None:
    """Bonus and deduction beside the scores, a chosen word, a condition; nothing is found."""
    checked = check(of_river(river(huantai)), river(huantai))
    assert (checked.findings, checked.total, checked.verdict.grade) == ((), Decimal("90.5"), "优秀")
    assert (checked.verdict.bonus, checked.verdict.deduction) == (Decimal(2), Decimal(1))


def test_findings_speak_of_the_form_s_own_numbers(huantai: Campaign) -> None:
    """Our number stays with the finding; what may be typed is named, and like ones are put into one."""
    campaign = river(huantai)
    found_here = check(of_river(campaign, (11.0, "好", 20.0, 50.0, None, -1.0, None)), campaign).findings
    assert [(one.code, one.criterion, one.message("en")) for one in found_here] == [
        (
            "score-high",
            1,
            "The score of criterion 1.1 is 11, above its 10 points. Type a number from 0 to 10.",
        ),
        (
            "answer-choice",
            2,
            "The answer to criterion 1.2 is “好”, which is none of its choices. Type one of 是、否、不适用.",
        ),
        (
            "score-blank",
            5,
            "The score of criterion J1 is blank. Type a number from 0 to 5; 0 if nothing was achieved.",
        ),
        (
            "deduction-negative",
            6,
            "The deduction of criterion K1 is -1. It is taken off anyway: type it without a minus sign, "
            "a number from 0 to 10.",
        ),
        ("answer-blank", 7, "Criterion T1 is not answered. Type one of 符合、不符合."),
    ]


@pytest.mark.parametrize(
    ("typed", "changed"),
    [(20.0, []), ("20 否决", []), ("20分（否决）", []), ("否决", [3]), ("10 否决", [3])],
    ids=["number", "as printed", "typed", "no points", "other points"],
)
def test_points_may_stand_with_their_marks(huantai: Campaign, typed: Value, changed: list[int]) -> None:
    """As the form prints them, or as somebody types what it shows."""
    campaign = river(huantai)
    sheet = of_river(campaign)
    lines = [replace(line, points=cell("G6", typed)) if line.number == 3 else line for line in sheet.lines]
    found_here = check(replace(sheet, lines=tuple(lines)), campaign).findings
    assert [one.criterion for one in found_here if one.code == "points-changed"] == changed


def test_a_blank_that_may_be_not_applicable_says_so(huantai: Campaign) -> None:
    """Beside the numbers; of choices 不适用 is one."""
    campaign = river(huantai)
    found_here = check(of_river(campaign, (9.0, None, 20.0, None, 0.0, 0.0, "符合")), campaign).findings
    assert [one.message(CHINESE) for one in found_here] == [
        "第1.2条没有填。请填“是、否、不适用”之一。",
        "第2.2条没有填得分。请填 0 到 60 之间的数字，或“不适用”，没有做到的填 0。",
    ]


def test_a_missing_row_is_asked_for_by_its_number_and_answers(huantai: Campaign) -> None:
    """A correction copy asks for a word where a word answers."""
    campaign = river(huantai)
    sheet = of_river(campaign)
    [one] = check(replace(sheet, lines=sheet.lines[:-1]), campaign).findings
    assert one.message("en").startswith("Criterion T1 is not on the sheet (未发生重大事故).")
    asked = replace(one, code=one.entry.asked_as)
    assert asked.message("en") == (
        "Criterion T1 was missing on the returned sheet. Type its score here, one of 符合、不符合."
    )


def test_a_merged_condition_is_asked_for_in_words(huantai: Campaign) -> None:
    """The remedy is not a number from 0 to 0."""
    campaign = river(huantai)
    scores = (*GOOD[:-1], cell(merged_into="E9"))
    [one] = check(of_river(campaign, scores), campaign).findings
    assert one.message("en").endswith("Split the merged cells and type one of 符合、不符合.")


def test_what_a_word_was_read_as_is_told(huantai: Campaign) -> None:
    """Spaces among it are no fault."""
    campaign = river(huantai)
    [one] = check(of_river(campaign, (*GOOD[:-1], " 符 合")), campaign).findings
    assert one.message("en") == "The score of criterion T1 was written “符 合” and was read as 符合."


def test_a_vetoed_unit_keeps_its_total(huantai: Campaign) -> None:
    """It fails at 80 and more."""
    campaign = river(huantai)
    checked = check(of_river(campaign, (10.0, "是", 0.0, 60.0, 5.0, 0.0, "不符合")), campaign)
    assert (checked.total, checked.verdict.passed) == (Decimal(85), False)
    assert checked.verdict.veto_words == "第2.1条0分、第T1条不符合"


def test_a_sheet_to_which_nothing_applies_has_no_total(huantai: Campaign) -> None:
    """One error at the cells of what has points, whatever else is answered."""
    campaign = river(huantai)
    unasked = tuple(
        replace(group, criteria=tuple(replace(c, not_applicable=True, veto=None) for c in group.criteria))
        for group in campaign.groups
    )
    campaign = replace(campaign, groups=unasked)
    checked = check(of_river(campaign, (*["不适用"] * 4, 2.0, 1.0, "符合")), campaign)
    [one] = checked.findings
    assert (one.code, one.severity, one.cells) == ("nothing-applies", "error", ("H4", "H5", "H6", "H7"))
    assert (checked.total, checked.without_total) == (None, True)


def test_only_another_score_column_filled_is_to_be_decided(huantai: Campaign) -> None:
    """It takes part, and its blanks are not told one by one."""
    campaign = with_columns(huantai)
    sheet = of_river(campaign, [None] * 7)
    lines = tuple(
        replace(
            line,
            columns=(cell(f"G{row}", GOOD[row - 4]), cell(f"H{row}"), line.score),
            entries=(cell(f"I{row}"), cell(f"J{row}")),
        )
        for row, line in enumerate(sheet.lines, 4)
    )
    checked = check(replace(sheet, lines=lines), campaign)
    [one] = checked.findings
    assert (checked.returned, checked.decided, one.code, one.cell) == (True, False, "to-be-decided", "J4")
    assert one.message("en") == (
        "Only 自评分 is filled in. “县核定分”, which counts, is still blank: to be decided (待核定). "
        "Fill it in, or have it filled in."
    )


def test_without_any_score_in_any_column_nothing_came_back(huantai: Campaign) -> None:
    """Several columns of blanks are an empty form."""
    campaign = with_columns(huantai)
    sheet = of_river(campaign, [None] * 7)
    blank = tuple(replace(line, columns=(cell("G4"), cell("H4"), line.score)) for line in sheet.lines)
    checked = check(replace(sheet, lines=blank), campaign)
    assert (checked.returned, checked.findings) == (False, ())


@pytest.mark.parametrize(
    ("number", "points", "told"),
    [
        (5, "加分\n最多5分", False),
        (5, "加分", False),
        (5, "５", False),
        (5, "最多8分", True),
        (6, "扣分，最多10分", False),
        (6, 20.0, True),
        (7, "条件", False),
        (7, "—", False),
        (7, 10.0, True),
        (1, "10分", False),
        (1, "最多10分", True),
    ],
)
def test_points_outside_the_full_mark_are_printed_in_words(
    huantai: Campaign, number: int, points: Value, told: bool
) -> None:
    """What a form says in place of points is changed only where it names other points."""
    campaign = river(huantai)
    sheet = of_river(campaign)
    lines = tuple(
        replace(line, points=cell("D4", points)) if line.number == number else line for line in sheet.lines
    )
    assert found(check(replace(sheet, lines=lines), campaign)) == [("points-changed", "D4")] * told


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_typed_is_judged_as_the_rules_say(huantai: Campaign, data: st.DataObject) -> None:
    """Of any campaign: the scores that count are those of the rules, and every other answer is told."""
    campaign = data.draw(programmes(huantai))
    typed = data.draw(answers(campaign, wrong=True))
    checked = check(of_river(campaign, typed), campaign)
    wanted = scores_of(campaign, typed)
    accepted = [None if isinstance(one, str) and not isinstance(one, Answer) else one for one in wanted]
    assert [score.value for score in checked.scores] == accepted
    assert checked.verdict == rules.judge(accepted, campaign)
    wrong = {n for n, one in enumerate(wanted, 1) if isinstance(one, str) and not isinstance(one, Answer)}
    told = {n for one in checked.findings if one.severity == "error" for n in one.criteria}
    if checked.returned:
        assert told == wrong | {n for n, one in enumerate(typed, 1) if one is None}
