"""Texts in cells: how wide they are, in how many lines they fit, and what no cell can hold."""

import math
from functools import lru_cache
from unicodedata import east_asian_width

from greenxl.names import clean

_CELL_LENGTH = 32_767
"""The longest text that a cell holds (Excel specifications and limits)."""

_REMEMBERED = 4096
"""Texts whose width or lines are kept, as names and criteria come again and again."""


@lru_cache(maxsize=_REMEMBERED)
def text_width(text: str) -> int:
    """Return how many characters of a column's width a text takes; a Chinese one takes two.

    So do quotation marks, dashes, dots, circled numbers and whatever else Unicode calls ambiguous (UAX 11):
    Chinese fonts draw them as wide as a Chinese character.
    """
    return len(text) if text.isascii() else sum([2 if _is_wide(c) else 1 for c in text])


def _is_wide(character: str) -> bool:
    return character >= "\u2e80" or east_asian_width(character) == "A"


@lru_cache(maxsize=_REMEMBERED)
def line_count(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of ``width`` characters."""
    return sum(max(1, math.ceil(text_width(line) * 1.08 / width)) for line in text.split("\n"))


def size_to_fit(text: str, width: float, size: float) -> float:
    """Return the font size, ``size`` at most, at which a line takes no more than ``width`` characters."""
    return min(size, int(2 * width * 11 / (text_width(text) * 1.08)) / 2)


def fit_to_cell(text: str) -> str:
    """Return a text that a cell can hold; one that is too long ends in the number of its characters."""
    text = clean(text)
    if len(text) <= _CELL_LENGTH:
        return text
    tail = f"…（共{len(text)}字）"
    return text[: _CELL_LENGTH - len(tail)] + tail
