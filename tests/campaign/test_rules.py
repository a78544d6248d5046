"""Each rule of scoring as a function, and its formula computed by LibreOffice to the same."""

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from greenxl.campaign import rules
from greenxl.campaign.model import Basis, Campaign
from greenxl.campaign.rules import Denominator, ScoreCells
from tests.tools.office import Office

CENT = Decimal("0.01")
HUNDREDTHS = st.integers(0, 500).map(lambda n: n * CENT)
Row = list[Decimal | None]


def summing_to(campaign: Campaign, total: Decimal) -> Row:
    """Return scores that add up to a total, the first criteria full."""
    scores: Row = []
    for criterion in campaign.criteria:
        scores.append(min(criterion.points, total))
        total -= min(criterion.points, total)
    return scores


def accepted(campaign: Campaign) -> list[Row]:
    """Return scores as the check accepts them: around the pass mark, blank in places, drawn at random."""
    draw = random.Random(8)
    rows: list[Row] = [summing_to(campaign, campaign.pass_score + d * CENT) for d in (-1, 0, 1, 0)]
    rows += [[None] * len(campaign.criteria), [Decimal(0)] * len(campaign.criteria)]
    for blank in (0, 0, 0.05, 0.3):
        for _ in range(8):
            rows.append(
                [
                    None if draw.random() < blank else draw.randint(0, int(c.points * 100)) * CENT
                    for c in campaign.criteria
                ]
            )
    return rows


def typed(campaign: Campaign) -> list[Row]:
    """Return the accepted scores, and each of them with one number that cannot be a score."""
    impossible = (Decimal("-0.01"), Decimal("0.001"), Decimal("4.125"))
    rows = accepted(campaign)
    for index, row in enumerate(accepted(campaign)):
        place = index % len(row)
        numbers = (*impossible, campaign.criteria[place].points + CENT)
        rows.append([*row[:place], numbers[index % 4], *row[place + 1 :]])
    return rows


@pytest.fixture(scope="module")
def recalculated(
    office: Office, other: Campaign, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], list[Any]]:
    """Return what LibreOffice computes for a rule, by row; the scores are before it, their points above."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("all")
    count, rows = len(other.criteria), typed(other)
    for column, criterion in enumerate(other.criteria, 1):
        sheet.cell(1, column, float(criterion.points))
    for number, scores in enumerate(rows, 2):
        for column, score in enumerate(scores, 1):
            sheet.cell(number, column, None if score is None else float(score))
        for column, formula in enumerate(SCORE_RULES.values(), count + 1):
            sheet.cell(number, column, f"={formula(other, number - 1)}")
    path = tmp_path_factory.mktemp("rules") / "rules.xlsx"
    book.save(path)
    found = office.formulas(path)["all"]

    def computed(rule: str) -> list[Any]:
        column = count + list(SCORE_RULES).index(rule)
        return [found[xl_rowcol_to_cell(row, column)][2] for row in range(1, len(rows) + 1)]

    return computed


def _cells(campaign: Campaign, row: int, first: int = 1, last: int = 0) -> str:
    """Return the range of a row's scores, of some criteria alone where named."""
    return str(xl_range_abs(row, first - 1, row, (last or len(campaign.criteria)) - 1))


def _total(campaign: Campaign, row: int) -> str:
    return str(xl_rowcol_to_cell(row, len(campaign.criteria) + list(SCORE_RULES).index("running total")))


def _subtotal(group: int) -> Callable[[Campaign, int], str]:
    def formula(campaign: Campaign, row: int) -> str:
        criteria = campaign.groups[group].criteria
        cells = _cells(campaign, row, criteria[0].number, criteria[-1].number)
        return rules.subtotal_formula(cells, campaign.groups[group])

    return formula


SCORE_RULES: dict[str, Callable[[Campaign, int], str]] = {
    "running total": lambda c, row: rules.running_total_formula(_cells(c, row)),
    "state": lambda c, row: rules.state_formula(ScoreCells(_cells(c, row), _total(c, row)), _cells(c, 0), c),
    "subtotal of the first group": _subtotal(0),
    "subtotal of the second group": _subtotal(1),
    "total": lambda c, row: rules.total_formula(_cells(c, row), _cells(c, row), c),
    "verdict": lambda c, row: rules.verdict_formula(ScoreCells(_cells(c, row), _total(c, row)), c),
    "full mark": lambda c, row: rules.points_formula(_cells(c, 0)),
    "impossible": lambda c, row: f"--{rules.impossible_formula(_cells(c, row, 2, 2), _cells(c, 0, 2, 2))}",
    "possible": lambda c, row: f"--{rules.possible_formula(_cells(c, row, 2, 2), '7.5')}",
    "any impossible": lambda c, row: f"--({rules.any_impossible_formula(_cells(c, row), _cells(c, 0))})",
}


