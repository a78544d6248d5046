"""Counting and sorting by criterion, which pandas does on whole hundredths in nullable integers (exact sums).

Imported when it is asked for: pandas takes longer to import than a small round takes to check.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import pandas as pd

from greenxl.campaign.model import Criterion


def hundredths(criteria: Sequence[Criterion], scores: Iterable[Sequence[Decimal | None]]) -> pd.DataFrame:
    """Return scores in hundredths: a row per community, a column per number of a criterion.

    :param scores: of each community, those of these criteria.
    """
    rows = [[_in_hundredths(score) for score in of_one] for of_one in scores]
    frame = pd.DataFrame(rows, columns=[criterion.number for criterion in criteria], dtype="int32")
    return frame.astype("Int32").mask(frame == _NO_SCORE)


_NO_SCORE = -1


@lru_cache(maxsize=65536)
def _in_hundredths(score: Decimal | None) -> int:
    return _NO_SCORE if score is None else int(score * 100)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a criterion was scored in all communities together."""

    scored: int
    """Communities with a score."""
    got: int
    """Hundredths of points, together."""
    losers: tuple[int, ...]
    """The rows of the communities that lost points."""


def figures(scores: pd.DataFrame, criterion: Criterion) -> Figures:
    column = scores[criterion.number]
    lost = (column < _full(criterion)).fillna(False).to_numpy(dtype=bool)
    return Figures(int(column.count()), int(column.sum()), tuple(lost.nonzero()[0].tolist()))


def lost_points(scores: pd.DataFrame, criteria: Sequence[Criterion], order: list[int]) -> pd.DataFrame:
    """Return where points were lost, as rows of the scores (``row``) and numbers of criteria (``number``).

    :param order: the rows in the order in which they are to come; of one row the heaviest loss comes first.
    """
    place = pd.Series(range(len(order)), order).sort_index()
    lost = pd.concat([_lost(scores, criterion) for criterion in criteria])
    lost = lost.assign(place=lambda rows: rows["row"].map(place))
    in_order = lost.sort_values(["place", "lost", "number"], ascending=[True, False, True])
    return in_order[["row", "number"]].astype("int32").reset_index(drop=True)


def _lost(scores: pd.DataFrame, criterion: Criterion) -> pd.DataFrame:
    """Return the losses of one criterion."""
    lost = _full(criterion) - scores[criterion.number]
    lost = lost[(lost > 0).fillna(False)].astype("int32")
    return pd.DataFrame({"row": lost.index, "number": criterion.number, "lost": lost})


def _full(criterion: Criterion) -> int:
    return int(criterion.points * 100)
