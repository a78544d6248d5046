"""What a mail holds: its attachments, its texts, and what could not be opened.

Mails in the mail are opened (forwarded, attached, encoded, signed as a whole), and so are the packings of
mail programs: winmail.dat, files uuencoded in the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.errors import CloseBoundaryNotFoundDefect, NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect
from email.message import Message
from enum import Enum, auto

from greenxl.mime import cms, tnef
from greenxl.mime.message import (
    MOST_PARTS,
    LimitError,
    decode_as,
    decode_guessing,
    header,
    parse,
    parse_head,
    part_name,
)
from greenxl.mime.transfer import Decoded, decoded, transfer_encoding, uuencoded_files

_MOST_MAILS_INSIDE = 5
"""Mails as files of mails that are opened."""
_NO_FILES = {
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/applefile",  # a file's icon and the like on a Macintosh
}
_SIGNED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_BROKEN = (NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect)
_BINHEX = "(This file must be converted with BinHex"
_LONGEST_PREAMBLE = 10_000
"""Characters in which BinHex says what it is."""


class Obstacle(Enum):
    """Why a part of a mail is not opened."""

    ENCRYPTED = auto()
    CLOSED = auto()
    """It is a packing of a mail program that cannot be opened."""
    BROKEN = auto()
    """It has parts, but where they begin cannot be seen."""


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment of any kind."""

    name: str
    """As its sender sees it; not yet safe for a file."""
    data: bytes
    in_doubt: bool = False
    """Something of it was lost or changed on the way."""
    in_text: bool = False
    """It is a picture that the text shows."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the mail itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Unopened:
    """A part that may hold attachments which are not seen."""

    obstacle: Obstacle
    name: str = ""
    data: bytes = b""


Content = Attached | Text | Unopened


def contents(message: Message) -> list[Content]:
    """Return what a mail holds, in its order; a picture in the text only where it is all there is.

    :raises LimitError: the mails in it together have too many parts.
    """
    found: list[Content] = []
    for one in _of(message, 0):
        if len(found) == MOST_PARTS:
            raise LimitError("parts", MOST_PARTS)
        found.append(one)
    if any(isinstance(one, Attached) and not one.in_text for one in found):
        return [one for one in found if not (isinstance(one, Attached) and one.in_text)]
    return found


def _of(part: Message, inside: int) -> Iterator[Content]:
    """Yield what a part holds; ``inside`` so many mails as files."""
    if not part.is_multipart():
        yield from _of_leaf(part, inside)
        return
    children = [one for one in part.get_payload() if isinstance(one, Message)]
    if children and _is_in_base64(part, children[0]):
        yield from _of_mail(decoded(children[0], "base64").data, inside)
    else:
        for child in children[:-1]:
            yield from _of(child, inside)
        for child in children[-1:]:
            cut = any(isinstance(one, CloseBoundaryNotFoundDefect) for one in part.defects)
            yield from _cut_off(_of(child, inside), part) if cut else _of(child, inside)


def _is_in_base64(part: Message, inner: Message) -> bool:
    """Whether a forwarded mail is encoded as a whole, against RFC 2046 (5.2.1), as some programs do."""
    is_mail = part.get_content_maintype() == "message" and transfer_encoding(part) == "base64"
    return is_mail and not (len(inner) or inner.is_multipart())


def _cut_off(found: Iterator[Content], whole: Message) -> Iterator[Content]:
    """Yield what the last part of a mail holds that ends in it: its attachments are in doubt."""
    attached = False
    for one in found:
        attached = attached or isinstance(one, Attached)
        yield replace(one, in_doubt=True) if isinstance(one, Attached) else one
    if not attached and whole.get_content_subtype() == "mixed":
        yield Unopened(Obstacle.BROKEN)


def _of_leaf(part: Message, inside: int) -> Iterator[Content]:
    name, kind = part_name(part), part.get_content_type()
    if any(isinstance(one, _BROKEN) for one in part.defects) or part.get_content_maintype() == "multipart":
        yield Unopened(Obstacle.BROKEN, data=decoded(part).data)
    elif kind in _NO_FILES or name.startswith("._"):
        return
    elif (
        part.get_content_maintype() == "text" and not name and part.get_content_disposition() != "attachment"
    ):
        yield from _of_text(part)
    else:
        yield from _of_attachment(name, kind, decoded(part), _is_in_text(part), inside)


def _is_in_text(part: Message) -> bool:
    inside = part.get_content_maintype() == "image" and header(part, "content-id")
    return bool(inside) and part.get_content_disposition() != "attachment"


def _of_text(part: Message) -> Iterator[Content]:
    data = decoded(part).data
    charset = part.get_content_charset()
    text = decode_as(data, charset) if charset else decode_guessing(data)
    yield Text(text)
    if _BINHEX in text[:_LONGEST_PREAMBLE]:
        yield Unopened(Obstacle.CLOSED, "BinHex", data)
    for name, file in uuencoded_files(data):
        yield Attached(name, file.data, file.in_doubt)


def _of_attachment(name: str, kind: str, found: Decoded, in_text: bool, inside: int) -> Iterator[Content]:
    if kind in _SIGNED or name.lower().endswith(".p7m"):
        yield from _of_signed(name, found, inside)
    elif found.data.startswith(tnef.MAGIC):
        yield from _of_winmail(name, found)
    elif name.lower().endswith(".eml") and len(parse_head(found.data)):
        yield from _of_mail(found.data, inside)
    else:
        yield Attached(name, found.data, found.in_doubt, in_text)


def _of_signed(name: str, found: Decoded, inside: int) -> Iterator[Content]:
    try:
        content = cms.signed_content(found.data)
    except cms.NotSignedError:
        yield Unopened(Obstacle.ENCRYPTED, name, found.data)
    else:
        yield from _of_mail(content, inside)


def _of_winmail(name: str, found: Decoded) -> Iterator[Content]:
    try:
        files = tnef.attachments(found.data)
    except tnef.TnefError:
        yield Unopened(Obstacle.CLOSED, name, found.data)
        return
    for inner, file in files:
        yield Attached(inner, file.data, file.in_doubt or found.in_doubt)


def _of_mail(data: bytes, inside: int) -> Iterator[Content]:
    """Yield what a mail that came as a file holds."""
    if inside == _MOST_MAILS_INSIDE:
        raise LimitError("mails in mails", _MOST_MAILS_INSIDE)
    yield from _of(parse(data), inside + 1)
