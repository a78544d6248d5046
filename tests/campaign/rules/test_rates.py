"""Rates and targets as functions, and their formulas computed by LibreOffice to the same."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.campaign import rules
from greenxl.campaign.model import Basis
from greenxl.campaign.rules import Denominator
from tests.tools.office import Office


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
    assert rules.denominator_formula(wanted.basis, "B9", "SUM(J5:J8)") in ("B9", "SUM(J5:J8)")


def test_one_score_is_enough_to_take_part() -> None:
    """Right or wrong."""
    assert rules.takes_part(1)
    assert not rules.takes_part(0)
