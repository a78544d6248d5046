"""What a cell is as a score: a number or a word that can be accepted, or the reason why not. Pure."""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Criterion, Kind, plain
from greenxl.names import key
from greenxl.workbooks.cells import Cell, Format, Struck, Value


class Mark(StrEnum):
    """Whether a score can be accepted."""

    ACCEPTED = "accepted"
    BLANK = "blank"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Score:
    """The answer to one criterion, mostly a score."""

    mark: Mark
    value: Decimal | Answer | None = None
    """None unless accepted; of a chosen word the score that it stands for."""
    shown: str = ""
    """As it was found, where it was not accepted."""

    def __reduce__(self) -> tuple[object, ...]:
        value = None if self.value is None else str(self.value)
        return _score, (self.mark.value, value, self.shown)


_ANSWERS: dict[str | None, Answer] = {answer.value: answer for answer in Answer}


@lru_cache(maxsize=4096)
def _score(mark: str, value: str | None, shown: str) -> Score:
    """Return a score as a worker sent it, the same object for all that are equal to the digit."""
    return Score(Mark(mark), _ANSWERS.get(value) or (None if value is None else Decimal(value)), shown)


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
    are, of a criterion with choices these alone, and the words that answer it (``rules.answers_to``). A text
    that spells such an answer (full width, spaces, 分) and the plain number that a formula gave are accepted
    with a finding. ``calculated`` tells whether the values of formulas are those that an office shows.
    """
    if type(cell.value) is float and _is_plain(cell) and (score := _accepted(cell.value, criterion)):
        return score, ()
    if cell.merged_into:
        return BLANK, ("score-merged",)
    if _has_no_value(cell, calculated):
        return Score(Mark.WRONG, shown=cell.error or cell.formula), ("score-broken",)
    if cell.value is None or (isinstance(cell.value, str) and not key(cell.value)):
        return BLANK, (_code_of_blank(criterion),)
    answer = _fault_in_words(_shown_otherwise(cell), criterion) or _answer(cell.value, criterion)
    if isinstance(answer, Decimal | Answer):
        return Score(Mark.ACCEPTED, answer), tuple(_doubts(cell, criterion))
    return Score(Mark.WRONG, shown=show(cell)), (answer,)


def _is_plain(cell: Cell) -> bool:
    """Whether nothing but its value decides about a cell."""
    marked = cell.merged_into or cell.error or cell.formula
    return not marked and cell.format is Format.PLAIN and cell.struck is Struck.NO


@lru_cache(maxsize=4096)
def _accepted(number: float, criterion: Criterion) -> Score | None:
    """Return the score that a plain number is, None where it is none: most cells of a round are such."""
    answer = _answer(number, criterion)
    return _score(Mark.ACCEPTED, str(answer), "") if isinstance(answer, Decimal) else None


def _answer(value: Value, criterion: Criterion) -> Decimal | Answer | str:
    """Return what a value answers, or the code of the finding where it is no answer to the criterion."""
    said = rules.answer_in(value, criterion) if isinstance(value, str) else None
    if isinstance(said, Decimal | Answer):
        return said
    number = number_in(value)
    if number is None:
        return said or _code_of_none(criterion)
    fault = rules.score_fault(number, criterion)
    if fault == "score-negative" and criterion.kind is Kind.DEDUCTION:
        return "deduction-negative"
    return fault or abs(number)


def _code_of_blank(criterion: Criterion) -> str:
    if rules.answers_to(criterion):
        return "answer-blank"
    return "deduction-blank" if criterion.kind is Kind.DEDUCTION else "score-blank"


def _code_of_none(criterion: Criterion) -> str:
    """Return the code of the finding about what is no answer at all."""
    if criterion.kind is Kind.CONDITION:
        return "answer-condition"
    return "answer-choice" if criterion.choices else "score-text"


def _fault_in_words(code: str, criterion: Criterion) -> str:
    """Return the code of a fault of a number as that of one among several answers."""
    if not rules.answers_to(criterion):
        return code
    return {"score-boolean": _code_of_none(criterion), "score-struck": "answer-struck"}.get(code, code)


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
        number = _digits(float(value)) if math.isfinite(value) else None
    return number if number is None else number or Decimal(0)


def _doubts(cell: Cell, criterion: Criterion) -> Iterator[str]:
    """Yield the codes of what is to be looked at though the score was accepted."""
    if cell.formula:
        yield "score-formula"
    if cell.format is Format.ROUNDED:
        yield "score-rounded"
    if isinstance(cell.value, str) and not _is_word(cell.value, criterion):
        yield "score-spelling"


def _is_word(text: str, criterion: Criterion) -> bool:
    """Whether a text is a word that answers the criterion, to the letter."""
    chosen = [choice.word for choice in criterion.choices if not choice.is_number]
    return text in (*chosen, *Answer)


def value_text(value: str | float) -> str:
    """Return a number as it is written, at the digits that a spreadsheet shows; a text in NFKC.

    What shows as a number without being one (「⑤」, 「5²」) and what does not show at all stay out of it; but
    not the mark that turns digits round, since 4.5 after it shows as 5.4.
    """
    if isinstance(value, str):
        seen = [c for c in value if c == _RIGHT_TO_LEFT or unicodedata.category(c) != "Cf"]
        return "".join(c if _exponent(c) else unicodedata.normalize("NFKC", c) for c in seen).strip()
    return written(_digits(float(value)))


@lru_cache(maxsize=4096)
def _digits(value: float) -> Decimal:
    return Decimal(f"{round(value, 9) + 0.0:.15g}")


def written(number: Decimal) -> str:
    """Return a number as it is written: with an exponent only where it is very long."""
    long = not number.is_finite() or abs(number) >= _MOST_WRITTEN_OUT
    return f"{number:.15g}" if long else plain(number)


def _exponent(character: str) -> bool:
    return character.isdigit() and not character.isdecimal()


def shown_answer(answer: Decimal | Answer | None) -> str:
    """Return an answer as texts show it, "" for none."""
    return answer.value if isinstance(answer, Answer) else plain(answer)


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
