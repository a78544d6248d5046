"""What one cell of a campaign's tables may hold: a parser for each kind of value.

A parser takes the cell's text and returns the value, or a :class:`Fault` with the code of the finding.
Digits and punctuation may be full width, as Chinese input methods write them.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from greenxl.names import key, shown

T = TypeVar("T")
_YES = {"是", "y", "yes", "1", "true", "试点", "√"}
_NO = {"", "否", "n", "no", "0", "false"}
_ATOM = r"[A-Za-z0-9!#$%&*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"(?<![\w.@%+-]){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+(?![A-Za-z0-9@-])", re.ASCII
)
"""A mail address (dot-atom and host name, RFC 5321 section 4.1.2) that is no part of a longer one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """That a text is no such value."""

    code: str
    wanted: str = ""
    """What to write instead, where that is clear."""


Parser = Callable[[str], T | Fault]


def is_formula(cell: str) -> bool:
    """Whether a text is a formula that carries no result."""
    return cell.startswith("=")


def any_text(cell: str) -> str:
    return cell


def unchecked(cell: str) -> str:
    """Return a text of which another declaration says what it may be."""
    return cell


def shown_name(cell: str) -> str:
    """Return a name as it is shown."""
    return shown(cell)


def at_most(longest: int, parser: Parser[T]) -> Parser[T]:
    """Return the parser that takes no text or name, or one in a list, of more characters than ``longest``."""

    def parse(cell: str) -> T | Fault:
        value = parser(cell)
        names = value if isinstance(value, tuple) else (value,)
        too_long = any(isinstance(name, str) and len(name) > longest for name in names)
        return Fault("too-long", wanted=str(longest)) if too_long else value

    return parse


def name_list(cell: str) -> tuple[str, ...]:
    """Return the names of a list, however they are separated; none of an empty text."""
    return tuple(shown(part) for part in re.split(r"[、，,;；\n]", cell) if part.strip())


def whole_number(fault: str, least: int = 0, most: int = 999_999_999, unit: str = "") -> Parser[int]:
    """Return the parser of a whole number, behind which its unit may be written."""

    def parse(cell: str) -> int | Fault:
        digits = unicodedata.normalize("NFKC", cell).removesuffix(unit).strip()
        number = int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else -1
        return number if least <= number <= most else Fault(fault)

    return parse


def whole_number_or_text(cell: str) -> int | str:
    """Return the number that a text is, else the text as it is."""
    number = whole_number("")(cell)
    return cell if isinstance(number, Fault) else number


def counted_on(above: str) -> str:
    """Return what an empty number means: the one after that above, 1 in the first row."""
    number = whole_number("")(above or "0")
    return above if isinstance(number, Fault) else str(number + 1)


def percentage(fault: str) -> Parser[int]:
    """Return the parser of a whole percentage: 30, 30%, and 0.3 as a spreadsheet holds what shows 30%."""

    def parse(cell: str) -> int | Fault:
        digits = unicodedata.normalize("NFKC", cell).strip()
        if re.fullmatch(r"0?\.[0-9]{1,2}", digits):
            digits = str(int(Decimal(digits) * 100))
        return whole_number(fault, 1, 100, "%")(digits)

    return parse


def amount(fault: str) -> Parser[Decimal]:
    """Return the parser of points: above 0, two decimals at most, with or without 分."""

    def parse(cell: str) -> Decimal | Fault:
        digits = unicodedata.normalize("NFKC", cell).removesuffix("分").strip()
        number = Decimal(digits) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", digits) else Decimal(0)
        return number or Fault(fault)

    return parse


def amount_or_none_at_all(fault: str) -> Parser[Decimal]:
    """Return the parser of points from 0 on, two decimals at most."""

    def parse(cell: str) -> Decimal | Fault:
        zero = re.fullmatch(r"0(\.0{1,2})?", unicodedata.normalize("NFKC", cell).removesuffix("分").strip())
        return Decimal(0) if zero else amount(fault)(cell)

    return parse


_VETO_WORDS = {key(word): word for word in ("零分", "是")}


def veto(fault: str) -> Parser[Decimal | str | None]:
    """Return the parser of what fails a unit: 零分, 是, or the number that a score must reach."""

    def parse(cell: str) -> Decimal | str | None | Fault:
        return _VETO_WORDS.get(key(cell)) or optional(amount(fault))(cell)

    return parse


_NOT_IN_CHOICES = re.compile(r"[<>=*?~\"]")
"""What a formula that counts cells would take for more than the word."""


_NO_CHOICE = "不适用"
"""It has no score; whether it may be typed another column says."""


def choice_list(fault: str) -> Parser[tuple[tuple[str, Decimal], ...]]:
    """Return the parser of scores that may be chosen: 5、3、0, or with words 是=5、否=0."""

    def parse(cell: str) -> tuple[tuple[str, Decimal], ...] | Fault:
        found = [_choice(fault, part) for part in name_list(cell)]
        pairs = tuple(one for one in found if not isinstance(one, Fault))
        words, scores = {key(word) for word, _score in pairs}, {score for _word, score in pairs}
        fits = len(pairs) == len(found) == len(words) and len(scores) > 1 and Decimal(0) <= min(scores)
        return pairs if fits or not found else Fault(fault)

    return parse


