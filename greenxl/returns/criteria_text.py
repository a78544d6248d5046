"""Texts compared with the criteria of a campaign, however they were spaced, numbered or reworded."""

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from greenxl.campaign.model import Campaign
from greenxl.names import key

SIMILAR = 0.6
"""From this ratio of :mod:`difflib` on, a changed text is still the same criterion,"""


NEAR = 0.1
"""unless another criterion comes as near to it as this."""


@lru_cache(maxsize=2048)
def sense(text: str) -> str:
    """Return what two spellings of a criterion share: its key without punctuation, but 1.5 is not 15."""
    return re.sub(r"(?<![0-9])[^\w%<>=≤≥±+]+|[^\w%<>=≤≥±+]+(?![0-9])", "", key(text))


_NUMBER_BEFORE = re.compile(
    r"第?(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[一二三四五六七八九十]{1,3})[.)]?[条项]?(?=.)"
)


_POINTS_BEHIND = re.compile(r"[0-9]+(?:\.[0-9]+)?分$")


@lru_cache(maxsize=2048)
def spellings(text: str) -> tuple[str, ...]:
    """Return what a criterion may say: as it stands, without a number before it, without points behind it."""
    whole = sense(text)
    bare = _NUMBER_BEFORE.sub("", whole, count=1) if _NUMBER_BEFORE.match(whole) else whole
    return tuple(dict.fromkeys((whole, bare, _POINTS_BEHIND.sub("", whole), _POINTS_BEHIND.sub("", bare))))


def says(text: str, wanted: str) -> bool:
    """Whether a text is that of a criterion, but for its number, points and punctuation."""
    return sense(wanted) in spellings(text)


@lru_cache(maxsize=8)
def _by_sense(texts: tuple[str, ...]) -> Mapping[str, int]:
    """Return the numbers of the criteria by what they say; those that say the same are left to their keys."""
    counts = Counter(map(sense, texts))
    return {
        said: number
        for number, text in enumerate(texts, 1)
        for said in (sense(text), key(text))
        if counts[sense(text)] == 1 or said == key(text)
    }


def known(campaign: Campaign) -> Mapping[str, int]:
    return _by_sense(tuple(c.text for c in campaign.criteria))


def number_of(text: str, known: Mapping[str, int], shortest: int) -> int | None:
    if text in known or len(text) < shortest:
        return known.get(text)
    return next((known[said] for said in spellings(text) if said in known), None)


def nearest(text: str, number: int | None, campaign: Campaign) -> int | None:
    """Return the criterion whose text was changed to this one, None where it may be another's as well."""
    said = spellings(text)[1 % len(spellings(text))]
    likeness = sorted(
        ((_ratio(said, sense(c.text)), c.number == number, c.number) for c in campaign.criteria),
        reverse=True,
    )
    best, numbered, found = likeness[0]
    alone = len(likeness) == 1 or likeness[1][0] < best - NEAR
    return found if best >= SIMILAR and (alone or numbered) else None


def _ratio(text: str, wanted: str) -> float:
    matcher = difflib.SequenceMatcher(None, text, wanted)
    return matcher.ratio() if matcher.quick_ratio() >= SIMILAR - NEAR else 0.0
