"""XML as an office takes it: well-formed, without a document type, names with their namespaces."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Concatenate, NamedTuple, ParamSpec, TypeVar, cast
from xml.etree.ElementTree import Element, ParseError, XMLParser, XMLPullParser

from greenxl.workbooks.cells import Ambiguous, Refused

MOST_TREE = 32 * 1024 * 1024
"""Bytes of a part that are kept as elements at once."""
_LONG = 1024 * 1024
"""Bytes of a part that is read bit by bit."""
_CHUNK = 64 * 1024
"""Bytes of one bit: few enough that the garbage collector finds little to look through."""
_MOST_KEPT = 64 * 1024
"""Bytes of a part whose reading is kept for the next workbook."""
_MOST_PARTS = 32
"""Of which so many are kept, of each kind of reading."""

_MOST_TAKEN_APART = 64 * 1024
"""Bytes of a part that is taken apart."""
_ATTRIBUTE = re.compile(rb"""\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_BEGIN = re.compile(
    rb"""(?P<xml><\?xml\s+version=["']1\.0["'](?:\s+encoding=["'](?i:utf-8)["'])?(?:\s+standalone=["'](?:yes|no)["'])?\s*\?>\s*)?"""
    rb"(?P<root><(?P<name>[A-Za-z]+)(?:" + _ATTRIBUTE.pattern + rb")*\s*>)"
)
"""The beginning of a part up to the end of its root's tag, where its letters are UTF-8."""

P = ParamSpec("P")
T = TypeVar("T")


def _too_long(name: str) -> Refused:
    return Refused("unsafe-size", name, limit=f"{MOST_TREE // 1024**2} MiB")


