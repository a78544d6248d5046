"""What a cell is as a score: a number that can be accepted, or the reason why not. Pure."""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from greenxl.campaign import rules
from greenxl.campaign.model import Criterion, plain
from greenxl.names import key
from greenxl.workbooks.cells import Cell, Format, Struck


class Mark(StrEnum):
    """Whether a score can be accepted."""

    ACCEPTED = "accepted"
    BLANK = "blank"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one criterion."""

    mark: Mark
    value: Decimal | None = None
    """None unless accepted."""
    shown: str = ""
    """As it was found, where it was not accepted."""


BLANK = Score(Mark.BLANK)

_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*分?")
_RIGHT_TO_LEFT = "\u202e"
_LONGEST_NUMBER = 100
"""Characters of a text that may be a number."""
_MOST_WRITTEN_OUT = Decimal(10) ** 20
"""From here on a number is written with an exponent, as a spreadsheet does where it has no room."""


def judge(cell: Cell, criterion: Criterion, *, calculated: bool = True) -> tuple[Score, tuple[str, ...]]:
    """Return the score that a cell holds, and the codes of the findings about it.

    Accepted are the numbers from 0 to the criterion's points with two decimals at most, shown as what they
    are; a text that spells such a number (full width, spaces, 分) and the plain number that a formula gave
    are accepted with a finding. ``calculated`` tells whether the values of formulas are those that an office
    shows.
    """
    if cell.merged_into:
        return BLANK, ("score-merged",)
    if _has_no_value(cell, calculated):
        return Score(Mark.WRONG, shown=cell.error or cell.formula), ("score-broken",)
    if cell.value is None or (isinstance(cell.value, str) and not key(cell.value)):
        return BLANK, ("score-blank",)
    number = number_in(cell.value)
    fault = _shown_otherwise(cell) or (
        "score-text" if number is None else rules.score_fault(number, criterion)
    )
    if fault or number is None:
        return Score(Mark.WRONG, shown=show(cell)), (fault or "score-text",)
    return Score(Mark.ACCEPTED, abs(number)), tuple(_doubts(cell))


def _has_no_value(cell: Cell, calculated: bool) -> bool:
    """Whether a cell holds an error, or a formula whose number is not known."""
    if cell.error:
        return True
    text = isinstance(cell.value, str) and cell.value != ""
    return bool(cell.formula) and (not calculated or cell.value is None or text)


def _shown_otherwise(cell: Cell) -> str:
    """Return the code of what a cell shows instead of a plain number, '' where it shows one or a text."""
    if isinstance(cell.value, bool):
        return "score-boolean"
    if cell.format is Format.PERCENT:
        return "score-percent"
    if cell.format is Format.DATE or isinstance(cell.value, date | time | timedelta):
        return "score-date"
    if cell.struck is not Struck.NO:
        return "score-struck"
    return "score-format" if cell.format in (Format.HIDDEN, Format.OTHER) else ""


def number_in(value: object) -> Decimal | None:
    """Return the number that a value is or spells, None where it is none; -0 is 0."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str):
        found = _NUMBER.fullmatch(value_text(value)) if len(value) <= _LONGEST_NUMBER else None
        number = Decimal(found[1]) if found else None
    else:
        number = _digits(value) if math.isfinite(value) else None
    return number if number is None else number or Decimal(0)


def _doubts(cell: Cell) -> Iterator[str]:
    """Yield the codes of what is to be looked at though the score was accepted."""
    if cell.formula:
        yield "score-formula"
    if cell.format is Format.ROUNDED:
        yield "score-rounded"
    if isinstance(cell.value, str):
        yield "score-spelling"


def value_text(value: str | float) -> str:
    """Return a number as it is written, at the digits that a spreadsheet shows; a text in NFKC.

    What shows as a number without being one (「⑤」, 「5²」) and what does not show at all stay out of it; but
    not the mark that turns digits round, since 4.5 after it shows as 5.4.
    """
    if isinstance(value, str):
        seen = [c for c in value if c == _RIGHT_TO_LEFT or unicodedata.category(c) != "Cf"]
        return "".join(c if _exponent(c) else unicodedata.normalize("NFKC", c) for c in seen).strip()
    return written(_digits(value))


def _digits(value: float) -> Decimal:
    return Decimal(f"{round(value, 9) + 0.0:.15g}")


def written(number: Decimal) -> str:
    """Return a number as it is written: with an exponent only where it is very long."""
    long = not number.is_finite() or abs(number) >= _MOST_WRITTEN_OUT
    return f"{number:.15g}" if long else plain(number)


def _exponent(character: str) -> bool:
    return character.isdigit() and not character.isdecimal()


def show(cell: Cell) -> str:
    """Return what a cell shows to its sender; of a cell that another one covers, the address of that one."""
    special = cell.merged_into or cell.error or cell.shown
    if special:
        return special
    value = cell.value
    if value is None or (cell.formula and isinstance(value, str)):
        return cell.formula
    if isinstance(value, bool):
        return str(value).upper()
    return value_text(value) if isinstance(value, int | float) else str(value)
