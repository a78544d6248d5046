"""Texts of Office Open XML: runs, struck or not, and escapes (ECMA-376 part 1, 18.4 and 22.9.2.19)."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from greenxl.workbooks.cells import Ambiguous, Refused
from greenxl.workbooks.formats.package import Package
from greenxl.workbooks.formats.rich_text import Rich, Text
from greenxl.workbooks.formats.spreadsheet_ml import check_foreign, check_type, root_namespace
from greenxl.workbooks.formats.xml_part import Members, flag, kept, local

MOST_STRINGS = 5_000_000
"""Shared texts of a workbook."""


class TextReader:
    """What ``si`` and ``is`` hold: a text, or runs of it; phonetic hints are left out."""

    def __init__(self, main: str) -> None:
        """``main`` is the namespace in braces."""
        self._t, self._r, self._strike = f"{main}t", f"{main}r", f"{main}strike"
        self._font, self._others = f"{main}rPr", {f"{main}rPh", f"{main}phoneticPr"}

    def text(self, holder: Element) -> Text:
        """Return the text of an element.

        :raises Ambiguous: it holds anything else.
        """
        if len(holder) == 1 and holder[0].tag == self._t:
            return _plain(holder[0])
        runs: list[tuple[str, bool | None]] = []
        for child in holder:
            if child.tag == self._t:
                runs.append((_plain(child), None))
            elif child.tag == self._r:
                runs.append(self._run(child))
            elif child.tag not in self._others:
                check_foreign(child)
        text = "".join(text for text, _struck in runs)
        return text if all(struck is None for _text, struck in runs) else Rich(text, tuple(runs))

    def _run(self, run: Element) -> tuple[str, bool | None]:
        texts, struck = [], None
        for child in run:
            if child.tag == self._t:
                texts.append(_plain(child))
            elif child.tag == self._font:
                strike = child.find(self._strike)
                struck = strike is not None and flag(strike.get("val"), "strike", default=True)
            else:
                check_foreign(child)
        return "".join(texts), struck


def _plain(element: Element) -> str:
    if len(element):
        raise Ambiguous(f"<t> <{local(element[0].tag)}>")
    text = element.text or ""
    return unescaped(text) if "_x" in text else text


_ESCAPES = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")


def unescaped(text: str) -> str:
    """Return a text with its escapes (``_x000B_``) as the characters that they stand for."""
    return _ESCAPES.sub(_characters, text)


def _characters(escapes: re.Match[str]) -> str:
    units = (int(unit, 16).to_bytes(2, "little") for unit in re.findall("x(....)", escapes[0]))
    return b"".join(units).decode("utf-16-le", "replace")


def shared_strings(package: Package) -> Sequence[Text]:
    """Return the shared texts of a workbook in their order.

    :raises Refused: there are too many.
    """
    part = package.one("sharedStrings", package.workbook)
    if part is None:
        return ()
    check_type(package, part, "sharedstrings+xml")
    return _strings(package.bytes(part), part)


@kept
def _strings(data: bytes, part: str) -> Sequence[Text]:
    members = Members(data, part, ".")
    strings: list[Text] = []
    reader, item = TextReader(""), ""
    for member in members:
        if not item:
            main = root_namespace(members.root, "sst", part)
            reader, item = TextReader(main), f"{main}si"
        if member.tag != item:
            check_foreign(member)
            continue
        strings.append(reader.text(member))
        if len(strings) > MOST_STRINGS:
            raise Refused("unsafe-strings", f"{len(strings):,}", limit=f"{MOST_STRINGS:,}")
    return strings
