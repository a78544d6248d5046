"""What a cell shows of its value in a number format, and of which kind that is (ECMA-376 part 1, 18.8.30-31).

A format code has up to four sections, of positive and negative numbers, zero and text, or such with
conditions of their own. What is shown is put together as Excel does; whether that is still the value is
read off the shown text, as a person would.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import IntEnum, auto
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from greenxl.workbooks.cells import Format, Value

GENERAL = "General"
UNKNOWN = "?unknown?"
"""Stands for the code of a format that the file does not give: what it shows is not known."""

MOST_SHOWN = 255
"""Characters of what is shown that are told."""
MOST_CODE = 1_000
"""Characters of a code that is understood (Excel takes 255)."""


class Epoch(IntEnum):
    """Where a workbook's dates are counted from."""

    FROM_1900 = auto()
    """1 is 1 January 1900, and the 60th day is a 29 February that there never was."""
    FROM_1904 = auto()
    """0 is 1 January 1904."""
    OPEN_DOCUMENT = auto()
    """0 is 30 December 1899."""


class Look(NamedTuple):
    """A value in a number format."""

    format: Format
    shown: str
    """'' where the value itself is shown, nothing is shown, or it is not known what."""
    value: Value
    """A date, a time or a duration where the format says so, else as it was."""


@lru_cache(maxsize=8192)
def number_look(code: str, value: float, epoch: Epoch = Epoch.FROM_1900) -> Look:
    """Return how a number looks in a format."""
    sections = _sections(code)
    if sections is None:
        return Look(Format.OTHER, "", value)
    section = _chosen(sections, value)
    if section is None:
        return Look(Format.OTHER, _TOO_WIDE, value)
    if section.is_date:
        return _date_look(section, value, epoch)
    if section.numerals:
        return Look(Format.OTHER, "", value)
    shown = _number_text(section, value)
    if shown is None:
        return Look(Format.OTHER, "", value)
    kind = _kind(shown, value)
    return Look(kind, "" if kind in (Format.PLAIN, Format.HIDDEN) else shown.strip()[:MOST_SHOWN], value)


@lru_cache(maxsize=1024)
def _text_pattern(code: str) -> tuple[str | None, ...] | None:
    """Return the parts around a text (None for the text itself); None where it is shown as it is."""
    sections = _sections(code)
    if not sections or sections[-1].condition != _TEXT:
        return None
    parts = tuple(None if part.kind == "@" else part.text for part in sections[-1].parts)
    return None if parts.count(None) == 1 and not "".join(filter(None, parts)).strip() else parts


def text_look(code: str, text: str) -> Look:
    """Return how a text looks in a format."""
    pattern = None if code == GENERAL else _text_pattern(code)
    if pattern is None or not text.strip():
        return Look(Format.PLAIN, "", text)
    shown = "".join(text[:MOST_SHOWN] if part is None else part for part in pattern[:MOST_SHOWN]).strip()
    kind = Format.HIDDEN if not shown else Format.PERCENT if _PERCENT.search(shown) else Format.OTHER
    return Look(kind, shown[:MOST_SHOWN], text)


_BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: "\\¥#,##0;\\¥\\-#,##0", 6: "\\¥#,##0;[Red]\\¥\\-#,##0",
    7: "\\¥#,##0.00;\\¥\\-#,##0.00", 8: "\\¥#,##0.00;[Red]\\¥\\-#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d\\-mmm\\-yy", 16: "d\\-mmm", 17: "mmm\\-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m\\-d\\-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', 42: '_(\\¥* #,##0_);_(\\¥* (#,##0);_(\\¥* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_(\\¥* #,##0.00_);_(\\¥* (#,##0.00);_(\\¥* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""The codes that no file spells out, as a Chinese Excel has them (ECMA-376 part 1, 18.8.30)."""


def built_in(number: int) -> str:
    """Return the code of a built-in format."""
    return _BUILT_IN.get(number, UNKNOWN)


