"""Sums of a unit's scores are exact, and their formulas give the same."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenxl.campaign.model import Campaign
from greenxl.campaign.rules import ScoreCells, totals
from tests.tools.programmes import answers, programmes, scores_of


@given(data=st.data())
def test_the_parts_of_a_total_are_those_of_its_groups(huantai: Campaign, data: st.DataObject) -> None:
    """What all groups got is what the unit got; nothing that does not apply is a part of the mark."""
    campaign = data.draw(programmes(huantai))
    scores = scores_of(campaign, data.draw(answers(campaign, blank=False)))
    found = totals.sums(scores, campaign)
    subtotals = [totals.subtotal(scores, group) for group in campaign.groups]
    assert sum((one for one in subtotals if one is not None), Decimal(0)) == found.got
    assert 0 <= found.got <= found.applicable <= campaign.max_score
    total = found.total(campaign)
    assert total is None or total >= 0


@pytest.mark.parametrize(
    ("total", "shown"),
    [
        (Fraction(2, 3), "0.67"),
        (Fraction(1, 200), "0.01"),
        (Fraction(79999, 1000), "80"),
        (Fraction(80), "80"),
    ],
)
def test_a_total_is_shown_half_up(total: Fraction, shown: str) -> None:
    """To two decimals, as ROUND does."""
    assert totals.rounded(total) == Decimal(shown)


def test_the_formula_of_a_plain_standard_is_a_plain_sum(huantai: Campaign) -> None:
    """Nothing that it does not need: so it reads like one that a clerk would write."""
    cells = _cells()
    assert totals.subtotal_formula(cells, huantai.groups[0]) == 'IF(COUNT(E1:E4)=4,ROUND(SUM(E1:E4),2),"")'
    wanted = 'IF(COUNT(E1:E20)=20,ROUND(SUM(Z1:Z5),2),"")'
    assert totals.total_formula(cells, "SUM(Z1:Z5)", huantai) == wanted


def _cells() -> ScoreCells:
    return ScoreCells(lambda a, b: f"E{a}:E{b}", lambda a, b: f"D{a}:D{b}", "E24")