_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?<\?xml\s(?!\s*version\s*=\s*[\"']1\.0[\"'])")
"""A declaration of another XML than 1.0, which our parser takes and others do not."""


def _check_beginning(part: bytes, name: str) -> None:
    """:raises Refused: the part has a document type, or is of another version of XML."""
    # Every encoding that the parser knows shows these letters once its zero bytes are gone.
    letters = part.replace(b"\0", b"") if b"\0" in part[:4] else part
    if b"<!DOCTYPE" in letters:
        raise Refused("unsafe-dtd", name)
    if _DECLARATION.match(letters):
        raise Ambiguous(f"{name}: {letters[:40].decode('ascii', 'replace')}")


def _ill_formed(name: str, error: Exception) -> Ambiguous:
    """Return the refusal of a part, with the line and column where it ends to be XML."""
    place = error.position if isinstance(error, ParseError) else ()
    return Ambiguous(":".join(map(str, (name, *place))))


def kept(read: Callable[Concatenate[bytes, P], T]) -> Callable[Concatenate[bytes, P], T]:
    """Return a function of a part that keeps what it made of the last ones: returns are much alike."""
    cached = cast("Callable[Concatenate[bytes, P], T]", lru_cache(maxsize=_MOST_PARTS)(read))

    def reading(part: bytes, /, *args: P.args, **more: P.kwargs) -> T:
        return read(part, *args, **more) if len(part) > _MOST_KEPT else cached(part, *args, **more)

    return reading


@kept
def tree(part: bytes, name: str) -> Element:
    """Return the root element of a part, which is not to be changed.

    :raises Refused: it is not well-formed, has a document type, or is too long.
    """
    if len(part) > MOST_TREE:
        raise _too_long(name)
    _check_beginning(part, name)
    return _parsed(part, name)


def _parsed(part: bytes, name: str) -> Element:
    parser = XMLParser()
    try:
        parser.feed(part)
        return parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise _ill_formed(name, error) from error


class Members:
    """The children of one long list in a part, each in turn, and then all the rest of the part.

    Of a long part only what was read and not yet given is kept, and in the end the root without them.
    """

    def __init__(self, part: bytes, name: str, path: str) -> None:
        """``path`` leads from the root to the list: ``sheetData``, ``.`` (in the root's own namespace)."""
        self._part, self._name, self._path = part, name, path
        self.root: Element
        """From the first member on."""

    def __iter__(self) -> Iterator[Element]:
        """:raises Refused: the part is not well-formed, has a document type, or keeps too much at once."""
        if len(self._part) > _LONG:
            yield from self._streamed()
            return
        self.root = tree(self._part, self._name)
        found = self._list()
        if found is not None:
            yield from found

    def _list(self) -> Element | None:
        space = self.root.tag.partition("}")[0] + "}" if self.root.tag.startswith("{") else ""
        return self.root if self._path == "." else self.root.find(space + self._path)

    def _streamed(self) -> Iterator[Element]:
        _check_beginning(self._part, self._name)
        parser: XMLPullParser[Element] = XMLPullParser(("start",))
        kept = 0
        for start in range(0, len(self._part), _CHUNK):
            self._feed(parser, start)
            found = self._list() if hasattr(self, "root") else None
            members = [] if found is None else found[:-1]  # the last may not be whole yet
            kept = 0 if members else kept + _CHUNK
            if kept > MOST_TREE:
                raise _too_long(self._name)
            if found is not None:
                del found[:-1]
            yield from members
        found = self._list()
        if found is not None:
            members = found[:]
            del found[:]
            yield from members

    def _feed(self, parser: "XMLPullParser[Element]", start: int) -> None:
        last = start + _CHUNK >= len(self._part)
        try:
            parser.feed(self._part[start : start + _CHUNK])
            if last:
                parser.close()
            for event in parser.read_events():
                if not hasattr(self, "root"):
                    self.root = cast("tuple[str, Element]", event)[1]
        except (ParseError, ValueError, LookupError) as error:
            raise _ill_formed(self._name, error) from error


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What the pieces of a list are parsed between: a root with its namespaces alone, one object for all."""

    start: bytes
    end: bytes

    def parse(self, piece: bytes) -> Element:
        """Return a root that holds nothing but a piece.

        :raises Ambiguous: it is not well-formed.
        """
        return _parsed(self.start + piece + self.end, "")


def _holds(part: bytes, mark: bytes, start: int) -> bool:
    """Whether two characters are side by side from a place on; looking for one is much quicker."""
    return part.find(mark[1:], start) >= 0 and part.find(mark, start) >= 0


_around = lru_cache(maxsize=_MOST_PARTS)(Around)


@lru_cache(maxsize=_MOST_PARTS)
def _around_of(root: bytes, name: bytes) -> Around:
    """Return the tags of a root without the attributes that tell one sheet from another."""
    spaces = (one for one in _ATTRIBUTE.findall(root) if one.lstrip().startswith(b"xmlns"))
    return _around(b"<%b%b>" % (name, b"".join(spaces)), b"</%b>" % name)


class Pieces(NamedTuple):
    """A part taken apart: it is well-formed if the rest is, and each item between what is ``around``."""

    around: Around
    rest: bytes
    """The part without the members of the list."""
    items: Sequence[bytes]
    """The members of the list, each alone or with empty ones before it."""


def pieces(part: bytes, opening: bytes, ending: bytes, closing: bytes) -> Pieces | None:
    """Take a list apart without parsing it; None where that cannot be, or does not pay.

    ``opening`` and ``closing`` are the tags of the list (an empty one: that of the root), ``ending`` is the
    tag at the end of a member. Where letters are UTF-8 and there is no comment, character data or
    instruction, such a tag cannot stand for anything else: no value of an attribute has a ``<``.
    """
    begin = _BEGIN.match(part)
    if (
        begin is None
        or len(part) > _MOST_TAKEN_APART
        or _holds(part, b"<!", begin.end())
        or _holds(part, b"<?", begin.end())
    ):
        return None
    found, end = part.find(opening, begin.end()), part.rfind(closing)
    if not 0 <= found <= found + len(opening) <= end:
        return None
    start = found + len(opening)
    *items, last = part[start:end].split(ending)
    items = [item + ending for item in items] + ([last] if last.strip(b" \t\r\n") else [])
    rest = part[:start] + part[end:]
    if opening and rest.count(opening[1:-1]) != 2:
        return None  # there is another list of that name, which may be the right one
    return Pieces(_around_of(begin["root"], begin["name"]), rest, items)


def local(tag: str) -> str:
    """Return an element's name without its namespace."""
    return tag.rpartition("}")[2]


def flag(text: str | None, name: str, default: bool = False) -> bool:
    """Return a boolean attribute.

    :raises Ambiguous: it is neither of the words that there are for either.
    """
    if text is None:
        return default
    if text in ("1", "true", "on"):
        return True
    if text in ("0", "false", "off"):
        return False
    raise Ambiguous(f'{name}="{text[:20]}"')
