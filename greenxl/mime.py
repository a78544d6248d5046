"""The parts of a mail under readable names, their bytes decoded: what collecting and reading share.

Names arrive in every way that a mail program of the last thirty years has found: RFC 2231, RFC 2047 inside
quotes, raw GBK. They are decoded from the raw header, because the standard library would replace raw bytes.
"""

import binascii
import re
import unicodedata
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32

_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _BASE64)


def attachments(message: Message) -> Iterator[Message]:
    """Yield the leaves that are more than the mail's own text."""
    for part in message.walk():
        own = part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"
        if not part.is_multipart() and (part_name(part) or not own):
            yield part


def payload(part: Message) -> bytes:
    """Return the bytes of a leaf, also where its encoding's name or its base64 is not to the letter."""
    encoding = header(part, "content-transfer-encoding").strip(" ;").lower()
    if encoding == "base64":
        text = str(part.get_payload()).encode("ascii", "ignore").translate(None, _NOT_BASE64)
        text = text[:-1] if len(text) % 4 == 1 else text
        return binascii.a2b_base64(text + b"=" * (-len(text) % 4))
    del part["content-transfer-encoding"]
    part["content-transfer-encoding"] = encoding
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def header(message: Message, name: str) -> str:
    """Return a header's raw text, its bytes decoded, lines unfolded."""
    for key, value in message.raw_items():
        if key.lower() == name:
            return re.sub(r"[\r\n]+[ \t]*", " ", _without_surrogates(value))
    return ""


def _without_surrogates(value: str) -> str:
    """Return a text whose raw bytes are surrogates, with these bytes decoded."""
    return decode_guessing(value.encode("utf-8", "surrogateescape"))


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
            name = _parameter(text, parameter)
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
        return _clean(decode_as(raw, charset or "utf-8"))
    return _clean(decode_words(str(value or "")))


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
        text = data.decode(charset)
    except (LookupError, ValueError):  # not only UnicodeDecodeError: Python has codecs that are no charsets
        text = decode_guessing(data)
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair could not be written down


def _clean(name: str) -> str:
    """Return a name without the marks that nobody sees and that turn its reading round."""
    normal = unicodedata.normalize("NFC", name)
    return "".join(c for c in normal if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip(' "')
