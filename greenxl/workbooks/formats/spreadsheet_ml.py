"""What parts of Office Open XML have in common: namespaces, lists, styles (ECMA-376 part 1, 18)."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree.ElementTree import Element

from greenxl.names import remembered
from greenxl.workbooks.cells import MOST_COLUMNS, MOST_ROWS, Ambiguous, Box
from greenxl.workbooks.formats.number_format import GENERAL, built_in, kept_code
from greenxl.workbooks.formats.package import Package
from greenxl.workbooks.formats.xml_part import flag, kept, local, tree

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespaces of the transitional and of the strict form."""
_WATCHED = frozenset(
    f"{{{space}}}{name}"
    for space in MAIN
    for name in (
        "worksheet", "cols", "col", "sheetData", "row", "c", "v", "f", "is", "mergeCells", "mergeCell",
        "sst", "si", "r", "t",
    )
)  # fmt: skip
INDEX = re.compile(r"[0-9]{1,9}")
PLACE = re.compile(r"[1-9][0-9]{0,6}")
"""The number of a row or a column, counted from 1."""
_MEASURE = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[Ee][+-]?[0-9]+)?|\.[0-9]+")
_LETTERS = re.compile("[A-Z]{1,3}")
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PLAIN_TYPES = ("application/xml", "text/xml")


def root_namespace(root: Element, name: str, part: str) -> str:
    """Return the namespace of a part's root in braces.

    :raises Ambiguous: it is another element, or demands of programs that they know what is not known here.
    """
    space, _brace, found = root.tag.rpartition("}")
    if found != name or space[1:] not in MAIN or root.get(f"{_COMPATIBILITY}MustUnderstand"):
        raise Ambiguous(f"{part}: <{found}>")
    return space + "}"


def only(root: Element, tag: str) -> Element | None:
    """Return the one child of a name.

    :raises Ambiguous: there are several, or one stands elsewhere, as in a choice for older programs.
    """
    found = list(root.iter(tag))
    if len(found) > 1 or (found and root.find(tag) is None):
        raise Ambiguous(f"<{local(tag)}>")
    return found[0] if found else None


def check_foreign(element: Element) -> None:
    """Accept an element that is not known where it stands, such as another program's own.

    :raises Ambiguous: it is, or holds, what has its place elsewhere; one program may read it and another not.
    """
    for inner in element.iter():
        if inner.tag in _WATCHED:
            raise Ambiguous(f"<{local(element.tag)}> <{local(inner.tag)}>")


def check_type(package: Package, part: str, ending: str) -> None:
    """:raises Ambiguous: the content types say that a part is something else than the relations say."""
    kind = package.content_type(part)
    if not kind.endswith(ending) and kind not in _PLAIN_TYPES:
        raise Ambiguous(f"{part}: {kind}")


def is_below(element: Element, name: str, least: float, part: str) -> bool:
    """Return whether a height or width is given and less than that.

    :raises Ambiguous: it is none.
    """
    text = element.get(name)
    measure = math.inf if text is None else _measure(text)
    if measure is None:
        raise Ambiguous(f"{part}: " + f'{name}="{text}"'[:60])
    return measure < least


@remembered(1024)
def _measure(text: str) -> float | None:
    """Return a height or width, None where it is none."""
    return float(text) if _MEASURE.fullmatch(text) else None


@remembered(MOST_COLUMNS)
def column_number(letters: str) -> int:
    """Return the column of its letters, -1 where there is none."""
    number = 0
    if _LETTERS.fullmatch(letters):
        for letter in letters:
            number = number * 26 + ord(letter) - 64
    return number - 1 if 0 < number <= MOST_COLUMNS else -1


def box(reference: str, part: str) -> Box:
    """Return the cells of a reference (``E4:E6``).

    :raises Ambiguous: it is none.
    """
    found = _box(reference)
    if found is None:
        raise Ambiguous(f'{part}: ref="{reference[:40]}"')
    return found


