"""The bands of the distribution of totals. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, pairwise

from greenxl.campaign.model import Campaign, Kind, plain


@dataclass(frozen=True, slots=True)
class _Band:
    """A part of the range of totals."""

    low: Decimal
    """The least total in it."""
    end: Decimal
    """What every total in it is below."""
    words: str


_CENT = Decimal("0.01")


def bands(campaign: Campaign) -> list[_Band]:
    """Return the bands of the distribution of totals.

    They are tenths of the full score, counted from the pass mark, where these are whole numbers; else the
    next round numbers, and the pass mark among them. The last one takes in the full score: it ends a
    hundredth above. Where more than that can be had, a further one holds what is above.
    """
    full, mark = campaign.max_score, campaign.pass_score
    edges = sorted({Decimal(0), mark, *_round_edges(full, mark)})
    found = [
        _Band(low, end, f"{plain(low)}–{plain(end - _CENT)}") for low, end in pairwise([*edges, full + _CENT])
    ]
    more = sum((criterion.points for criterion in campaign.of_kind(Kind.BONUS)), Decimal(0))
    if more:
        found.append(_Band(full + _CENT, full + more + _CENT, f"超过{plain(full)}"))
    return found


def _round_edges(full: Decimal, mark: Decimal) -> Iterator[Decimal]:
    """Yield the edges beside the pass mark: from two steps below it up to the full score."""
    step = _step(full)
    if _is_whole(full / 10) and _is_whole(mark):
        yield from (edge for k in range(-2, 10) if 0 < (edge := mark + k * step) < full)
        return
    first = mark // step * step - 2 * step
    for k in count():
        edge = first + k * step
        if edge >= full:
            return
        if edge > 0 and abs(edge - mark) * 2 > step:
            yield edge


def _step(full: Decimal) -> Decimal:
    """Return a tenth of the full score, or the next of 1, 2, 5, 10, 20, … above it."""
    tenth = full / 10
    if _is_whole(tenth):
        return tenth
    steps = (digit * Decimal(10) ** power for power in count() for digit in (1, 2, 5))
    return next(step for step in steps if step >= tenth)


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def in_bands(campaign: Campaign, totals: Sequence[Decimal]) -> list[int]:
    """Return how many of the totals lie in each band."""
    return [sum(band.low <= total < band.end for total in totals) for band in bands(campaign)]
