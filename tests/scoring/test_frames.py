"""Scores are counted and lost points sorted exactly, in hundredths."""

from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign
from greenxl.scoring.frames import Figures, figures, hundredths, lost_points


def scores(*rows: list[str | None]) -> list[list[Decimal | None]]:
    return [[None if one is None else Decimal(one) for one in row] for row in rows]


def test_a_criterion_is_counted_without_what_has_no_score(huantai: Campaign) -> None:
    """A missing score is neither a zero nor a loss, and a full one is no loss."""
    frame = hundredths(huantai.criteria[:1], scores(["4.99"], [None], ["5"], ["0"]))
    assert figures(frame, huantai.criteria[0]) == Figures(scored=3, got=999, losers=(0, 3))


@pytest.mark.parametrize(
    ("order", "found"),
    [
        pytest.param([0, 1], [(0, 2), (0, 1), (1, 1), (1, 2)], id="as the rows are"),
        pytest.param([1, 0], [(1, 1), (1, 2), (0, 2), (0, 1)], id="the second row first"),
    ],
)
def test_lost_points_come_by_row_the_heaviest_first(
    huantai: Campaign, order: list[int], found: list[tuple[int, int]]
) -> None:
    """Equal losses of a row stay in the order of the criteria."""
    two = huantai.criteria[:2]
    places = lost_points(hundredths(two, scores(["4", "3"], ["2", "2"])), two, order)
    assert list(places.itertuples(index=False, name=None)) == found
