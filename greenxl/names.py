"""Names as people write them: compared as keys, shown clean, safe as file and sheet names."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_RESERVED = {"CON", "PRN", "AUX", "NUL"} | {f"{p}{n}" for p in ("COM", "LPT") for n in range(1, 10)}
SHEET_NAME_LENGTH = 31
FILE_NAME_LENGTH = 80


@lru_cache(maxsize=1024)
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


def safe_file_name(name: str) -> str:
    """Return a name that Windows accepts for a file, short enough for any path."""
    name = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]', "_", name)
    name = name[:FILE_NAME_LENGTH].strip(" .") or "_"
    return f"_{name}" if name.split(".")[0].upper() in _RESERVED else name


def unique_sheet_names(names: Iterable[str]) -> list[str]:
    """Return sheet names that Excel accepts, in the order of ``names`` and told apart by a number.

    Excel: at most 31 characters, none of ``[]:*?/\\``, no apostrophe at an edge, not ``History``,
    unique without regard to case.
    """
    taken = {"history"}
    result = []
    for name in names:
        base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", name)[:SHEET_NAME_LENGTH].strip().strip("'") or "_"
        candidate, count = base, 1
        while candidate.casefold() in taken:
            count += 1
            tail = f"({count})"
            candidate = base[: SHEET_NAME_LENGTH - len(tail)] + tail
        taken.add(candidate.casefold())
        result.append(candidate)
    return result
