"""Styles of OpenDocument: number formats as codes, what is struck through or hidden (ODF 1.3, 16)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from greenxl.workbooks.cells import LEAST_HEIGHT, LEAST_WIDTH, Ambiguous
from greenxl.workbooks.formats.number_format import GENERAL, UNKNOWN, kept_code

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_LIBRE = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"

_SPELLED_OUT = f"{_LIBRE}transliteration-spellout"

_MOST_PARENTS = 32
_MOST_DIGITS = 30
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pc": 12.0, "px": 0.75}
_LENGTH = re.compile(r"([0-9]*\.?[0-9]+)(pt|in|cm|mm|pc|px)")


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What a cell's style does to what it shows."""

    code: str = GENERAL
    struck: bool = False
    conditional: bool = False
    """Whether a condition, which is not worked out, may change either."""


@dataclass(frozen=True, slots=True)
class _Style:
    parent: str
    code: str | None
    """None where it says nothing of a number format."""
    struck: bool | None
    applied: tuple[str, ...]
    """The styles that its conditions apply."""
    hides: bool
    """Whether what has it is not displayed, or too small to be read."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by (family, name)."""

    named: dict[tuple[str, str], _Style] = field(default_factory=dict)
    cells: dict[str, CellStyle] = field(default_factory=dict)
    """Those of cells that were asked for."""

    def hides(self, family: str, name: str | None) -> bool:
        """Whether a row, column or table of this style is hidden by it."""
        style = self.named.get((family, name or ""))
        return style is not None and style.hides

    def struck(self, name: str | None) -> bool | None:
        """Return whether a stretch of text is struck through, None where its style does not say."""
        return next((s.struck for s in self._line("text", name or "") if s.struck is not None), None)

    def cell(self, name: str | None) -> CellStyle:
        """Return the style of a cell, that of the document where it has none."""
        key = name or "Default"
        if key not in self.cells:
            line = list(self._line("table-cell", key))
            applied = [other for style in line for other in style.applied]
            self.cells[key] = CellStyle(
                code=next((s.code for s in line if s.code is not None), GENERAL),
                struck=next((s.struck for s in line if s.struck is not None), False),
                conditional=any(map(self.changes, applied)),
            )
        return self.cells[key]

    def changes(self, name: str) -> bool:
        """Whether a style that a condition applies has a number format of its own or strikes text through."""
        own = [
            s for s in self._line("table-cell", name) if s is not self.named.get(("table-cell", "Default"))
        ]
        return any(style.code is not None or style.struck for style in own)

    def _line(self, family: str, name: str) -> Iterator[_Style]:
        """Yield a style, those that it inherits from, and the default of its family."""
        for _ in range(_MOST_PARENTS):
            style = self.named.get((family, name)) if name else None
            if style is None:
                break
            yield style
            name = style.parent
        if (family, "") in self.named:
            yield self.named[family, ""]


def styles(*roots: Element) -> Styles:
    """Return the styles of the parts of a document, the common ones first."""
    found = Styles()
    formats: dict[str, str] = {}
    for root in roots:
        elements = [*_listed(root, "styles"), *_listed(root, "automatic-styles")]
        formats |= _formats(elements)
        for element in elements:
            if element.tag in (f"{_STYLE}style", f"{_STYLE}default-style"):
                family, name = element.get(f"{_STYLE}family", ""), element.get(f"{_STYLE}name", "")
                if name or element.tag == f"{_STYLE}default-style":
                    found.named[family, name] = _style(element, formats)
    return found


def _listed(root: Element, group: str) -> list[Element]:
    """:raises Ambiguous: there are two such lists, or two styles of one name in it."""
    groups = root.findall(OFFICE + group)
    elements = list(groups[0]) if groups else []
    names = [(e.tag, e.get(f"{_STYLE}family"), name) for e in elements if (name := e.get(f"{_STYLE}name"))]
    if len(groups) > 1 or len(set(names)) < len(names):
        raise Ambiguous(f"<office:{group}>")
    return elements


