"""A mail parsed behind limits; its headers and the names of its attachments as text.

Names arrive in every way that a mail program of the last thirty years has found: RFC 2231, RFC 2047 inside
quotes, raw GBK. They are decoded from the raw header, because the standard library would replace raw bytes.

The standard library's parsers are quadratic in the length of a header and recurse as deep as a comment or a
mail is nested. So a header field is cut before they see it, and a mail of too many parts is refused.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import Compat32, Policy, compat32
from email.utils import parseaddr, parsedate_to_datetime

MOST_PARTS = 1_000
"""Of a mail, those that hold others included."""
DEEPEST = 30
"""How many parts may lie in one another."""
_MOST_HEADERS = 1_000
"""Of a part; later ones are dropped."""
_LONGEST_HEADER = 16_384
"""Characters; a name of 255 Chinese characters in RFC 2231 needs 2,400."""
_MOST_MARKS = 300
"""Of each character that a parser recurses or searches backwards at: parameters, comments, groups."""
_LONGEST_ADDRESS = 2_000
_LONGEST_DATE = 200
_LONGEST_HEAD = 65_536
"""Bytes of headers alone."""


class LimitError(Exception):
    """A mail has more parts, or parts deeper in one another, than are taken apart."""

    def __init__(self, found: str, limit: int) -> None:
        """:param found: what there is too much of, in English, for a journal."""
        super().__init__(f"{found}, at most {limit:,}")
        self.limit = limit


class _Limited(Compat32):
    """The policy that keeps headers raw, and cuts them."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        size, lines = 0, []
        for line in sourcelines:
            lines.append(line[:_LONGEST_HEADER])
            size += len(line)
            if size > _LONGEST_HEADER:
                break
        name, value = super().header_source_parse(lines)
        return name, _cut(value)


def _cut(text: str) -> str:
    """Return a header field's text as far as the parsers of the standard library may see it."""
    text = text[:_LONGEST_HEADER]
    if text.count("(") > _MOST_MARKS:  # what stands outside of them is left, the address of a sender for one
        text = re.sub("[()]", "", text)
    for mark in ";:":
        if text.count(mark) > _MOST_MARKS:
            text = mark.join(text.split(mark, _MOST_MARKS)[:_MOST_MARKS])
    return text


class _Part(Message):
    """A part that knows how deep it is, and takes no more headers than it should."""

    depth = 0

    def set_raw(self, name: str, value: str) -> None:
        if len(self) < _MOST_HEADERS:
            super().set_raw(name, value)

    def attach(self, payload: Message | str) -> None:
        if isinstance(payload, _Part):
            payload.depth = self.depth + 1
            if payload.depth > DEEPEST:
                raise LimitError("parts in one another", DEEPEST)
        super().attach(payload)


class _PartFactory:
    """Makes the parts of one mail, up to a number."""

    def __init__(self) -> None:
        self._made = -1  # the parser makes one to see whether it can

    def __call__(self, policy: Policy = compat32) -> _Part:
        self._made += 1
        if self._made > MOST_PARTS:
            raise LimitError("parts", MOST_PARTS)
        return _Part(policy)


def parse(data: bytes) -> Message:
    """Return a mail taken apart.

    :raises LimitError: it has too many parts, or too deep ones.
    """
    return BytesParser(_PartFactory(), policy=_Limited()).parsebytes(data)


def parse_head(data: bytes) -> Message:
    """Return the headers of a mail, in bounded time; nothing in them can make this fail."""
    text = data[:_LONGEST_HEAD].decode("ascii", "surrogateescape")
    return HeaderParser(_Part, policy=_Limited()).parsestr(text)


def header(message: Message, name: str) -> str:
    """Return a header's raw text, its bytes decoded, lines unfolded."""
    for key, value in message.raw_items():
        if key.lower() == name:
            return re.sub(r"[\r\n]+[ \t]*", " ", _without_surrogates(value))
    return ""


def _without_surrogates(value: str) -> str:
    """Return a text whose raw bytes are surrogates, with these bytes decoded."""
    return decode_guessing(value.encode("utf-8", "surrogateescape"))


def sender(message: Message) -> str:
    """Return the bare address that a mail is from, in small letters; "" where there is none."""
    text = decode_words(header(message, "from"))[:_LONGEST_ADDRESS]
    return parseaddr(_cut(text))[1].strip().casefold()


def subject(message: Message) -> str:
    return decode_words(header(message, "subject"))


def date(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(header(message, "date")[:_LONGEST_DATE])
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def decode_guessing(data: bytes) -> str:
    """Return bytes as text: UTF-8, or else GB18030."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def part_name(part: Message) -> str:
    """Return an attachment's name: ``filename``, else ``name``, in whatever way it is encoded."""
    for where, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        text = header(part, where)
        if text:
            name = _parameter(_cut(text), parameter)
            if name:
                return name
    return ""


def _parameter(text: str, name: str) -> str:
    """Return a parameter of a header that holds no raw bytes any more."""
    bare = Message(policy=compat32)
    bare["Content-Type"] = text
    value = bare.get_param(name, "")
    if isinstance(value, tuple):
        charset, _language, found = value
        raw = found.encode("latin-1") if found.isascii() or max(found) <= "\xff" else found.encode()
        return clean_name(decode_as(raw, charset or "utf-8"))
    return clean_name(decode_words(str(value or "")))


def decode_words(text: str) -> str:
    """Return a text with its encoded words (RFC 2047) decoded, wherever they are."""
    try:
        chunks = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(c if isinstance(c, str) else decode_as(c, charset) for c, charset in chunks)


def decode_as(data: bytes, charset: str | None) -> str:
    """Return bytes as text; where the charset is wrong (GB 2312 that is GBK, above all) it is guessed."""
    if charset is None:  # the plain stretch between encoded words, as decode_header gives it
        charset = "raw-unicode-escape"
    try:
        text = data.decode("ascii" if charset.lower() == "punycode" else charset)  # it takes quadratic time
    except (LookupError, ValueError):  # not only UnicodeDecodeError: Python has codecs that are no charsets
        text = decode_guessing(data)
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair could not be written down


def clean_name(name: str) -> str:
    """Return a name without the marks that nobody sees and that turn its reading round."""
    normal = unicodedata.normalize("NFC", name)
    return "".join(c for c in normal if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip(' "')