def _number(value: Decimal | None) -> float | str:
    return "" if value is None else float(value)


def _impossible(campaign: Campaign, scores: Row) -> list[bool]:
    return [
        score is not None and rules.score_fault(score, criterion.points) is not None
        for score, criterion in zip(scores, campaign.criteria, strict=True)
    ]


EXPECTED: dict[str, Callable[[Campaign, Row], object]] = {
    "state": lambda c, s: rules.state(s, c).words,
    "full mark": lambda c, _s: float(c.max_score),
    "impossible": lambda c, s: float(_impossible(c, s)[1]),
    "possible": lambda c, s: float(s[1] is not None and not _impossible(c, s)[1]),
    "any impossible": lambda c, s: float(any(_impossible(c, s))),
}
EXPECTED_OF_ACCEPTED: dict[str, Callable[[Campaign, Row], object]] = {
    "running total": lambda c, s: _number(rules.state(s, c).total),
    "subtotal of the first group": lambda c, s: _number(rules.judge(s, c).subtotals[0]),
    "subtotal of the second group": lambda c, s: _number(rules.judge(s, c).subtotals[1]),
    "total": lambda c, s: _number(rules.judge(s, c).total),
}


@pytest.mark.parametrize("rule", EXPECTED)
def test_a_formula_on_what_was_typed_says_what_the_function_says(
    recalculated: Callable[[str], list[Any]], other: Campaign, rule: str
) -> None:
    """On a form anything may be typed: possible scores, impossible ones, none."""
    assert recalculated(rule) == [EXPECTED[rule](other, scores) for scores in typed(other)]


@pytest.mark.parametrize("rule", EXPECTED_OF_ACCEPTED)
def test_a_formula_on_accepted_scores_says_what_the_function_says(
    recalculated: Callable[[str], list[Any]], other: Campaign, rule: str
) -> None:
    """The report holds accepted scores alone."""
    rows = accepted(other)
    assert recalculated(rule)[: len(rows)] == [EXPECTED_OF_ACCEPTED[rule](other, scores) for scores in rows]


def test_the_verdict_of_a_complete_community_is_that_of_its_formula(
    recalculated: Callable[[str], list[Any]], other: Campaign
) -> None:
    """A hundredth below the pass mark fails, the mark itself passes."""
    computed = recalculated("verdict")
    for scores, words in zip(accepted(other), computed, strict=False):
        passed = rules.judge(scores, other).passed
        assert passed is None or words == rules.verdict_words(passed, other)
    assert computed[:4] == ["未达标", "达标", "达标", "达标"]


@given(st.lists(HUNDREDTHS, min_size=20, max_size=20))
def test_a_total_is_exact(huantai: Campaign, scores: list[Decimal]) -> None:
    """To the hundredth, whatever the order, and the subtotals add up to it."""
    verdict = rules.judge(scores, huantai)
    assert verdict.total == Decimal(sum(int(score * 100) for score in scores)) / 100
    assert sum((s for s in verdict.subtotals if s is not None), Decimal(0)) == verdict.total
    assert verdict.passed == (verdict.total >= 80)
    assert verdict.total == rules.state(scores, huantai).total


@given(st.lists(HUNDREDTHS, min_size=20, max_size=20), st.integers(0, 19))
def test_a_missing_score_leaves_no_total(huantai: Campaign, scores: list[Decimal], missing: int) -> None:
    """Neither total nor verdict, and no subtotal of its group."""
    holed: Row = [*scores[:missing], None, *scores[missing + 1 :]]
    verdict = rules.judge(holed, huantai)
    assert (verdict.total, verdict.passed) == (None, None)
    group = huantai.criteria[missing].group
    assert [s is None for s in verdict.subtotals] == [index == group for index in range(5)]
    assert rules.state(holed, huantai).words == "未填完（已填19条，共20条）"


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
    assert rules.score_fault(Decimal(number), Decimal(5)) == fault


def test_equal_totals_share_a_rank() -> None:
    """As RANK does: the next place is left out, and what has no total has no rank."""
    totals = [Decimal(90), None, Decimal("90.00"), Decimal(80), Decimal(100)]
    assert rules.ranks(totals) == [2, None, 2, 4, 1]


def test_an_untouched_form_has_no_state(huantai: Campaign) -> None:
    """No total either, so that nothing foolish is printed on a blank."""
    assert rules.state([None] * 20, huantai) == rules.State(filled=0, total=None, words="")
    assert rules.state([Decimal(4)] * 20, huantai).complete
    assert not rules.state([Decimal(6)] * 20, huantai).complete