def _style(element: Element, formats: Mapping[str, str]) -> _Style:
    data = element.get(f"{_STYLE}data-style-name")
    row = element.find(f"{_STYLE}table-row-properties")
    column = element.find(f"{_STYLE}table-column-properties")
    table = element.find(f"{_STYLE}table-properties")
    return _Style(
        parent=element.get(f"{_STYLE}parent-style-name", ""),
        code=None if data is None else kept_code(formats.get(data, UNKNOWN)),
        struck=_struck(element.find(f"{_STYLE}text-properties")),
        applied=tuple(m.get(f"{_STYLE}apply-style-name", "") for m in element.iterfind(f"{_STYLE}map")),
        hides=(row is not None and _below(row.get(f"{_STYLE}row-height"), LEAST_HEIGHT))
        or (column is not None and _below(column.get(f"{_STYLE}column-width"), LEAST_WIDTH))
        or (table is not None and table.get(f"{TABLE}display") == "false"),
    )


def _struck(properties: Element | None) -> bool | None:
    if properties is None:
        return None
    names = ("text-line-through-style", "text-line-through-type")
    said = [value for name in names if (value := properties.get(_STYLE + name)) is not None]
    return any(value != "none" for value in said) if said else None


def _below(length: str | None, least: float) -> bool:
    match = _LENGTH.fullmatch(length or "")
    return match is not None and float(match[1]) * _POINTS[match[2]] < least


# Number formats.

_KINDS = ("number", "percentage", "currency", "date", "time", "boolean", "text")
_CONDITION = re.compile(r"value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?[0-9.]+(?:[Ee][-+]?[0-9]+)?)")


def _formats(elements: list[Element]) -> dict[str, str]:
    """Return the format codes of data styles by their names."""
    kinds = {f"{_NUMBER}{kind}-style": kind for kind in _KINDS}
    found = {e.get(f"{_STYLE}name", ""): (e, kinds[e.tag]) for e in elements if e.tag in kinds}
    own = {name: _code(element, kind) for name, (element, kind) in found.items()}
    return {name: _with_conditions(element, name, own) for name, (element, _kind) in found.items()}


def _with_conditions(element: Element, name: str, codes: Mapping[str, str]) -> str:
    """Return a code with its sections: those that conditions apply, then its own."""
    sections = []
    for one in element.iterfind(f"{_STYLE}map"):
        match = _CONDITION.fullmatch(one.get(f"{_STYLE}condition", ""))
        applied = codes.get(one.get(f"{_STYLE}apply-style-name", ""), UNKNOWN)
        if match is None or applied == UNKNOWN:
            return UNKNOWN
        sections.append(f"[{match[1].replace('!=', '<>')}{match[2]}]{applied}")
    return UNKNOWN if codes[name] == UNKNOWN and sections else ";".join([*sections, codes[name]])


def _code(element: Element, kind: str) -> str:
    """Return the code of one data style without its conditions."""
    if kind == "boolean":
        return GENERAL
    pieces = [piece for child in element if (piece := _piece(child, kind)) is not None]
    if UNKNOWN in pieces:
        return UNKNOWN
    if kind == "time" and element.get(f"{_NUMBER}truncate-on-overflow") == "false":
        first = next((at for at, piece in enumerate(pieces) if piece[:1] in ("h", "m", "s")), None)
        if first is not None:
            letters, point, rest = pieces[first].partition(".")
            pieces[first] = f"[{letters}]{point}{rest}"
    if kind == "date" and element.get(f"{_NUMBER}language") == "zh":
        pieces.insert(0, "[$-804]")
    if element.get(f"{_NUMBER}transliteration-format", "1") != "1" or element.get(_SPELLED_OUT):
        pieces.insert(0, "[DBNum1]")  # or any other digits
    code = "".join(pieces)
    return f"{code}%" if kind == "percentage" and "%" not in code else code


def _piece(child: Element, kind: str) -> str | None:
    """Return what one part of a data style is in a code, None where it is nothing."""
    space, _brace, name = child.tag.rpartition("}")
    if space + "}" not in (_NUMBER, _LIBRE) or name == "fill-character":
        return None
    if name == "text":
        return _literal(child.text or "", percent=kind == "percentage")
    if child.get(f"{_NUMBER}calendar") is not None:
        return "g"
    piece = _PIECES[name](child) if name in _PIECES else UNKNOWN
    return "0.##" if kind == "percentage" and piece == GENERAL else piece


