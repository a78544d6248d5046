"""Formulas that count and average rows of another sheet by conditions. Pure.

``COUNTIFS`` and ``AVERAGEIFS`` go over the rows once, where ``SUMPRODUCT`` makes and multiplies a column for
each condition: over all units for every town, that is what opening a large workbook takes. But they read a
text such as ``*``, ``>0`` or ``01`` as a pattern, a comparison or a number; there ``SUMPRODUCT`` remains.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from greenxl.campaign.rules import quoted

_TAKEN_AS_IT_IS = re.compile(r"[㐀-鿿][^*?~]{0,200}")
"""A text that no office reads as anything else: it begins with a Chinese character, and has no wildcard."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a row."""

    cells: str
    """The column."""
    criterion: str
    """As ``COUNTIFS`` takes it, an expression."""
    exact: str
    """The same as an expression over the column, a truth value for each row."""
    plain: bool = True
    """Whether ``COUNTIFS`` takes the criterion for what it is."""


def is_plain(*texts: str) -> bool:
    """Whether ``COUNTIFS`` takes each of these texts as it is."""
    return all(_TAKEN_AS_IT_IS.fullmatch(text) for text in texts)


def equals(cells: str, words: str) -> Condition:
    """Return that a cell holds these words."""
    return Condition(cells, quoted(words), f"({cells}={quoted(words)})", is_plain(words))


def equals_cell(cells: str, reference: str, words: str) -> Condition:
    """Return that a cell holds the same as another one, which now holds ``words``."""
    return Condition(cells, reference, f"({cells}={reference})", is_plain(words))


def is_filled(cells: str) -> Condition:
    """Return that a cell holds a text, and not an empty one."""
    return Condition(cells, '"?*"', f'({cells}<>"")')


def is_positive(cells: str) -> Condition:
    """Return that a cell holds a number that is not below 0."""
    return Condition(cells, '">=0"', f"ISNUMBER({cells})")


def count_formula(conditions: Sequence[Condition]) -> str:
    """Return how many rows fulfil all the conditions."""
    if all(one.plain for one in conditions):
        return f"COUNTIFS({','.join(f'{one.cells},{one.criterion}' for one in conditions)})"
    return f"SUMPRODUCT({'*'.join(one.exact for one in conditions)}*1)"


def average_formula(cells: str, conditions: Sequence[Condition], decimals: int = 2) -> str:
    """Return the rounded average of the numbers of a column in such rows, an empty text without any."""
    known = count_formula([*conditions, is_positive(cells)])
    if not conditions:
        mean = f"AVERAGE({cells})"
    elif all(one.plain for one in conditions):
        mean = f"AVERAGEIFS({cells},{','.join(f'{one.cells},{one.criterion}' for one in conditions)})"
    else:
        mean = f"SUMPRODUCT({'*'.join(one.exact for one in conditions)}*1,{cells})/{known}"
    return f'IF({known}=0,"",ROUND({mean},{decimals}))'


def average_of_any_formula(cells: str, keys: str, wanted: str, decimals: int = 2) -> str:
    """Return the rounded average of the numbers of a column whose row has any of the ``wanted`` in ``keys``.

    What is wanted must be plain.
    """
    known = f'SUMPRODUCT(COUNTIFS({keys},{wanted},{cells},">=0"))'
    return f'IF({known}=0,"",ROUND(SUMPRODUCT(SUMIFS({cells},{keys},{wanted}))/{known},{decimals}))'
