"""The bytes of a part, decoded however its transfer encoding is written; what was lost on the way is known.

The standard library compares the name of an encoding to the letter and returns base64 with one stray
character undecoded.
"""

import binascii
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from email.message import Message

from greenxl.mime.message import clean_name, decode_guessing, header

_BLANKS = b" \t\r\n\f\v\0"
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _BASE64)
_BLOCK = re.compile(rb"([^=]+)=*")
_SOFT_BREAK = re.compile(rb"=[ \t]+(\r?\n)")
_NO_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*(?:\r?\n|\Z))")
_COMMENT = re.compile(r"\([^()]*\)")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]+?)[ \t]*\r?$", re.MULTILINE)
_UU_NAMES = {"xuuencode", "uuencode", "xuue", "uue"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a text stood for."""

    data: bytes
    in_doubt: bool = False
    """Characters had to be dropped: something was added to the text, changed or lost on the way."""


def decoded(part: Message, encoding: str | None = None) -> Decoded:
    """Return the bytes of a part that has no parts, from its own or the given encoding."""
    bare = copy(part)  # without an encoding the standard library gives the text as it came
    del bare["content-transfer-encoding"]
    text = bare.get_payload(decode=True)
    return decode(text if isinstance(text, bytes) else b"", encoding or transfer_encoding(part))


def transfer_encoding(part: Message) -> str:
    """Return the name of the encoding in small letters, without what else stands in that header."""
    text = _COMMENT.sub(" ", header(part, "content-transfer-encoding"))
    found = re.search(r"[\w-]+", text)
    return re.sub(r"[\W_]", "", found.group()).lower() if found else ""


def decode(text: bytes, encoding: str) -> Decoded:
    """Return what a text in a transfer encoding stands for; a text in an unknown one is its own bytes."""
    if encoding in ("base64", "xbase64"):
        return _from_base64(text)
    if encoding.startswith("quotedprint"):
        return Decoded(binascii.a2b_qp(_SOFT_BREAK.sub(rb"=\1", text)), bool(_NO_ESCAPE.search(text)))
    if encoding in _UU_NAMES:
        return next((file for _name, file in uuencoded_files(text)), Decoded(text, in_doubt=True))
    return Decoded(text)


def _from_base64(text: bytes) -> Decoded:
    """Return what base64 stands for, block after block where padding stands in the middle."""
    start, padding, rest = text.partition(b"=")
    in_doubt = bool(padding) and _has_other(rest)
    if in_doubt:  # a line below the end, of a mailing list or a virus scanner
        text = start
    in_doubt = in_doubt or _has_other(text)
    found = bytearray()
    for match in _BLOCK.finditer(text.translate(None, _NOT_BASE64)):
        block = match.group(1)
        if len(block) % 4 == 1:  # six bits are no byte
            block, in_doubt = block[:-1], True
        found += binascii.a2b_base64(block + b"=" * (-len(block) % 4))
    return Decoded(bytes(found), in_doubt)


def _has_other(text: bytes) -> bool:
    """Whether a text has characters that neither base64 nor its line ends have."""
    return bool(text.translate(None, bytes(_BASE64) + _BLANKS))


def uuencoded_files(text: bytes) -> Iterator[tuple[str, Decoded]]:
    """Yield the files that stand in a text as programs before MIME wrote them, with their names."""
    place = 0
    while begin := _UU_BEGIN.search(text, place):
        end = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE).search(text, begin.end())
        place = end.end() if end else len(text)
        data, in_doubt = _from_uu_lines(text[begin.end() : end.start() if end else place])
        if data:
            yield clean_name(decode_guessing(begin.group(1))), Decoded(data, in_doubt or not end)


def _from_uu_lines(text: bytes) -> tuple[bytes, bool]:
    found, in_doubt = bytearray(), False
    for line in text.splitlines():
        if line:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3  # programs that pad otherwise write more
            try:
                found += binascii.a2b_uu(line[:length])
            except binascii.Error:
                in_doubt = True
    return bytes(found), in_doubt