def _literal(text: str, *, percent: bool) -> str:
    if percent and "%" in text:
        return "%".join(_literal(part, percent=False) for part in text.split("%"))
    return "".join(f"\\{c}" if c == '"' else f'"{c}"' for c in text)


def _count(element: Element, name: str, default: int = 0) -> int:
    text = element.get(_NUMBER + name) or element.get(_LIBRE + name) or str(default)
    return min(int(text), _MOST_DIGITS) if re.fullmatch(r"[0-9]{1,4}", text) else default


def _number(element: Element) -> str:
    if element.find(f"{_NUMBER}embedded-text") is not None:
        return UNKNOWN
    grouped = element.get(f"{_NUMBER}grouping") == "true"
    if element.get(f"{_NUMBER}decimal-places") is None and not grouped:
        return GENERAL
    least = _count(element, "min-integer-digits")
    digits = "0" * least if least else "#"
    if grouped:
        digits = digits.rjust(4, "#")
        digits = f"{int(len(digits) > 3) * digits[:-3]},{digits[-3:]}"
    decimals = _decimals(element)
    factor = element.get(f"{_NUMBER}display-factor", "1")
    if decimals == UNKNOWN or not re.fullmatch(r"1(?:000)*", factor):
        return UNKNOWN
    return digits + decimals + "," * ((len(factor) - 1) // 3)


def _decimals(element: Element) -> str:
    places = _count(element, "decimal-places")
    replacement = element.get(f"{_NUMBER}decimal-replacement")
    if replacement and replacement.strip("0 "):
        return UNKNOWN
    dropped = replacement is not None and not replacement.strip()
    least = min(_count(element, "min-decimal-places", 0 if dropped else places), places)
    return f".{'0' * least}{('?' if replacement else '#') * (places - least)}" if places else ""


def _scientific(element: Element) -> str:
    whole = "0" * max(1, _count(element, "min-integer-digits", 1))
    return f"{whole}{_decimals(element)}E+{'0' * max(1, _count(element, 'min-exponent-digits', 2))}"


def _fraction(element: Element) -> str:
    whole = "" if element.get(f"{_NUMBER}min-integer-digits") is None else "# "
    over = "?" * max(1, _count(element, "min-numerator-digits", 1))
    under = element.get(f"{_NUMBER}denominator-value") or "?" * max(
        1, _count(element, "min-denominator-digits", 1)
    )
    return f"{whole}{over}/{under}"


def _long(short: str, long: str) -> Callable[[Element], str]:
    return lambda element: long if element.get(f"{_NUMBER}style") == "long" else short


def _month(element: Element) -> str:
    letters = "m" if element.get(f"{_NUMBER}textual") != "true" else "mmm"
    return letters + ("m" if element.get(f"{_NUMBER}style") == "long" else "")


def _seconds(element: Element) -> str:
    places = _count(element, "decimal-places")
    return _long("s", "ss")(element) + (f".{'0' * places}" if places else "")


_PIECES: Mapping[str, Callable[[Element], str]] = {
    "number": _number,
    "scientific-number": _scientific,
    "fraction": _fraction,
    "currency-symbol": lambda element: _literal(element.text or "", percent=False),
    "boolean": lambda _element: GENERAL,
    "text-content": lambda _element: "@",
    "day": _long("d", "dd"),
    "month": _month,
    "year": _long("yy", "yyyy"),
    "day-of-week": _long("ddd", "dddd"),
    "era": lambda _element: "g",
    "quarter": lambda _element: "g",
    "week-of-year": lambda _element: "g",
    "hours": _long("h", "hh"),
    "minutes": _long("m", "mm"),
    "seconds": _seconds,
    "am-pm": lambda _element: "AM/PM",
}
"""What each element of a data style is in a code; ``g`` stands for what is not worked out of a date."""