def _choice(fault: str, text: str) -> tuple[str, Decimal] | Fault:
    """Return the word and the score of one choice; that of a number is the number."""
    word, given, number = unicodedata.normalize("NFKC", text).rpartition("=")
    score = amount_or_none_at_all(fault)(number.strip())
    if isinstance(score, Fault):
        return score
    number = f"{score.normalize():f}"
    word = shown(word) if given else number
    spelled = amount_or_none_at_all(fault)(word)
    if not isinstance(spelled, Fault):
        return (number, score) if spelled == score else Fault(fault)
    refused = not word or key(word) == _NO_CHOICE or _NOT_IN_CHOICES.search(word) or _is_taken_otherwise(word)
    return Fault(fault) if refused or len(word) > _LONGEST_CHOICE else (word, score)


_TAKEN_OTHERWISE = re.compile(
    r"[-+@#'].*|true|false|[0-9.,:/%+\-e$¥€()\s]*[0-9][0-9.,:/%+\-e$¥€()\s]*"
    r"|([0-9]{2,4}年)?[0-9]{1,2}月([0-9]{1,2}日)?|[0-9]{1,2}时([0-9]{1,2}分([0-9]{1,2}秒)?)?",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_CHOICE = 100
"""Characters; of a text in a formula Excel takes 255."""


def _is_taken_otherwise(word: str) -> bool:
    """Whether an office takes a typed word for a number, a date, a formula or the like, and so changes it."""
    return bool(_TAKEN_OTHERWISE.fullmatch(word))


def day(fault: str) -> Parser[date]:
    """Return the parser of a date: 2021-09-30, 2021/9/30, 2021.9.30 or 2021年9月30日."""

    def parse(cell: str) -> date | Fault:
        digits = unicodedata.normalize("NFKC", cell)
        match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", digits)
        try:
            return date(*map(int, match.groups())) if match else Fault(fault)
        except ValueError:
            return Fault(fault)

    return parse


def yes_or_no(fault: str) -> Parser[bool]:
    def parse(cell: str) -> bool | Fault:
        word = key(cell)
        return word in _YES if word in _YES | _NO else Fault(fault)

    return parse


def one_of(fault: str, values: Mapping[str, T]) -> Parser[T]:
    """Return the parser of a few words, each with the value that it means."""

    def parse(cell: str) -> T | Fault:
        return values.get(key(cell), Fault(fault))

    return parse


def matching(fault: str, pattern: str) -> Parser[str]:
    def parse(cell: str) -> str | Fault:
        return cell if re.fullmatch(pattern, cell) else Fault(fault)

    return parse


_NONE = "无"
"""What says that there is none, where an empty cell means something else."""
_LONGEST_WORD = 10
"""Characters of a word of a campaign's own."""
_NOT_IN_WORDS = re.compile(r"[\[\]:：*?/\\'{}\"]")


def short_word(cell: str) -> str | Fault:
    """Return a word of which texts and names of sheets and files are made."""
    word = shown(cell)
    return Fault("word-bad") if len(word) > _LONGEST_WORD or _NOT_IN_WORDS.search(word) else word


def short_word_or_none(cell: str) -> str | Fault:
    """Return such a word, "" of 无."""
    return "" if shown(cell) == _NONE else short_word(cell)


_OTHER_STATES = {"有误", "未报送", "填报不全", "重复待定", "待核定"}
"""What units without a verdict are called."""


def pair_of_words(fault: str) -> Parser[tuple[str, str]]:
    """Return the parser of two words, however they are separated.

    Neither is the beginning of the other, or what something else is called.
    """

    def parse(cell: str) -> tuple[str, str] | Fault:
        words = name_list(cell)
        apart = len(words) == 2 and not any(one.startswith(two) for one, two in (words, words[::-1]))
        fits = apart and not any(isinstance(short_word(word), Fault) for word in words)
        return (words[0], words[1]) if fits and not _OTHER_STATES & {*words} else Fault(fault)

    return parse


def mail_address(cell: str) -> str | Fault:
    """Return a mail address, or nothing as it is.

    One with something around it (``mailto:``, a name, a full stop) is a fault that says what to write: what
    stands there was perhaps typed on purpose.
    """
    if not cell or _EMAIL.fullmatch(cell):
        return cell
    typed = unicodedata.normalize("NFKC", cell)
    visible = "".join(c for c in typed if unicodedata.category(c) != "Cf")
    found = list(dict.fromkeys(_EMAIL.findall(visible)))
    if len(found) == 1:
        return Fault("email-not-alone", wanted=found[0])
    return Fault("email-several" if found else "email-bad")


def optional(parser: Parser[T]) -> Parser[T | None]:
    """Return the parser that takes an empty text for no value."""

    def parse(cell: str) -> T | None | Fault:
        return parser(cell) if cell else None

    return parse
