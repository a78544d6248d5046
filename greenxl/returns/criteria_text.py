"""Texts compared with the criteria of a campaign, however they were spaced, numbered or reworded."""

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from greenxl.campaign.model import Campaign
from greenxl.names import key, remembered

_SIMILAR = 0.6
"""From this ratio of :mod:`difflib` on, a changed text is still the same criterion,"""


_NEAR = 0.1
"""unless another criterion comes as near to it as this."""


@remembered(2048)
def sense(text: str) -> str:
    """Return what two spellings of a criterion share: its key without punctuation, but 1.5 is not 15."""
    return re.sub(r"(?<![0-9])[^\w%<>=≤≥±+]+|[^\w%<>=≤≥±+]+(?![0-9])", "", key(text))


_NUMBER_BEFORE = re.compile(
    r"第?(?:[a-z]{0,2}[0-9]{1,3}(?:[.-][0-9]{1,3})*|[一二三四五六七八九十]{1,3})[.)]?[条项]?(?=.)"
)
"""Numbers as forms print them: 7, 1.1, C12, 第七条."""


_POINTS_BEHIND = re.compile(r"(?<![0-9.])[0-9]{1,4}(?:\.[0-9]{1,4})?分$")


@remembered(2048)
def spellings(text: str) -> tuple[str, ...]:
    """Return how a criterion may be written: with or without its number before and its points behind it."""
    whole = sense(text)
    bare = _NUMBER_BEFORE.sub("", whole, count=1) if _NUMBER_BEFORE.match(whole) else whole
    return tuple(dict.fromkeys((whole, bare, _POINTS_BEHIND.sub("", whole), _POINTS_BEHIND.sub("", bare))))


def same_criterion(text: str, wanted: str) -> bool:
    """Whether a text is that of a criterion, but for its number, points and punctuation."""
    return text == wanted or sense(wanted) in spellings(text)


@dataclass(frozen=True, slots=True)
class CriteriaIndex:
    """The criteria of a campaign by their texts."""

    by_key: Mapping[str, int]
    by_sense: Mapping[str, int]
    """Of those that more than punctuation tells from the others."""
    shortest: int
    """Characters of the shortest."""

    @classmethod
    def of(cls, campaign: Campaign) -> "CriteriaIndex":
        return _index(campaign)

    def number_of(self, text: str) -> int | None:
        """Return the criterion that has this text (a key), None where none has it."""
        number = self.by_key.get(text)
        if number or len(text) < self.shortest:
            return number
        return next((self.by_sense[one] for one in spellings(text) if one in self.by_sense), None)


@lru_cache(maxsize=1)
def _index(campaign: Campaign) -> CriteriaIndex:
    """Return the index of the texts; those that are spelled alike are found by their keys alone."""
    texts = [criterion.text for criterion in campaign.criteria]
    counts = Counter(map(sense, texts))
    by_sense = {sense(text): number for number, text in enumerate(texts, 1) if counts[sense(text)] == 1}
    by_key = {key(text): number for number, text in enumerate(texts, 1)}
    return CriteriaIndex(by_key, by_sense, min(map(len, (*by_key, *by_sense))))


def reworded(text: str, number: int | None, campaign: Campaign) -> int | None:
    """Return the criterion whose text was changed to this one, None where it may be another's as well.

    ``number`` is what is printed before the text: it decides between texts that are as near.
    """
    without_number = spellings(text)[1 % len(spellings(text))]
    ratios = {c.number: _ratio(without_number, sense(c.text)) for c in campaign.criteria}
    best, *others = sorted(ratios, key=lambda n: (ratios[n], n == number, n), reverse=True)
    near = bool(others) and ratios[others[0]] >= ratios[best] - _NEAR
    return best if ratios[best] >= _SIMILAR and (not near or best == number) else None


def _ratio(text: str, wanted: str) -> float:
    least = _SIMILAR - _NEAR
    matcher = difflib.SequenceMatcher(None, text, wanted)
    near = matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least
    return matcher.ratio() if near else 0.0
