"""Names as people write them: compared as keys, shown clean, safe as file and sheet names."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

_RESERVED = {"CON", "PRN", "AUX", "NUL"} | {f"{p}{n}" for p in ("COM", "LPT") for n in range(1, 10)}
SHEET_NAME_LENGTH = 31
FILE_NAME_LENGTH = 80
_FILE_NAME_BYTES = 240
"""File systems take 255 with the extension and the number of a second file."""


_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories of what moves a cursor, rings, turns writing round or is no character at all."""
QUOTED_LENGTH = 60
"""Characters that a message quotes."""


LONGEST_REMEMBERED = 1_000
"""Characters; returns may hold thousands of texts of 32,767, whose keys are up to eighteen times as long."""

T = TypeVar("T")


def remembered(most: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Return a decorator of a function of a text that keeps what it made of the last short ones."""

    def decorator(function: Callable[[str], T]) -> Callable[[str], T]:
        cached = lru_cache(maxsize=most)(function)

        def remembering(text: str) -> T:
            return cached(text) if len(text) <= LONGEST_REMEMBERED else function(text)

        remembering.__doc__ = function.__doc__
        return remembering

    return decorator


def clean(text: str) -> str:
    """Return a text fit for people's eyes: what none of them can see is shown as U+FFFD.

    The door for every text that comes from a file or a mail and goes to a console, a workbook, a comment,
    a mail or a file name. Line breaks and tabs stay.
    """
    if text.isprintable():
        return text
    return "".join(
        "\ufffd" if unicodedata.category(c) in _UNSEEN and c not in "\n\t" else c
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
    )


def seen(text: str) -> str:
    """Return a text without the marks that nobody sees or types, as chats and web pages leave them."""
    return text if text.isprintable() else "".join(c for c in text if unicodedata.category(c) != "Cf")


def quoted(text: str) -> str:
    """Return a text as a message quotes it: in one line, cut at 60 characters."""
    line = " ".join(text[: 10 * QUOTED_LENGTH].split("\n")).strip()
    return line if len(line) <= QUOTED_LENGTH else line[: QUOTED_LENGTH - 1] + "…"


_ORDINAL = re.compile(r"[A-Za-z]*[0-9]+(?:[.-][A-Za-z0-9]+)*|[一二三四五六七八九十百]+")
"""The number of a criterion of which one can speak as 第7条."""


def is_ordinal(label: str) -> bool:
    """Whether what a form prints as a criterion's number is one: 7, 1.1, C12, 三; not 否1 or 一、1."""
    return bool(_ORDINAL.fullmatch(unicodedata.normalize("NFKC", label)))


@remembered(1024)
def key(name: str) -> str:
    """Return what two spellings of one name share: NFKC, no space of any kind, no case.

    The roster's 「索  镇」 (two no-break spaces) and 「索镇」 have the same key. Cached, since every
    sheet of a round repeats the same criteria and labels.
    """
    normal = unicodedata.normalize("NFKC", name)
    return "".join(c for c in normal if not c.isspace() and unicodedata.category(c) != "Cf").casefold()


def shown(name: str) -> str:
    """Return a name as it is shown: without white space at its edges or between its Chinese characters."""
    name = " ".join(name.split())
    return re.sub(r"(?<=[\u3400-\u9fff（）]) (?=[\u3400-\u9fff（）])", "", name)


def one_line(text: str) -> str:
    """Return a text without its line breaks, as a group's name stands outside the form."""
    return "".join(part.strip() for part in text.splitlines())


def bare(label: str) -> str:
    """Return a heading in one line, without what stands in brackets at its end (「标准分（100分）」)."""
    line = one_line(label)
    return re.sub(r"[（(][^（()）]*[)）]$", "", line) or line


def joined(*names: str, between: str = "") -> str:
    """Return names one after the other, without those that only repeat another."""
    return between.join({key(name): name for name in names if name}.values())


def safe_file_name(name: str) -> str:
    """Return a name that Windows accepts for a file, short enough for any path."""
    name = re.sub(r'[\n\t<>:"/\\|?*\ufffd]', "_", clean(name))
    name = name[:FILE_NAME_LENGTH].encode()[:_FILE_NAME_BYTES].decode(errors="ignore")
    name = name.strip(" .") or "_"
    return f"_{name}" if name.split(".")[0].upper() in _RESERVED else name


def unique_sheet_names(names: Iterable[str]) -> list[str]:
    """Return sheet names that Excel accepts, in the order of ``names`` and told apart by a number.

    Excel: at most 31 characters, none of ``[]:*?/\\``, no apostrophe at an edge, not ``History``,
    unique without regard to case.
    """
    taken = {"history"}
    result = []
    for name in names:
        safe = re.sub(r"[\[\]:*?/\\\n\t\ufffd]", "_", clean(name))
        base = safe[:SHEET_NAME_LENGTH].strip().strip("'") or "_"
        candidate, count = base, 1
        while candidate.casefold() in taken:
            count += 1
            tail = f"({count})"
            candidate = base[: SHEET_NAME_LENGTH - len(tail)] + tail
        taken.add(candidate.casefold())
        result.append(candidate)
    return result
