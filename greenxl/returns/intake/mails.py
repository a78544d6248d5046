"""A mail that was put among the returns (.eml): its attachments as the members of an archive.

Only a worker opens one: a mail built to that end keeps the standard library's parser busy for minutes.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from itertools import count, islice
from pathlib import PurePosixPath

from greenxl import mime
from greenxl.workbooks.safe_zip import MOST_MEMBERS, ArchiveError, Member

_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}


class Mail:
    """A box like :class:`greenxl.workbooks.safe_zip.Archive`."""

    def __init__(self, data: bytes) -> None:
        """:raises ArchiveError: it cannot be taken apart, or has too many parts."""
        try:
            message = BytesParser(policy=compat32).parsebytes(data)
            parts = _sent(list(islice(mime.attachments(message), MOST_MEMBERS + 1)))
        except RecursionError as error:
            raise _too_many(f"> {sys.getrecursionlimit():,}") from error
        if len(parts) > MOST_MEMBERS:
            raise _too_many(f"> {MOST_MEMBERS:,}")
        self._data = [mime.payload(part) for part in parts]
        self.members = tuple(_members(parts, self._data))

    def inflate(self, member: Member) -> bytes:
        return self._data[member.offset]

    def pieces(self, member: Member) -> Iterator[bytes]:
        yield self._data[member.offset]


def _sent(parts: list[Message]) -> list[Message]:
    """Return what somebody meant to send: no signature, and a picture in the text only where it is all."""
    parts = [part for part in parts if part.get_content_type() not in _SIGNATURES]
    return [part for part in parts if not _is_in_text(part)] or parts


def _is_in_text(part: Message) -> bool:
    inside = part.get_content_maintype() == "image" and mime.header(part, "content-id")
    return bool(inside) and part.get_content_disposition() != "attachment"


def _too_many(found: str) -> ArchiveError:
    return ArchiveError("unsafe-members", found, f"{MOST_MEMBERS:,}")


def _members(parts: Iterable[Message], data: Sequence[bytes]) -> Iterator[Member]:
    """Yield the attachments, each under a name of its own."""
    taken: set[str] = set()
    for number, part in enumerate(parts):
        name = mime.part_name(part).replace("\\", "/").rpartition("/")[2] or f"{number + 1}"
        size = len(data[number])
        yield Member(
            name=_unique(name, taken),
            guessed=False,
            offset=number,
            packed=size,
            size=size,
            crc=0,
            method=0,
            encrypted=False,
        )


def _unique(name: str, taken: set[str]) -> str:
    path = PurePosixPath(name)
    names = (name if number == 1 else f"{path.stem}({number}){path.suffix}" for number in count(1))
    found = next(one for one in names if one not in taken)
    taken.add(found)
    return found
