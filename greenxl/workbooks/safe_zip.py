"""Zip bytes to their members, trusting nothing that the directory says: limits, names, counted inflation.

Used for workbooks, which are zips themselves, and for the zips in which returns arrive. Python's zipfile
only parses the directory: its own reading stops at the size that is stated, so that a member that lies
about it shows a harmless beginning here and the whole of it to the parser that comes after.
"""

import bz2
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from greenxl.findings import Term
from greenxl.i18n import N_

MAGIC = b"PK\x03\x04"
EMPTY_MAGIC = b"PK\x05\x06"

MOST_MEMBERS = 1_000
"""Apache POI's limit; the largest of 2,355 public workbooks has 340."""
MOST_INFLATION = 100
"""How many times its packed size a member may inflate to (Apache POI), once past ``FREE_INFLATION``."""
FREE_INFLATION = 100 * 1024
MOST_INFLATED = 300 * 1024 * 1024
"""All members together, in bytes, as stated; none is inflated beyond what it states. Admits a fully
formatted sheet (253 MB)."""

_MOST_KEPT, _MOST_MEMBERS_KEPT = 64 * 1024, 64
"""Bytes of a member that is kept for the next workbook, and of how many."""

USUAL_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing that an office knows."""
_METHODS = {
    1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 97: "WavPack", 98: "PPMd",
}  # fmt: skip
"""Ways of packing that are told by name (APPNOTE.TXT 4.4.5), for they are not unpacked here."""
_MOST_DICTIONARY = 64 * 1024 * 1024
"""Bytes that LZMA may look back: more is never needed for what is unpacked here, but would be allotted."""

_FEED = 16 * 1024
_LOCAL_HEADER = struct.Struct("<4s22x2H")
_LZMA_HEADER = struct.Struct("<2xHBI")
_LEAST_DICTIONARY = 4096
_END = struct.Struct("<4sH")
_IN_ZIP64 = 0xFFFF
"""The volume of a zip so large that another record says it."""
_LONGEST_END = 65_557
"""Bytes from the beginning of a zip's last record to the end of the file."""
_UNICODE_PATH = 0x7075
"""Info-ZIP's extra field with the name in UTF-8, beside one in the packer's own code page."""


_NEWER_ZIP = Term(N_("a newer kind of zip"))
_NO_END = Term(N_("its end is missing"))
_DIRECTORY = Term(N_("its table of contents"))


class ArchiveError(Exception):
    """The zip is refused: ``code`` is its finding's, the others what stood there and what may stand there."""

    def __init__(self, code: str, found: str = "", limit: str = "") -> None:
        super().__init__(code, found)
        self.code, self.found, self.limit = code, found, limit


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    guessed: bool
    """Whether the name was neither marked as UTF-8 nor plain ASCII, and its code page had to be guessed."""
    offset: int
    packed: int
    size: int
    crc: int
    method: int
    encrypted: bool


class Box(Protocol):
    """What holds files: an archive, a mail."""

    members: tuple[Member, ...]

    def inflate(self, member: Member) -> bytes:
        """Return a member's bytes (:raises ArchiveError: they cannot be had)."""

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield a member's bytes as they are inflated."""