def kept_code(code: str) -> str:
    """Return a code that may be kept: one that is too long to be understood is unknown anyway."""
    return code if len(code) <= MOST_CODE else UNKNOWN


# A code to its sections.


class _Part(NamedTuple):
    kind: str
    """``text``, ``digit``, ``point``, ``comma``, ``percent``, ``exponent``, ``slash``, ``general``, ``@``, or
    ``date``."""
    text: str


_TEXT = "@"
"""The condition of the section of texts."""


@dataclass(frozen=True, slots=True)
class _Section:
    parts: tuple[_Part, ...]
    condition: str
    """'' (any number), ``>=0``, …, or ``@``."""
    is_date: bool
    numerals: bool
    """Whether the digits are written in another script."""
    chinese: bool
    unsigned: bool
    """Whether a negative number is shown without its sign."""


_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _(?P<pad>.)
    | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>general|g/通用格式)
    | (?P<exponent>e[+-])
    | (?P<noon>am/pm|a/p|上午/下午)
    | (?P<date>y+|m+|d+|h+|s+|e+|g+|a{3,}|b+|r+)
    | (?P<digit>[0\#?])
    | (?P<other>.)
    """,
    re.X | re.I | re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]+)?)", re.I)
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|color\s*\d{1,2}|[黑蓝青绿洋红白黄]+色?|颜色\s*\d{1,2}",
    re.I,
)
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_LOCALE = re.compile(r"\$([^-\]]*)(?:-([0-9A-F]{1,8})(?:,[0-9A-F]+)?)?", re.I)
_SIGNS = {"0": "digit", "#": "digit", "?": "digit", ".": "point", ",": "comma", "%": "percent", "/": "slash"}


_SYSTEM = {"[$-F800]": 'yyyy"年"m"月"d"日"', "[$-F400]": "h:mm:ss"}
"""The long date and the time as the system has them: those of a Chinese Windows."""


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...] | None:
    """Return the sections of a code, None where it is not understood."""
    if code == UNKNOWN or len(code) > MOST_CODE:
        return None
    code = next((text for mark, text in _SYSTEM.items() if mark in code.upper()), code)
    read = [_section(text) for text in _split(code)]
    sections = [section for section in read if section is not None]
    if len(sections) < len(read) or len(sections) > 4:
        return None
    return tuple(_conditioned(sections))


def _split(code: str) -> list[str]:
    """Return the texts between the semicolons that are no letters."""
    texts, start = [], 0
    for token in _TOKEN.finditer(code):
        if token["other"] == ";":
            texts.append(code[start : token.start()])
            start = token.end()
    return [*texts, code[start:]]


def _section(text: str) -> _Section | None:
    parts: list[_Part] = []
    condition, numerals, chinese = "", False, False
    for token in _TOKEN.finditer(text):
        bracket = token["bracket"]
        if bracket is None:
            part = _part(token)
            if part is None:
                return None
            parts.append(part)
        elif match := _CONDITION.fullmatch(bracket):
            condition = match[1] + match[2]
        elif match := _LOCALE.fullmatch(bracket):
            locale = int(match[2] or "0", 16)
            parts.append(_Part("text", match[1]))
            numerals = numerals or locale >> 24 > 1
            chinese = chinese or locale & 0xFFFF in (0x804, 0x404, 0xC04, 0x1004)
        elif bracket.lower().startswith("dbnum"):
            numerals = True
        elif _ELAPSED.fullmatch(bracket):
            parts.append(_Part("date", f"[{bracket.lower()}]"))
        elif not _COLOUR.fullmatch(bracket):
            return None
    is_date = any(part.kind == "date" for part in parts)
    if is_date and any(part.kind in ("general", "@", "percent", "exponent") for part in parts):
        return None
    return _Section(tuple(parts), condition, is_date, numerals, chinese, unsigned=False)


def _part(token: re.Match[str]) -> _Part | None:
    kind, text = token.lastgroup or "", token[token.lastgroup or 0]
    if kind in ("quoted", "escaped"):
        return _Part("text", text)
    if kind == "pad":
        return _Part("text", " ")
    if kind == "fill":
        return _Part("text", "")
    if kind in ("noon", "date"):
        return _Part("date", text.lower())
    if kind in ("general", "exponent", "digit"):
        return _Part(kind, text)
    if text == "@":
        return _Part("@", text)
    if kind in _SIGNS or text in _SIGNS:
        return _Part(_SIGNS[text], text)
    # Letters outside quotes are an error to Excel; signs and letters of other scripts are not.
    return None if text.isascii() and text.isalpha() and text not in "xXnN" else _Part("text", text)


def _conditioned(sections: Sequence[_Section]) -> list[_Section]:
    """Return the sections with the condition of each: those of numbers first, that of texts last."""
    texts = [s for s in sections[-1:] if len(sections) == 4 or any(p.kind == "@" for p in s.parts)]
    if texts and len(sections) == 1:
        # A lone section with a place for the text shows numbers as they are.
        plain = any(part.kind == "@" for part in sections[0].parts)
        numbers = [_with(sections[0], "", parts=_as_general(sections[0].parts))] if plain else list(sections)
    else:
        numbers = list(sections[: len(sections) - len(texts)])
    if not any(section.condition for section in numbers):
        defaults = {1: [""], 2: [">=0", ""], 3: [">0", "<0", ""]}[len(numbers)]
        numbers = [_with(section, condition) for section, condition in zip(numbers, defaults, strict=True)]
    else:
        numbers = _partly_conditioned(numbers)
    signed = [_with(s, s.condition, unsigned=_only_negative(numbers, at)) for at, s in enumerate(numbers)]
    return [*signed, *(_with(section, _TEXT) for section in texts)]


def _partly_conditioned(numbers: Sequence[_Section]) -> list[_Section]:
    """Return sections some of which have conditions: the second without one is for negative numbers."""
    found = []
    for at, section in enumerate(numbers):
        own = section.condition
        if not own and at + 1 < len(numbers):
            own = ">0" if at == 0 and len(numbers) == 3 else ">=0" if at == 0 else "<0"
        found.append(_with(section, own))
    return found


def _as_general(parts: Sequence[_Part]) -> tuple[_Part, ...]:
    return tuple(_Part("general", "") if part.kind == "@" else part for part in parts)


def _with(
    section: _Section, condition: str, *, unsigned: bool = False, parts: tuple[_Part, ...] | None = None
) -> _Section:
    return _Section(
        parts=section.parts if parts is None else parts,
        condition=condition,
        is_date=section.is_date,
        numerals=section.numerals,
        chinese=section.chinese,
        unsigned=unsigned,
    )


def _only_negative(numbers: Sequence[_Section], at: int) -> bool:
    """Whether only negative numbers come to this section, so that it says itself how they are marked."""
    condition = numbers[at].condition
    if condition:
        return condition in ("<0", "<=0") or condition.startswith(("<-", "<=-", "=-"))
    return at == 1 and numbers[0].condition in (">=0", ">0")


def _chosen(sections: Sequence[_Section], value: float) -> _Section | None:
    numbers = [section for section in sections if section.condition != _TEXT]
    return next((s for s in numbers if not s.condition or _holds(s.condition, value)), None)


def _holds(condition: str, value: float) -> bool:
    match = _CONDITION.fullmatch(condition)
    bound = float(match[2]) if match else 0.0
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[match[1] if match else "="]


# What is shown, back to what it says.

_TOO_WIDE = "########"
_NUMBER_SHOWN = re.compile(r"(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?", re.I)
_PERCENT = re.compile("[%％﹪‰]")
_MINUS = re.compile("[-−－(（]")


def _kind(shown: str, value: float) -> Format:
    if not shown.strip():
        return Format.HIDDEN
    if _PERCENT.search(shown):
        return Format.PERCENT
    found = _NUMBER_SHOWN.findall(shown)
    if len(found) != 1 or bool(_MINUS.search(shown.replace(found[0], ""))) != (value < 0):
        return Format.OTHER
    number, exact = Decimal(found[0].replace(",", "")), abs(_decimal(value))
    if number == exact:
        return Format.PLAIN
    exponent = int(number.as_tuple().exponent)
    return Format.ROUNDED if number == _rounded(exact, -exponent) and exponent <= 0 else Format.OTHER


def _decimal(value: float) -> Decimal:
    """Return a number to the 15 digits that an office knows."""
    return Decimal(f"{value:.15g}")


def _rounded(value: Decimal, decimals: int) -> Decimal:
    if value.adjusted() + decimals > _MOST_DIGITS:
        return value
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


_MOST_DIGITS = 25
"""Of a number that is written out: beyond, all are zeros."""


# Numbers.


def _number_text(section: _Section, value: float) -> str | None:
    """Return what is shown of a number, None where it is not known."""
    parts, number = section.parts, abs(_decimal(value))
    kinds = {part.kind for part in parts}
    if "slash" in kinds and "digit" in kinds:
        body, rounded = _fraction_text(parts, number), number
    elif "exponent" in kinds:
        body, rounded = _scientific_text(parts, number), number
    elif "general" in kinds:
        body, rounded = _general_text(parts, number), number
    else:
        rounded = _rounded(_scaled(parts, number), len(_places(parts)[1]))
        body = _plain_text(parts, rounded)
    signed = value < 0 and rounded and not section.unsigned
    return f"-{body}" if signed and body is not None else body


def _general_text(parts: Sequence[_Part], number: Decimal) -> str | None:
    kinds = [part.kind for part in parts]
    if kinds.count("general") > 1 or "digit" in kinds or "point" in kinds:
        return None
    return "".join(_general(number) if part.kind == "general" else part.text for part in parts)


def _plain_text(parts: Sequence[_Part], rounded: Decimal) -> str:
    whole, decimals, _exponent = _places(parts)
    if not (whole or decimals):
        return "".join(part.text for part in parts if part.kind in ("text", "percent", "slash"))
    before, _point, behind = f"{rounded:f}".partition(".")
    before = "" if before == "0" else before
    grouped = bool(whole) and any(part.kind == "comma" for part in parts[whole[0] : whole[-1]])
    texts = {
        **_whole_digits(parts, whole, before, grouped),
        **_decimal_digits(parts, decimals, behind),
    }
    lone = "" if whole else before  # ".00" shows 1.5 as 1.50
    return "".join(_shown(part, at, texts, lone) for at, part in enumerate(parts))


def _shown(part: _Part, at: int, digits: dict[int, str], lone: str) -> str:
    if part.kind == "digit":
        return digits.get(at, "")
    if part.kind == "point":
        return lone + "."
    return part.text if part.kind in ("text", "percent", "slash") else ""


def _general(number: Decimal) -> str:
    return f"{number.normalize():f}" if -5 <= number.adjusted() <= 20 else f"{number.normalize():E}"


def _scaled(parts: Sequence[_Part], number: Decimal) -> Decimal:
    """Return the number as percent signs and the commas behind its last places make it."""
    whole, decimals, _exponent = _places(parts)
    commas = sum(_commas(parts, last) for last in {*whole[-1:], *decimals[-1:]})
    return number.scaleb(2 * sum(part.kind == "percent" for part in parts) - 3 * commas)


def _commas(parts: Sequence[_Part], last: int) -> int:
    """Return how many commas stand right behind a place."""
    behind = parts[last + 1 :]
    return next((at for at, part in enumerate(behind) if part.kind != "comma"), len(behind))


def _places(parts: Sequence[_Part]) -> tuple[list[int], list[int], list[int]]:
    """Return where the places before the point, behind it and of the exponent are."""
    found: tuple[list[int], list[int], list[int]] = ([], [], [])
    stage = 0
    for at, part in enumerate(parts):
        if part.kind == "point" and stage == 0:
            stage = 1
        elif part.kind == "exponent":
            stage = 2
        elif part.kind == "digit":
            found[stage].append(at)
    return found


_EMPTY = {"0": "0", "#": "", "?": " "}


def _whole_digits(parts: Sequence[_Part], places: list[int], digits: str, grouped: bool) -> dict[int, str]:
    """Return what stands at each place before the point: the first takes all that is left over."""
    texts: dict[int, str] = {}
    count = 0
    for place in reversed(places):
        take = digits if place == places[0] else digits[-1:]
        digits = digits[: len(digits) - len(take)]
        text = ""
        for digit in reversed(take or _EMPTY[parts[place].text]):
            text = digit + ("," if grouped and count and count % 3 == 0 and digit != " " else "") + text
            count += 1
        texts[place] = text
    return texts


def _decimal_digits(parts: Sequence[_Part], places: list[int], digits: str) -> dict[int, str]:
    kept = len(digits.rstrip("0"))
    return {
        place: digit if at < kept else _EMPTY[parts[place].text]
        for at, (place, digit) in enumerate(zip(places, digits, strict=False))
    }


def _scientific_text(parts: Sequence[_Part], number: Decimal) -> str | None:
    whole, decimals, exponents = _places(parts)
    if not whole or not exponents:
        return None
    width = len(whole)
    exponent = number.adjusted() if number else 0
    exponent = exponent // width * width if width > 1 else exponent
    mantissa = _rounded(number.scaleb(-exponent), len(decimals))
    if mantissa.adjusted() >= width:
        exponent += width
        mantissa = _rounded(number.scaleb(-exponent), len(decimals))
    digits = f"{mantissa:f}".partition(".")
    texts = {
        **_whole_digits(parts, whole, "" if digits[0] == "0" else digits[0], False),
        **_decimal_digits(parts, decimals, digits[2]),
        **_whole_digits(parts, exponents, str(abs(exponent)), False),
    }
    sign = (
        "-"
        if exponent < 0
        else "+"
        if any(p.text.endswith("+") for p in parts if p.kind == "exponent")
        else ""
    )
    shown = (
        f"E{sign}" if part.kind == "exponent" else _shown(part, at, texts, "")
        for at, part in enumerate(parts)
    )
    return "".join(shown)


def _fraction_text(parts: Sequence[_Part], number: Decimal) -> str | None:
    """Return a number as a fraction: ``# ?/?``, ``?/?`` or ``# ?/8``."""
    code = "".join(part.text if part.kind in ("digit", "slash", "text") else "\0" for part in parts)
    match = re.fullmatch(
        r"(?P<whole>[#0?,]+ +)?(?P<over>[#0?]+) */ *(?P<under>[#0?]+|[1-9][0-9]{0,4})(?P<end>\D*)", code
    )
    if not match:
        return None
    exact = Fraction(number)
    whole, rest = divmod(exact, 1) if match["whole"] else (0, exact)
    under = match["under"]
    if under.isdigit() and under.strip("0"):
        denominator = int(under)
        numerator = int(_rounded(Decimal(rest.numerator * denominator) / rest.denominator, 0))
    else:
        near = rest.limit_denominator(10 ** min(len(under), 5) - 1)
        numerator, denominator = near.numerator, near.denominator
    if match["whole"] and numerator == denominator:
        whole, numerator = whole + 1, 0
    fraction = f"{numerator}/{denominator}"
    if not match["whole"]:
        return fraction + match["end"]
    if numerator == 0:
        return f"{whole}{match['end']}"
    return (f"{whole} {fraction}" if whole or "0" in match["whole"] else fraction) + match["end"]


# Dates and times.

_LAST_SERIAL = 2_958_465
"""31 December 9999, the last date of an office."""
_LEAP_BUG = 60
"""29 February 1900, which there never was, in workbooks that count from 1900."""
_1904 = 1462
"""Days between the two date systems of Excel."""
_WEEKDAYS = "一二三四五六日"
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


class _Day(NamedTuple):
    """A day as it is shown; that of the number 0 is the 0th of January, that of 60 the 29th of February."""

    year: int
    month: int
    day: int
    weekday: int
    """From Monday, counted from 0."""


def _day(serial: int, epoch: Epoch) -> _Day | None:
    days = serial + _1904 if epoch is Epoch.FROM_1904 else serial
    if epoch is not Epoch.OPEN_DOCUMENT:
        if days in (0, _LEAP_BUG):
            return _Day(1900, 1, 0, 5) if days == 0 else _Day(1900, 2, 29, 2)
        if days < _LEAP_BUG:
            early = date(1899, 12, 31) + timedelta(days)
            return _Day(early.year, early.month, early.day, (days + 5) % 7)
    try:
        day = date(1899, 12, 30) + timedelta(days)
    except OverflowError:
        return None
    return _Day(day.year, day.month, day.day, day.weekday())


def date_value(serial: float, epoch: Epoch, *, elapsed: bool = False) -> Value:
    """Return the date, time or duration of a serial number, the number itself where no calendar has it."""
    if abs(serial) > _LAST_SERIAL:
        return serial
    days, rest = divmod(round(serial * _TICKS), _TICKS)  # as near as an office keeps moments apart
    of_day = timedelta(microseconds=rest * 100)
    if elapsed:
        return timedelta(days) + of_day
    if days == 0 and epoch is not Epoch.FROM_1904:
        return (datetime.min + of_day).time()
    day = _day(days, epoch)
    if day is None or days < 0 and epoch is not Epoch.OPEN_DOCUMENT:
        return serial
    try:
        found = datetime(day.year, day.month, day.day) + of_day
    except ValueError:
        return serial
    return found if rest else found.date()


_TICKS = 864_000_000
"""Tenths of a millisecond in a day."""


def _date_look(section: _Section, value: float, epoch: Epoch) -> Look:
    codes = [part.text for part in section.parts if part.kind == "date"]
    elapsed = any(code.startswith("[") for code in codes)
    if value > _LAST_SERIAL or value < 0 and (epoch is Epoch.FROM_1900 or not elapsed):
        return Look(Format.DATE, _TOO_WIDE, value)
    shown = "" if section.numerals else _date_text(section, value, epoch, codes)
    return Look(Format.DATE, shown, date_value(value, epoch, elapsed=elapsed))


def _date_text(section: _Section, value: float, epoch: Epoch, codes: Sequence[str]) -> str:
    """Return what is shown of a moment, '' where that is not known."""
    places = _second_places(section.parts)
    unit = 86400 * 10**places
    exact = _decimal(abs(value)) * unit
    seconds = any(code.strip("[]") in ("s", "ss") for code in codes)
    # Seconds are rounded where they are shown; minutes are not.
    ticks = (
        int(_rounded(exact, 0)) if seconds else int((exact + Decimal("0.0005")).to_integral_value(ROUND_DOWN))
    )
    day = _day(ticks // unit, epoch)
    if any(code[0] == "g" for code in codes) or day is None:
        return ""
    pieces = [_date_piece(section, at, day, ticks, places, codes) for at in range(len(section.parts))]
    return ("-" if value < 0 else "") + "".join(pieces).strip()


def _second_places(parts: Sequence[_Part]) -> int:
    """Return how many decimals of the second are shown."""
    for at, part in enumerate(parts):
        if part.kind == "point" and at and parts[at - 1].text.strip("[]") in ("s", "ss"):
            count = 0
            while at + 1 + count < len(parts) and parts[at + 1 + count].text == "0":
                count += 1
            return min(count, 6)
    return 0


def _date_piece(section: _Section, at: int, day: _Day, ticks: int, places: int, codes: Sequence[str]) -> str:
    """Return what one part of a section shows; ``ticks`` are seconds, or what ``places`` makes of them."""
    part = section.parts[at]
    seconds = ticks // int(10**places)
    if part.kind == "digit":
        return _second_digit(section.parts, at, ticks, places)
    if part.kind != "date":
        return part.text
    code = part.text
    if code.startswith("["):
        return f"{seconds // {'h': 3600, 'm': 60, 's': 1}[code[1]]:0{len(code) - 2}d}"
    if "/" in code:
        return code.upper().split("/")[seconds % 86400 >= 43200]
    if code[0] in "hs" or code[0] == "m" and _is_minute(section.parts, at):
        return f"{_clock(code[0], seconds % 86400, any('/' in c for c in codes)):0{min(len(code), 2)}d}"
    return _calendar_piece(code, day, section.chinese)


def _second_digit(parts: Sequence[_Part], at: int, ticks: int, places: int) -> str:
    point = max((where for where in range(at) if parts[where].kind == "point"), default=at)
    which = at - point - 1
    return f"{ticks % 10**places:0{places}d}"[which : which + 1] if 0 <= which < places else ""


def _clock(letter: str, seconds: int, twelve: bool) -> int:
    if letter == "h":
        hour = seconds // 3600
        return (hour - 1) % 12 + 1 if twelve else hour
    return seconds // 60 % 60 if letter == "m" else seconds % 60


def _calendar_piece(code: str, day: _Day, chinese: bool) -> str:
    letter, length = code[0], len(code)
    if letter == "a" or letter == "d" and length > 2 and chinese:
        return ("周" if length == 3 else "星期") + _WEEKDAYS[day.weekday]
    if letter == "d" and length > 2:
        return _ENGLISH_DAYS[day.weekday][: 3 if length == 3 else None]
    if letter == "m" and length > 2:
        return f"{day.month}月" if chinese else _ENGLISH_MONTHS[day.month - 1][: {3: 3, 5: 1}.get(length)]
    if letter in "yb":
        year = day.year + 543 if letter == "b" else day.year
        return f"{year % 100:02d}" if length < 3 else f"{year:04d}"
    if letter in "er":
        return str(day.year)
    return f"{day.day if letter == 'd' else day.month:0{min(length, 2)}d}"


def _is_minute(parts: Sequence[_Part], at: int) -> bool:
    """Whether an ``m`` stands behind hours or before seconds."""
    if len(parts[at].text) > 2:
        return False
    dates = [where for where, part in enumerate(parts) if part.kind == "date" and "/" not in part.text]
    index = dates.index(at)
    before = parts[dates[index - 1]].text.strip("[]") if index else ""
    behind = parts[dates[index + 1]].text.strip("[]") if index + 1 < len(dates) else ""
    return before.startswith("h") or behind.startswith("s")


_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?Z?|T?\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?", re.A
)


def iso_value(text: str) -> date | datetime | time:
    """Return the date, moment or time of an ISO 8601 text, which is without a zone where the file is.

    :raises ValueError: it is none.
    """
    if not _ISO.fullmatch(text):
        raise ValueError(text)
    plain = text.removesuffix("Z")
    if "-" not in plain:
        return time.fromisoformat(plain)
    return datetime.fromisoformat(plain) if "T" in plain else date.fromisoformat(plain)


def moment_shown(code: str, moment: date | time) -> str:
    """Return how a date, a moment or a time looks in a format, '' where that is none of dates."""
    if isinstance(moment, time):
        moment = datetime.combine(_NO_DAY, moment)
    elif not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    serial = (moment - datetime.combine(_NO_DAY, time())) / timedelta(days=1)
    look = number_look(code, serial, Epoch.OPEN_DOCUMENT)
    return look.shown if look.format is Format.DATE else ""


_NO_DAY = date(1899, 12, 30)
"""The day 0."""
