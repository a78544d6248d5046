"""Texts of Office Open XML: runs, struck or not, and escapes (ECMA-376 part 1, 18.4 and 22.9.2.19)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from xml.etree.ElementTree import Element

from greenxl.workbooks.cells import Ambiguous, Refused
from greenxl.workbooks.formats.package import Package
from greenxl.workbooks.formats.rich_text import Rich, Text
from greenxl.workbooks.formats.spreadsheet_ml import check_foreign, check_type, root_namespace
from greenxl.workbooks.formats.xml_part import Around, Members, flag, local, pieces, tree

MOST_STRINGS = 5_000_000
"""Shared texts of a workbook."""
_MOST_KEPT = 2048
"""Texts that are kept for the next workbook."""
_LONGEST_KEPT = 4096
"""Bytes of one."""


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


text_reader = lru_cache(maxsize=2)(TextReader)


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
    data, strings = package.bytes(part), list[Text]()
    for texts in _in_pieces(data, part) or _one_by_one(data, part):
        strings += texts
        if len(strings) > MOST_STRINGS:
            raise Refused("unsafe-strings", f"{len(strings):,}", limit=f"{MOST_STRINGS:,}")
    return strings


def _in_pieces(data: bytes, part: str) -> Sequence[Sequence[Text]] | None:
    """Return the texts of each piece of a part, None where it has to be read as a whole."""
    found = pieces(data, b"", b"</si>", b"</sst>")
    if found is None:
        return None
    try:
        rest = tree(found.rest, part)
        return [_texts(rest, rest, part), *(_of_piece(piece, found.around) for piece in found.items)]
    except Refused:
        return None  # the reading of the whole says why


def _one_by_one(data: bytes, part: str) -> Iterator[Sequence[Text]]:
    members = Members(data, part, ".")
    return (_texts(members.root, (member,), part) for member in members)


def _of_piece(piece: bytes, around: Around) -> Sequence[Text]:
    """Return the texts of a piece, which is read once for all workbooks that have it."""
    return _parsed(piece, around) if len(piece) > _LONGEST_KEPT else _kept(piece, around)


def _parsed(piece: bytes, around: Around) -> Sequence[Text]:
    root = around.parse(piece)
    return _texts(root, root, "")


_kept = lru_cache(maxsize=_MOST_KEPT)(_parsed)


def _texts(root: Element, members: Iterable[Element], part: str) -> Sequence[Text]:
    """Return the texts among these members of a root."""
    main = root_namespace(root, "sst", part)
    reader, item, texts = text_reader(main), f"{main}si", list[Text]()
    for member in members:
        if member.tag == item:
            texts.append(reader.text(member))
        else:
            check_foreign(member)
    return texts
