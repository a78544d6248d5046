"""The attachments in a winmail.dat, which Outlook makes of a mail "in rich text" ([MS-OXTNEF]).

Read here, for no library of Python does it that is kept up: tnefparse, the only one that knows the names of
today's Outlook, saw its last release in January 2021 and copies the rest of the file for every attribute.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from greenxl.mime.message import clean_name, decode_as
from greenxl.mime.transfer import Decoded

MAGIC = b"\x78\x9f\x3e\x22"
_HEAD = struct.Struct("<BII")
"""Of an attribute: level, tag, length; its data follow, then two bytes of their sum."""
_BEGIN, _TITLE, _DATA, _PROPERTIES, _CODE_PAGE = 0x69002, 0x18010, 0x6800F, 0x69005, 0x69007
"""Tags of attributes; the first one begins a new attachment."""
_LONG_NAME, _OBJECT = 0x3707, 0x3701
"""Properties of an attachment: its whole name, and the message that it is."""
_UTF16, _EMBEDDED = 0x1F, 0x0D
_SEVERAL = 0x1000
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 0x14: 8, 0x40: 8, 0x48: 16}
"""Bytes of a property's value by its type; others say their length."""
_GUID_SIZE = 16
_MOST_DEPTH = 5


class TnefError(Exception):
    """The bytes are no winmail.dat, or one that is damaged or too deep before its first attachment."""


@dataclass(slots=True)
class _File:
    """An attachment as its attributes come."""

    name: str = ""
    data: bytes = b""
    in_doubt: bool = False
    inner: list[tuple[str, Decoded]] = field(default_factory=list)
    """The attachments of the message that it is."""


def attachments(data: bytes, depth: int = 0) -> list[tuple[str, Decoded]]:
    """Return the attachments with their names; those that a cut or a wrong sum concerns are in doubt.

    :raises TnefError: the bytes are something else, or nothing can be made of them.
    """
    if not data.startswith(MAGIC) or depth > _MOST_DEPTH:
        raise TnefError
    files: list[_File] = []
    charset, all_whole = "gb18030", True
    for tag, value, is_whole in _attributes(data):
        all_whole = all_whole and is_whole
        if tag == _CODE_PAGE and len(value) >= 4:
            charset = f"cp{int.from_bytes(value[:4], 'little')}"
        elif tag == _BEGIN:
            files.append(_File())
        elif files:
            _take(files[-1], tag, value, charset, depth)
            files[-1].in_doubt |= not is_whole
    if not (files or all_whole):
        raise TnefError
    plain = [(file.name, Decoded(file.data, file.in_doubt)) for file in files if file.data or not file.inner]
    return plain + [one for file in files for one in file.inner]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Yield tag and data of each attribute, and whether it is as it was written."""
    place = 6
    while place + _HEAD.size <= len(data):
        _level, tag, length = _HEAD.unpack_from(data, place)
        start = place + _HEAD.size
        place = start + length + 2
        value = data[start : start + length]
        right = sum(value) & 0xFFFF == int.from_bytes(data[place - 2 : place], "little")
        yield tag, value, right and place <= len(data)


def _take(file: _File, tag: int, value: bytes, charset: str, depth: int) -> None:
    """Put an attribute where it belongs."""
    if tag == _DATA:
        file.data = value
    elif tag == _TITLE and not file.name:
        file.name = _text(value, charset)
    elif tag == _PROPERTIES:
        with suppress(struct.error):  # the sum says whether it is damaged
            _take_properties(file, value, charset, depth)


def _take_properties(file: _File, value: bytes, charset: str, depth: int) -> None:
    for kind, number, found in _properties(value):
        if number == _LONG_NAME:
            file.name = _text(found, "utf-16-le" if kind == _UTF16 else charset) or file.name
        elif number == _OBJECT and kind == _EMBEDDED and found[_GUID_SIZE:].startswith(MAGIC):
            file.inner += attachments(found[_GUID_SIZE:], depth + 1)


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield type, number and value of each property; of several values the last.

    :raises struct.error: they end too early.
    """
    (count,) = struct.unpack_from("<I", data)
    place = 4
    for _one in range(count):
        kind, number = struct.unpack_from("<HH", data, place)
        place = _after_name(data, place + 4) if number >= 0x8000 else place + 4
        several, kind = kind & _SEVERAL, kind & ~_SEVERAL
        times, value = 1, b""
        if several or kind not in _SIZES:
            (times,) = struct.unpack_from("<I", data, place)
            place += 4
        for _time in range(times):
            value, place = _value(data, place, kind)
        yield kind, number, value


def _value(data: bytes, place: int, kind: int) -> tuple[bytes, int]:
    length = _SIZES.get(kind)
    if length is None:
        (length,) = struct.unpack_from("<I", data, place)
        place += 4
    if place + length > len(data):
        raise struct.error
    return data[place : place + length], place + length + -length % 4


def _after_name(data: bytes, place: int) -> int:
    """Return where the name of a named property ends: a set, a kind, then a number or a text."""
    kind, number = struct.unpack_from("<II", data, place + _GUID_SIZE)
    place += _GUID_SIZE + 8
    return place + number + -number % 4 if kind else place


def _text(value: bytes, charset: str) -> str:
    return clean_name(decode_as(value, charset).partition("\0")[0])
