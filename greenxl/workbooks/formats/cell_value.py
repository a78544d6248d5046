"""What stands in a cell of Office Open XML to its value and its marks (ECMA-376 part 1, 18.18.11)."""

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from greenxl.names import remembered
from greenxl.workbooks.cells import PLAIN, Format, Marks, Struck, Value
from greenxl.workbooks.formats.number_format import Epoch, iso_value, moment_shown, number_look, text_look
from greenxl.workbooks.formats.rich_text import Rich, Text, struck_runs
from greenxl.workbooks.formats.shared_strings import unescaped
from greenxl.workbooks.formats.spreadsheet_ml import Style, Styles

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?")
"""What xsd:double takes, but for infinities and what is no number, which no cell holds."""
_NOTHING: tuple[Value, Marks] = (None, PLAIN)


class Book(NamedTuple):
    """What the cells of a workbook draw on."""

    strings: Mapping[str, Text]
    """The shared texts by the number that a cell gives."""
    styles: Styles
    epoch: Epoch


def cell_value(kind: str, content: Text, style: Style | None, book: Book) -> tuple[Value, Marks]:
    """Return the value and marks of a cell of a type (``n``, ``s``, …).

    ``style`` is None for the plain one: format General, nothing struck through.

    :raises ValueError: the type does not know such content, or is none that there is.
    """
    if kind == "inlineStr":
        return _text(content, style)
    if not isinstance(content, str):
        raise ValueError(f"<is> t={kind[:20]}")
    if not content and kind != "e":
        return _NOTHING
    return _READERS.get(kind, _unknown)(content, style, book)


@remembered(4096)
def number(content: str) -> float | None:
    """Return a number as a cell may hold it, None where it is none."""
    value = float(content) if _NUMBER.fullmatch(content) else math.inf
    return None if math.isinf(value) else value


def _number(content: str, style: Style | None, book: Book) -> tuple[Value, Marks]:
    value = number(content)
    if value is None:
        raise ValueError(content)
    if style is None:
        return value, PLAIN
    look = number_look(style.code, value, book.epoch)
    if look.format is Format.PLAIN and not style.struck:
        return value, PLAIN
    return look.value, Marks(format=look.format, shown=look.shown, struck=_struck(style))


def _struck(style: Style | None) -> Struck:
    return Struck.WHOLE if style and style.struck else Struck.NO


def _shared(content: str, style: Style | None, book: Book) -> tuple[Value, Marks]:
    text = book.strings.get(content)
    if text is None:
        raise ValueError(content)
    return _text(text, style)


def _string(content: str, style: Style | None, _book: Book) -> tuple[Value, Marks]:
    return _text(unescaped(content) if "_x" in content else content, style)


def _text(content: Text, style: Style | None) -> tuple[Value, Marks]:
    if style is None and isinstance(content, str):
        return content or None, PLAIN
    text = content if isinstance(content, str) else content.text
    kind, shown, struck = Format.PLAIN, "", _struck(style)
    if style is not None:
        kind, shown, _text = text_look(style.code, text)
    if isinstance(content, Rich):
        struck, rest = struck_runs(content, style is not None and style.struck)
        shown = rest or shown
    if not text or (kind is Format.PLAIN and struck is Struck.NO):
        return text or None, PLAIN
    return text, Marks(format=kind, shown=shown, struck=struck)


def _boolean(content: str, style: Style | None, _book: Book) -> tuple[Value, Marks]:
    if content not in ("0", "1"):
        raise ValueError(content)
    return content == "1", Marks(struck=Struck.WHOLE) if style and style.struck else PLAIN


def _error(content: str, _style: Style | None, _book: Book) -> tuple[Value, Marks]:
    return None, Marks(error=content.strip() or "#VALUE!")


def _date(content: str, style: Style | None, _book: Book) -> tuple[Value, Marks]:
    moment = iso_value(content)
    shown = moment_shown(style.code, moment) if style else ""
    return moment, Marks(format=Format.DATE, shown=shown, struck=_struck(style))


def _unknown(_content: str, _style: Style | None, _book: Book) -> tuple[Value, Marks]:
    raise ValueError("t")


_READERS = {"n": _number, "s": _shared, "str": _string, "b": _boolean, "e": _error, "d": _date}
