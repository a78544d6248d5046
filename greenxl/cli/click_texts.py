"""What click prints of help and of wrong use, in the words and the widths of our language.

Its messages come from locale/…/click.po; here is what those cannot reach: placeholders, Python's quotes,
half-width colons, the columns that Chinese characters take, and types whose messages are for programmers.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from greenxl.i18n import N_, _, translate

_LAST_PORT = 65535
_PLACEHOLDERS = (
    N_("ADDRESS"), N_("ARGS"), N_("CAMPAIGN"), N_("COMMAND"), N_("DATE"), N_("DIR"), N_("FILE"), N_("KIND"),
    N_("NAME"), N_("NUMBER"), N_("OLD"), N_("OPTIONS"), N_("PATTERN"), N_("PORT"), N_("RETURNS"), N_("YEAR"),
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\b(?:" + "|".join(_PLACEHOLDERS) + r")\b")


if TYPE_CHECKING:  # generic for type checkers; click 8.1 knows no parameters
    _IntType = click.ParamType[int]
    _TextChoice = click.Choice[str]
else:
    _IntType = click.ParamType
    _TextChoice = click.Choice


class Day(click.DateTime):
    """A date like 2021-09-30."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(_("“{value}” is not a date. Write it like 2021-09-30.").format(value=value), param, ctx)


class Year(_IntType):
    """A year of four digits."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not re.fullmatch(r"(19|[2-9]\d)\d\d", str(value)):
            message = _("“{value}” is not a year. Give four digits, such as 2021.")
            self.fail(message.format(value=value), param, ctx)
        return int(value)


class ProcessCount(_IntType):
    """A number of processes."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not re.fullmatch(r"[1-9][0-9]{0,2}", str(value)):
            message = _("“{value}” is not a number of processes. Give one from 1 to 999.")
            self.fail(message.format(value=value), param, ctx)
        return int(value)


class Port(_IntType):
    """A port of this computer; 0 is any that is free."""

    name = "port"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not (re.fullmatch(r"[0-9]{1,5}", str(value)) and int(value) <= _LAST_PORT):
            message = _("“{value}” is not a port. Give a number from 1024 to 65535.")
            self.fail(message.format(value=value), param, ctx)
        return int(value)


class OneOf(_TextChoice):
    """One of a few words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            message = _("“{value}” is not possible here. Choose one of: {choices}.")
            self.fail(message.format(value=value, choices=_listed(self.choices)), param, ctx)


def _listed(words: Iterable[str]) -> str:
    return _(", ").join(words)


def put_into_words(command: click.Command) -> None:
    """Let a command and those below it show placeholders and help pages in our language."""
    command.context_class = _Context
    command.options_metavar = _placeholders("[OPTIONS]")
    for parameter in command.params:
        parameter.metavar = _placeholders(parameter.metavar) if parameter.metavar else None
    if isinstance(command, click.Group):
        command.subcommand_metavar = _placeholders("COMMAND [ARGS]...")
        for inner in command.commands.values():
            put_into_words(inner)


def _placeholders(text: str) -> str:
    return _PLACEHOLDER.sub(lambda found: translate(found[0]), text)


@contextmanager
def plain_wrong_use() -> Iterator[None]:
    """Raise what click finds wrong in a command line as one plain sentence."""
    try:
        yield
    except click.UsageError as error:
        message = _sentence(error)
        if message is None:
            raise
        raise click.UsageError(message, error.ctx) from error


def _sentence(error: click.UsageError) -> str | None:
    """Return what is wrong, None where click's own sentence will do."""
    if isinstance(error, click.MissingParameter) and error.param:
        return _missing(error.param)
    if isinstance(error, click.BadParameter) and error.param:
        return _("{where}: {what}").format(where=_name(error.param), what=error.message)
    message = error.message
    if isinstance(error, click.NoSuchOption):
        message = _("There is no option “{name}”.").format(name=error.option_name)
    near = getattr(error, "possibilities", None)
    if near:
        return _("{sentence} Did you mean {choices}?").format(sentence=message, choices=_listed(near))
    return message if message != error.message else None


def _missing(parameter: click.Parameter) -> str:
    name = _name(parameter)
    if isinstance(parameter.type, click.Choice):
        message = _("{name} is missing. Choose one of: {choices}.")
        return message.format(name=name, choices=_listed(map(str, parameter.type.choices)))
    return _("{name} is missing.").format(name=name)


def _name(parameter: click.Parameter) -> str:
    """Return an option as it is typed, an argument as the usage line calls it."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return (parameter.metavar or parameter.human_readable_name).strip("[].")


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


class _HelpPage(click.HelpFormatter):
    """click's own page for characters of one or two columns."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or _("Usage: "))

    def write_heading(self, heading: str) -> None:
        self.write(_("{heading}:").format(heading=heading) + "\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if number else "")
            for line in _wrapped(paragraph, self.width - self.current_indent):
                self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        left = min(max(_columns(term) for term, _text in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, text in rows:
            fits = _columns(term) <= left - col_spacing
            first, *more = _wrapped(text, self.width - left - 2) or [""]
            between = " " * (left - _columns(term)) if fits else f"\n{indent}{' ' * left}"
            self.write(f"{indent}{term}{between}{first}".rstrip() + "\n")
            self.write("".join(f"{indent}{' ' * left}{line}\n" for line in more))


class _Context(click.Context):
    formatter_class = _HelpPage


_UNBREAKABLE = re.compile(
    r"\s+|[（“「\[]*(?:[\u2e80-\u9fff\uff10-\uff5a]|[^\s\u2e80-\u9fff\uff00-\uffef（“「]+)[，。；：、？！）”」\]]*|."
)
"""A space, a Chinese character or a word, with the marks that may not begin or end a line."""


def _wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a paragraph; what has one line of ``width`` columns too little gets another."""
    lines = [""]
    for piece in _UNBREAKABLE.findall(" ".join(text.split())):
        if _columns(lines[-1] + piece.rstrip()) > width and lines[-1]:
            lines.append("")
        lines[-1] += piece if lines[-1] or not piece.isspace() else ""
    return [line.rstrip() for line in lines if line.strip()]


def _columns(text: str) -> int:
    return len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)
