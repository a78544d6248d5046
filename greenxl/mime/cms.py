"""A mail that was signed as a whole (S/MIME, application/pkcs7-mime): what was signed, taken out.

The signature is not verified: what counts is what the workbook says. The encoding is BER (X.690), for mail
programs write lengths that are only known at the end. Structures: RFC 5652, sections 3 and 5.
"""

from collections.abc import Iterator

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _OCTETS, _OCTETS_IN_PIECES = 0x30, 0x04, 0x24
"""Tags."""
_MOST_DEPTH = 12


class NotSignedError(Exception):
    """The bytes are no signed content: encrypted, signatures alone, or damaged."""


def signed_content(data: bytes) -> bytes:
    """Return what was signed.

    :raises NotSignedError: there is none in it.
    """
    try:
        (_tag, kind), (_tag, signed) = _fields(memoryview(data), _SEQUENCE)[:2]
        if bytes(kind) != _SIGNED_DATA:
            raise NotSignedError
        content = next(value for tag, value in _fields(signed, _SEQUENCE) if tag == _SEQUENCE)
        _kind, (_tag, wrapped) = list(_elements(content))[:2]
        return b"".join(_octets(wrapped))
    except (IndexError, ValueError, StopIteration) as error:
        raise NotSignedError from error


def _fields(data: memoryview, tag: int) -> list[tuple[int, memoryview]]:
    """Return the elements of the one element, of the given tag, that the bytes begin with."""
    found, content, _end = _element(data, 0)
    if found != tag:
        raise NotSignedError
    return list(_elements(content))


def _octets(data: memoryview, depth: int = 0) -> Iterator[memoryview]:
    """Yield the pieces of the octet strings that the bytes hold."""
    for tag, value in _elements(data):
        if tag == _OCTETS:
            yield value
        elif tag == _OCTETS_IN_PIECES and depth < _MOST_DEPTH:
            yield from _octets(value, depth + 1)
        else:
            raise NotSignedError


def _elements(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    place = 0
    while place < len(data):
        tag, content, place = _element(data, place)
        yield tag, content


def _element(data: memoryview, place: int, depth: int = 0) -> tuple[int, memoryview, int]:
    """Return tag and content of the element that begins there, and where the next does."""
    if depth > _MOST_DEPTH:
        raise NotSignedError
    tag, length, start = data[place], data[place + 1], place + 2
    if length == 0x80:  # it ends where an element of two zeros stands
        end = start
        while bytes(data[end : end + 2]) != b"\0\0":
            _tag, _content, end = _element(data, end, depth + 1)
        return tag, data[start:end], end + 2
    if length > 0x80:
        count = length - 0x80
        length = int.from_bytes(data[start : start + count])
        start += count
    if start + length > len(data):
        raise NotSignedError  # it was cut off
    return tag, data[start : start + length], start + length