class Archive:
    """A zip whose directory was checked; its members are inflated one at a time, and counted."""

    def __init__(self, data: bytes) -> None:
        """:raises ArchiveError: the directory is damaged, too long, or lies."""
        self._data = data
        self.members = _members(data)

    def inflate(self, member: Member) -> bytes:
        """Return a member's bytes.

        :raises ArchiveError: it is damaged, inflates without bound, or is not what the directory says.
        """
        if max(member.packed, member.size) > _MOST_KEPT:
            return b"".join(self.pieces(member))
        return _inflated_once(
            bytes(self._packed(member)), member.method, member.size, member.crc, member.name
        )

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield a member's bytes as they are inflated (see :meth:`inflate`)."""
        return _checked(self._packed(member), member)

    def _packed(self, member: Member) -> memoryview:
        if member.encrypted:
            raise ArchiveError("archive-password", member.name)
        header = self._data[member.offset : member.offset + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or not header.startswith(MAGIC):
            raise ArchiveError("file-damaged", member.name)
        _magic, name, extra = _LOCAL_HEADER.unpack(header)
        start = member.offset + _LOCAL_HEADER.size + name + extra
        packed = memoryview(self._data)[start : start + member.packed]
        if len(packed) < member.packed:
            raise ArchiveError("file-damaged", member.name)
        return packed


@lru_cache(maxsize=_MOST_MEMBERS_KEPT)
def _inflated_once(packed: bytes, method: int, size: int, crc: int, name: str) -> bytes:
    """Return the bytes of a member, whose like is in many workbooks of one office."""
    member = Member(name, False, 0, len(packed), size, crc, method, False)
    return b"".join(_checked(memoryview(packed), member))


def _checked(packed: memoryview, member: Member) -> Iterator[bytes]:
    """Yield a member's bytes, which are counted.

    :raises ArchiveError: it is damaged, inflates without bound, or is not what the directory says.
    """
    size = crc = 0
    for piece in _unpacked(member, packed):
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        if size > member.size:
            raise ArchiveError("unsafe-directory", member.name)
        if size > most_inflated(member):
            raise ArchiveError("unsafe-inflation", member.name)
        yield piece
    if size != member.size or crc != member.crc:
        raise ArchiveError("file-damaged", member.name)


def most_inflated(member: Member) -> int:
    """Return to how many bytes a member may inflate, by its packed size."""
    return max(FREE_INFLATION, MOST_INFLATION * member.packed)


def end_volume(data: bytes) -> int | None:
    """Return in which volume, counted from 0, the last record of a zip says it stands; None without one."""
    at = data.rfind(EMPTY_MAGIC, max(0, len(data) - _LONGEST_END))
    if at < 0 or len(data) < at + _END.size:
        return None
    _magic, volume = _END.unpack_from(data, at)
    return 0 if volume == _IN_ZIP64 else int(volume)


def _members(data: bytes) -> tuple[Member, ...]:
    # Not one is parsed of a directory of millions; the directories of stored inner archives count in.
    entries = data.count(b"PK\x01\x02")
    if entries > 100 * MOST_MEMBERS:
        raise ArchiveError("unsafe-members", f"{entries:,}", limit=f"{MOST_MEMBERS:,}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as directory:
            infos = directory.infolist()
    except NotImplementedError as error:
        raise ArchiveError("archive-method", _NEWER_ZIP) from error
    except (zipfile.BadZipFile, ValueError, struct.error, OSError) as error:
        damaged = _NO_END if end_volume(data) is None else _DIRECTORY
        raise ArchiveError("file-damaged", damaged) from error
    if len(infos) > MOST_MEMBERS:
        raise ArchiveError("unsafe-members", f"{len(infos):,}", limit=f"{MOST_MEMBERS:,}")
    members = tuple(_member(info) for info in infos if not info.is_dir())
    if len({member.name for member in members}) < len(members):
        raise ArchiveError("unsafe-directory", _first_twice(members))
    if sum(member.size for member in members) > MOST_INFLATED:
        raise ArchiveError("unsafe-size", f"{MOST_INFLATED // 1024**2} MiB")
    for one, other in pairwise(sorted(members, key=lambda m: m.offset)):
        if one.offset + _LOCAL_HEADER.size + one.packed > other.offset:
            raise ArchiveError("unsafe-directory", other.name)
    return members


def _first_twice(members: tuple[Member, ...]) -> str:
    names = [member.name for member in members]
    return next(name for name in names if names.count(name) > 1)


def _member(info: zipfile.ZipInfo) -> Member:
    name, guessed = _name(info)
    return Member(
        name.replace("\\", "/"),
        guessed,
        info.header_offset,
        info.compress_size,
        info.file_size,
        info.CRC,
        info.compress_type,
        bool(info.flag_bits & 1),
    )


def _name(info: zipfile.ZipInfo) -> tuple[str, bool]:
    """Return a member's name and whether its code page was guessed: UTF-8, else that of Chinese Windows."""
    if info.flag_bits & 0x800 or info.orig_filename.isascii():
        return info.orig_filename.split("\0")[0], False
    raw = info.orig_filename.encode("cp437", "replace")
    stated = _unicode_path(info.extra, zlib.crc32(raw))
    if stated is not None:
        return stated, False
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding), True
        except UnicodeDecodeError:
            pass
    return raw.decode("gb18030", "replace"), True


def _unicode_path(extra: bytes, crc: int) -> str | None:
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(field) > 5 and struct.unpack_from("<I", field, 1)[0] == crc:
            return field[5:].decode("utf-8", "replace")
    return None


def _unpacked(member: Member, packed: memoryview) -> Iterator[bytes]:
    """Yield a member's bytes in pieces of bounded length.

    :raises ArchiveError: it is damaged, or packed in a way that is not unpacked here.
    """
    if member.method == zipfile.ZIP_STORED:
        yield bytes(packed)
    elif member.method == zipfile.ZIP_DEFLATED:
        yield from _inflated(member, packed)
    elif member.method == zipfile.ZIP_BZIP2:
        yield from _decompressed(member, packed, bz2.BZ2Decompressor())
    elif member.method == zipfile.ZIP_LZMA:
        machine, start = _lzma(member, packed)
        yield from _decompressed(member, packed[start:], machine)
    else:
        raise ArchiveError("archive-method", _METHODS.get(member.method, str(member.method)))


def _inflated(member: Member, packed: memoryview) -> Iterator[bytes]:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _FEED):  # what is left of each is copied once for every piece
            left: bytes | memoryview = packed[start : start + _FEED]
            full = True
            while (left or full) and not machine.eof:
                piece = machine.decompress(left, FREE_INFLATION)
                left, full = machine.unconsumed_tail, len(piece) == FREE_INFLATION
                yield piece
    except zlib.error as error:
        raise ArchiveError("file-damaged", member.name) from error
    if not machine.eof:
        raise ArchiveError("file-damaged", member.name)


def _decompressed(
    member: Member, packed: memoryview, machine: "bz2.BZ2Decompressor | lzma.LZMADecompressor"
) -> Iterator[bytes]:
    try:
        for start in range(0, len(packed), _FEED):
            left = bytes(packed[start : start + _FEED])
            while not machine.eof and (left or not machine.needs_input):
                yield machine.decompress(left, FREE_INFLATION)
                left = b""
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise ArchiveError("file-damaged", member.name) from error


def _lzma(member: Member, packed: memoryview) -> tuple[lzma.LZMADecompressor, int]:
    """Return what decompresses a member, and where its data start (APPNOTE.TXT 5.8.8)."""
    if len(packed) < _LZMA_HEADER.size:
        raise ArchiveError("file-damaged", member.name)
    length, places, dictionary = _LZMA_HEADER.unpack_from(packed)
    if length != 5 or places >= 9 * 5 * 5 or dictionary > _MOST_DICTIONARY:
        raise ArchiveError("archive-method", "LZMA")
    settings = {
        "id": lzma.FILTER_LZMA1,
        "lc": places % 9,
        "lp": places // 9 % 5,
        "pb": places // 45,
        "dict_size": max(dictionary, _LEAST_DICTIONARY),
    }
    try:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[settings]), _LZMA_HEADER.size
    except (ValueError, lzma.LZMAError) as error:
        raise ArchiveError("archive-method", "LZMA") from error
