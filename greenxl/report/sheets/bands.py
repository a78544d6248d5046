"""The bands of the distribution of totals. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from greenxl.campaign.model import Campaign, plain


@dataclass(frozen=True, slots=True)
class _Band:
    """A part of the range of totals."""

    low: Decimal
    """The least total in it."""
    end: Decimal
    """What every total in it is below."""

    @property
    def words(self) -> str:
        return f"{plain(self.low)}–{plain(self.end - _CENT)}"


_CENT = Decimal("0.01")


def bands(campaign: Campaign) -> list[_Band]:
    """Return the bands of the distribution of totals.

    They are tenths of the full score, counted from the pass mark. The last one takes in the full
    score: it ends a hundredth above.
    """
    step = campaign.max_score / 10
    steps = (campaign.pass_score + k * step for k in range(-2, 10))
    edges = [Decimal(0), *(edge for edge in steps if 0 < edge < campaign.max_score)]
    if campaign.pass_score == campaign.max_score:
        edges.append(campaign.pass_score)
    return [_Band(*pair) for pair in pairwise([*edges, campaign.max_score + _CENT])]


def in_bands(campaign: Campaign, totals: Sequence[Decimal]) -> list[int]:
    """Return how many of the totals lie in each band."""
    return [sum(band.low <= total < band.end for total in totals) for band in bands(campaign)]
