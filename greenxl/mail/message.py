"""A letter to the bytes of a message: clean headers, and attachment names that every client shows.

The standard library writes an attachment's name by RFC 2231 alone (``filename*``), which QQ mail shows
as tcmime.bin, and has no way to add the RFC 2047 ``name`` that such clients read. So the parts with
attachments are written raw, both ways.
"""

import hashlib
import io
import unicodedata
from datetime import datetime
from email.encoders import encode_base64
from email.errors import HeaderParseError, MessageError
from email.generator import BytesGenerator
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.policy import SMTP, compat32
from email.utils import format_datetime, parseaddr
from typing import cast
from urllib.parse import quote

from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.mail.letters import Attachment, Letter

POLICY = SMTP.clone(refold_source="none")
"""Writes the raw headers of attachments as they stand."""
LARGE = 20 * 1024 * 1024
"""From this size on many servers refuse a message."""
TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def draft(letter: Letter, sender: str) -> bytes:
    """Return a draft: mail programs open it ready to be sent (``X-Unsent``). It is the same every time.

    Its first line is a stamp, by which it is known whether anybody changed it since (:func:`untouched`).
    """
    message = _headers(letter, sender)
    message["X-Unsent"] = "1"
    data = _bytes(message, letter)
    return _stamp(data) + data


def untouched(data: bytes) -> bool:
    """Whether a draft is ours, and as it was written."""
    stamp, end, rest = data.partition(b"\r\n")
    return stamp + end == _stamp(rest)


def _stamp(data: bytes) -> bytes:
    return f"X-Greenxl-Draft: {hashlib.sha256(data).hexdigest()}\r\n".encode()


def message(letter: Letter, sender: str, message_id: str, date: datetime) -> bytes:
    """Return the message as it is sent."""
    headers = _headers(letter, sender)
    headers["Date"] = format_datetime(date)
    headers["Message-ID"] = message_id
    return _bytes(headers, letter)


def _headers(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    if sender:
        message["From"] = address_of(sender)
    if letter.address:
        message["To"] = Address(checked(letter.name), addr_spec=bare_address(letter.address))
    message["Subject"] = checked(letter.subject)
    return message


def address_of(text: str) -> Address:
    """Return the address in a text like 「住建局 <name@example.cn>」.

    :raises WrongUseError: there is none, or it hides control characters.
    """
    name, address = parseaddr(checked(text))
    return Address(name, addr_spec=bare_address(address or text))


def bare_address(text: str) -> str:
    """Return an address that mail servers take.

    :raises WrongUseError: it is none, or holds other than ASCII characters.
    """
    text = checked(text).strip()
    try:
        address = Address(addr_spec=text)
        good = text.isascii() and bool(address.username and "." in address.domain)
    except (ValueError, IndexError, MessageError):
        good = False
    if not good:
        raise WrongUseError(
            _("“{address}” is no mail address. Write one like name@example.cn, in ASCII characters.").format(
                address=text
            )
        )
    return text


def checked(text: str) -> str:
    """Return a text that may stand in a header.

    :raises WrongUseError: it holds control characters, as it is or once it is decoded (RFC 2047).
    """
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text + _decoded(text)):
        shown = "".join(c if c.isprintable() else "�" for c in text)
        raise WrongUseError(
            _("“{text}” holds control characters and cannot stand in a mail’s header. Type it anew.").format(
                text=shown
            )
        )
    return text


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return ""


def _bytes(message: EmailMessage, letter: Letter) -> bytes:
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    _set_boundary(message, letter, "text")
    if letter.attachments:
        message.make_mixed(boundary=_boundary(letter, "parts"))
        for one in letter.attachments:
            message.attach(_part(one))
    buffer = io.BytesIO()
    BytesGenerator(buffer, mangle_from_=False, policy=POLICY).flatten(message)
    return buffer.getvalue()


def _set_boundary(message: EmailMessage, letter: Letter, name: str) -> None:
    message.set_boundary(_boundary(letter, name))


def _boundary(letter: Letter, name: str) -> str:
    """Return a boundary that is the same every time and that base64 cannot contain."""
    return f"=_greenxl_{name}_{letter.content[:24]}"


def _part(attachment: Attachment) -> EmailMessage:
    name = checked(attachment.name)
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    maintype, subtype = TYPES.get(suffix, "application/octet-stream").split("/")
    part = MIMEBase(maintype, subtype, policy=compat32)
    part.replace_header("Content-Type", f'{maintype}/{subtype};\r\n name="{_encoded_words(name)}"')
    part["Content-Disposition"] = "attachment;\r\n " + _rfc2231("filename", name)
    part.set_payload(attachment.data)
    encode_base64(part)
    return cast(EmailMessage, part)  # a raw part may stand in a message; only its type says no


def _encoded_words(name: str) -> str:
    """Return a name by RFC 2047, folded after every word."""
    return Header(name, "utf-8", maxlinelen=74).encode(linesep="\r\n")


def _rfc2231(parameter: str, name: str) -> str:
    """Return a parameter by RFC 2231, in numbered sections where it is long, no character cut in two."""
    sections = ["utf-8''"]
    for quoted in (quote(character, safe="") for character in name):
        if len(sections[-1]) + len(quoted) > 60:
            sections.append("")
        sections[-1] += quoted
    if len(sections) == 1:
        return f"{parameter}*={sections[0]}"
    return ";\r\n ".join(f"{parameter}*{number}*={text}" for number, text in enumerate(sections))