@remembered(1024)
def _box(reference: str) -> Box | None:
    first, _colon, last = reference.partition(":")
    begin, end = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(last or first)
    if begin is None or end is None:
        return None
    rows = sorted((int(begin[2]) - 1, int(end[2]) - 1))
    columns = sorted((column_number(begin[1]), column_number(end[1])))
    return Box(rows[0], columns[0], rows[1], columns[1]) if columns[0] >= 0 and rows[1] < MOST_ROWS else None


class Style(NamedTuple):
    """What a cell's style does to what it shows."""

    code: str
    """The number format."""
    struck: bool
    """Whether the font is struck through."""


PLAIN_STYLE = Style(GENERAL, struck=False)


@dataclass(frozen=True, slots=True, eq=False)
class Styles:
    """The styles of a workbook; those of one part are one object."""

    cells: Mapping[str | None, Style | None]
    """By the number that a cell gives, None where it gives none; None is a plain style."""
    conditional: frozenset[str] = frozenset()
    """Those of conditions that change the number format or strike text through, by their numbers."""


_NO_STYLES = Styles({None: None, "0": None})


def styles(package: Package) -> Styles:
    """Return the styles of a workbook."""
    part = package.one("styles", package.workbook)
    if part is None:
        return _NO_STYLES
    check_type(package, part, "styles+xml")
    return _styles(package.bytes(part), part)


@kept
def _styles(data: bytes, part: str) -> Styles:
    root = tree(data, part)
    main = root_namespace(root, "styleSheet", part)
    codes: dict[str, str] = {}
    for element in _listed(root, main, "numFmts", "numFmt"):
        number, code = element.get("numFmtId", ""), element.get("formatCode", "")
        if codes.setdefault(number, code) != code:
            raise Ambiguous(f'{part}: numFmtId="{number[:20]}"')
    fonts = [_strikes(font, main) for font in _listed(root, main, "fonts", "font")]
    cells = tuple(_style(xf, codes, fonts, part) for xf in _listed(root, main, "cellXfs", "xf"))
    changing = (f"{main}numFmt", f"{main}font/{main}strike")
    conditional = frozenset(
        str(index)
        for index, one in enumerate(_listed(root, main, "dxfs", "dxf"))
        if any(one.find(path) is not None for path in changing)
    )
    by_number: dict[str | None, Style | None] = {
        str(number): None if style == PLAIN_STYLE else style for number, style in enumerate(cells)
    }
    by_number[None] = by_number.setdefault("0", None)
    return Styles(by_number, conditional)


def _listed(root: Element, main: str, group: str, name: str) -> list[Element]:
    """Return the members of a list whose order counts.

    :raises Ambiguous: there are two such lists, or one holds anything else.
    """
    found = root.findall(main + group)
    members = list(found[0]) if found else []
    if len(found) > 1 or any(member.tag != main + name for member in members):
        raise Ambiguous(f"<{group}>")
    return members


def _strikes(font: Element, main: str) -> bool:
    strike = font.find(f"{main}strike")
    return strike is not None and flag(strike.get("val"), "strike", default=True)


def _style(xf: Element, codes: Mapping[str, str], fonts: Sequence[bool], part: str) -> Style:
    """Return a cell's style: its own format and font, whatever it says of applying them, as Excel does."""
    number, font = xf.get("numFmtId", "0"), xf.get("fontId", "0")
    known = INDEX.fullmatch(number) and INDEX.fullmatch(font)
    if not known or (fonts and int(font) >= len(fonts)):
        raise Ambiguous(f'{part}: numFmtId="{number[:20]}" fontId="{font[:20]}"')
    code = codes.get(number)
    if code is None:
        code = built_in(int(number))
    elif code.lower() == "general":
        code = GENERAL
    return Style(kept_code(code), bool(fonts) and fonts[int(font)])
