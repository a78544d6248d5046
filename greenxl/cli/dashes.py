"""Options typed with the dashes of a Chinese input method: ——force, －o."""

import os
import unicodedata
from collections.abc import Iterable

import click

from greenxl.i18n import _


def refuse_other_dashes(words: Iterable[str]) -> None:
    """Refuse what looks like an option but begins with another dash than the keyboard's hyphen.

    :raises click.UsageError: with the right spelling.
    """
    for word in words:
        right = _right_spelling(word)
        if right and not os.path.lexists(word):
            raise click.UsageError(
                _(
                    "“{word}” begins with a dash of the Chinese input method. "
                    "Switch the input to English and type: {right}"
                ).format(word=word, right=right)
            )


def _right_spelling(word: str) -> str | None:
    """Return an option with the keyboard's hyphens and letters, None where a word is none or is right."""
    bare = word.lstrip("".join({c for c in word if _is_dash(c)}))
    if not word.removesuffix(bare).strip("-"):
        return None
    name = "".join("-" if _is_dash(c) else c for c in unicodedata.normalize("NFKC", bare))
    option = name.partition("=")[0]
    if not (option.isascii() and option[:1].isalpha()):
        return None
    return f"-{name}" if len(option) == 1 else f"--{name}"


def _is_dash(character: str) -> bool:
    """Whether a character is one of Unicode's dashes, the hyphen-minus among them, or the minus sign."""
    return unicodedata.category(character) == "Pd" or character == "\u2212"