@pytest.mark.parametrize(
    ("passed", "listed", "percent", "met"),
    [
        (7, 21, 30, True),
        (6, 21, 30, False),
        (13, 21, 60, True),
        (12, 21, 60, False),
        (20, 21, 95, True),
        (19, 21, 95, False),
        (3, 10, 30, True),
        (57, 190, 30, True),
        (299, 1000, 30, False),
        (0, 0, 30, True),
    ],
)
def test_a_target_includes_its_bound(passed: int, listed: int, percent: int, met: bool) -> None:
    """以上 includes the bound, and integers decide."""
    assert rules.target_met(passed, listed, percent) is met


@given(st.integers(0, 300), st.integers(1, 300), st.integers(1, 100))
def test_what_is_needed_meets_the_target(passed: int, denominator: int, percent: int) -> None:
    """以上 includes the bound, in integers; one community fewer misses it."""
    needed = rules.needed(denominator, percent)
    assert rules.target_met(passed, denominator, percent) == (passed >= needed)
    assert rules.target_met(needed, denominator, percent)
    assert not rules.target_met(needed - 1, denominator, percent)


COUNTS = [
    (7, 21, 30),
    (6, 21, 30),
    (3, 10, 30),
    (29, 97, 30),
    (30, 97, 30),
    (0, 1, 1),
    (1, 1, 100),
    (57, 95, 60),
]
COUNT_RULES: dict[str, tuple[Callable[..., str], Callable[[int, int, int], float]]] = {
    "target met": (
        lambda p, d, t: f"--({rules.target_met_formula(p, d, t)})",
        lambda p, d, t: float(rules.target_met(p, d, t)),
    ),
    "needed": (lambda _p, d, t: rules.needed_formula(d, t), lambda _p, d, t: float(rules.needed(d, t))),
    "rate": (lambda p, d, _t: rules.rate_formula(p, d), lambda p, d, _t: rules.rate(p, d)),
    "participating": (lambda p, d, _t: rules.participating_formula(d, p), lambda p, d, _t: float(d - p)),
    "rank": (
        lambda p, _d, _t: rules.rank_formula(p, f"$A$1:$A${len(COUNTS)}"),
        lambda p, _d, _t: float(
            rules.ranks([Decimal(c[0]) for c in COUNTS])[[c[0] for c in COUNTS].index(p)] or 0
        ),
    ),
}


@pytest.mark.parametrize("rule", COUNT_RULES)
def test_a_formula_on_counts_says_what_the_function_says(office: Office, tmp_path: Path, rule: str) -> None:
    """Of communities that passed, denominators and percents, at the bounds."""
    formula, expected = COUNT_RULES[rule]
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row, counts in enumerate(COUNTS, 1):
        for column, count in enumerate(counts, 1):
            sheet.cell(row, column, count)
        sheet.cell(row, 4, f"={formula(f'A{row}', f'B{row}', f'C{row}')}")
    path = tmp_path / "counts.xlsx"
    book.save(path)
    found = office.formulas(path)["Sheet"]
    computed = [found[f"D{row}"][2] for row in range(1, len(COUNTS) + 1)]
    assert computed == pytest.approx([expected(*counts) for counts in COUNTS], abs=1e-12)


@pytest.mark.parametrize(
    ("totals", "wanted"),
    [
        ([None, 40], Denominator(21, Basis.ROSTER)),
        ([None, None], Denominator(21, Basis.ROSTER)),
        ([30, 40], Denominator(70, Basis.URBAN_TOTAL)),
    ],
    ids=["partly", "never", "always"],
)
def test_the_roster_is_the_denominator_unless_every_town_states_its_own(
    totals: Sequence[int | None], wanted: Denominator
) -> None:
    """The county has one basis; a town without its number is on the roster."""
    towns = [rules.town_denominator(12, total) for total in totals]
    assert rules.county_denominator(21, towns) == wanted
    assert rules.town_denominator(12, None) == Denominator(12, Basis.ROSTER)
    assert rules.denominator_formula(wanted.basis, "B9", "J5:J8") in ("B9", "SUM(J5:J8)")


def test_a_text_formula_holds_its_template_once() -> None:
    """Words between expressions, without an empty text at either end."""
    assert rules.text_formula("已填{n}条，共{m}条", n="COUNT(A1)", m=2) == '"已填"&COUNT(A1)&"条，共2条"'
    assert rules.text_formula("{n}条", n="B1") == 'B1&"条"'


def test_one_score_is_enough_to_take_part() -> None:
    """Right or wrong."""
    assert rules.takes_part(1)
    assert not rules.takes_part(0)
