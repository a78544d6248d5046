"""A mail that was put among the returns (.eml): its attachments as the members of an archive.

Only a worker opens one: a large mail takes its time and memory, within the limits of :mod:`greenxl.mime`.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from greenxl.workbooks.safe_zip import ArchiveError, Member

if TYPE_CHECKING:
    from greenxl import mime


class Mail:
    """A box like :class:`greenxl.workbooks.safe_zip.Archive`."""

    def __init__(self, data: bytes) -> None:
        """:raises ArchiveError: it has too many parts, or parts too deep in one another."""
        from greenxl import mime  # a fifth of a worker's start, and few returns are mails

        try:
            found = mime.contents(mime.parse(data))
        except mime.LimitError as error:
            raise ArchiveError("unsafe-members", f"> {error.limit:,}", f"{error.limit:,}") from error
        parts = [one for one in found if not isinstance(one, mime.Text) and one.data]
        self._data = [part.data for part in parts]
        self.members = tuple(_members(parts))

    def inflate(self, member: Member) -> bytes:
        return self._data[member.offset]

    def pieces(self, member: Member) -> Iterator[bytes]:
        yield self._data[member.offset]


def _members(parts: "Sequence[mime.Attached | mime.Unopened]") -> Iterator[Member]:
    """Yield the attachments, each under a name of its own."""
    taken: set[str] = set()
    for number, part in enumerate(parts):
        name = part.name.replace("\\", "/").rpartition("/")[2] or f"{number + 1}"
        yield Member(
            name=_unique(name, taken),
            guessed=False,
            offset=number,
            packed=len(part.data),
            size=len(part.data),
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
