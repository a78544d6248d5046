"""A letter to the bytes of a message: clean headers, and attachment names that every client shows.

The standard library writes an attachment's name by RFC 2231 alone (``filename*``), which QQ mail shows
as tcmime.bin, and has no way to add the RFC 2047 ``name`` that such clients read. So the parts with
attachments are written raw, both ways.
"""

import io
import re
import unicodedata
from collections.abc import Mapping
from email.encoders import encode_base64
from email.errors import HeaderParseError, MessageError
from email.generator import BytesGenerator
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.policy import SMTP, compat32
from email.utils import formataddr
from typing import cast
from urllib.parse import quote

from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.mail.model import Attachment, Letter

_POLICY = SMTP.clone(refold_source="none")
"""Writes the raw headers of attachments unchanged."""
_LINE, _FOLD = 70, "\r\n "
LARGE_MESSAGE = 20 * 1024 * 1024
"""Bytes from which on many servers refuse a message."""
_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def message_bytes(letter: Letter, sender: str, headers: Mapping[str, str]) -> bytes:
    """Return a letter as a message; ``headers`` are what it has beside From, To and Subject.

    The same values give the same bytes. An empty sender or address gives no such header.

    :raises WrongUseError: an address is wrong, or a header would hold control characters.
    """
    message = EmailMessage(policy=SMTP)
    if sender:
        message.set_raw("From", _mailbox(parse_address(sender)))
    if letter.address:
        address = Address(_header_text(letter.name), addr_spec=bare_address(letter.address))
        message.set_raw("To", _mailbox(address))
    message["Subject"] = _header_text(letter.subject)
    for name, value in headers.items():
        message[name] = value
    return _with_parts(message, letter)


def transfer_size(letter: Letter) -> int:
    """Return about how many bytes a letter's attachments have on their way, in base64."""
    return sum(len(one.data) for one in letter.attachments) * 4 // 3


def parse_address(text: str) -> Address:
    """Return the address in a text like 「住建局 <name@example.cn>」.

    :raises WrongUseError: there is none, or it hides control characters.
    """
    named = re.fullmatch(r"(?s)(.*)<([^<>]*)>\s*", _header_text(text))
    if not named:
        return Address(addr_spec=bare_address(text))
    return Address(named[1].strip().strip('"'), addr_spec=bare_address(named[2]))


def _mailbox(address: Address) -> str:
    """Return a name and an address as a header has them, folded only behind a word.

    The standard library folds before the first one where the line gets long; some servers then see no sender.
    """
    if address.display_name.isascii():
        return formataddr((address.display_name, address.addr_spec))
    name = Header(address.display_name, "utf-8", header_name="From").encode(linesep="\r\n")
    last = len(name.rpartition("\r\n")[2]) + len(address.addr_spec)
    return f"{name}{' ' if last < _LINE else _FOLD}<{address.addr_spec}>"


def bare_address(text: str) -> str:
    """Return an address that mail servers take.

    :raises WrongUseError: it is none, or holds other than ASCII characters.
    """
    text = _header_text(text).strip()
    try:
        address = Address(addr_spec=text)
        good = text.isascii() and bool(address.username and "." in address.domain)
    except (ValueError, IndexError, MessageError):
        good = False
    if not good:
        raise WrongUseError(
            _(
                "“{address}” is not a mail address. Write one like name@example.cn, in ASCII characters."
            ).format(address=text)
        )
    return text


def _header_text(text: str) -> str:
    """Return a text that may stand in a header.

    :raises WrongUseError: it holds control characters, as it is or once it is decoded (RFC 2047).
    """
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text + _decoded(text)):
        shown = "".join(c if c.isprintable() else "�" for c in text)
        raise WrongUseError(
            _("“{text}” contains control characters and cannot be in a mail’s header. Type it again.").format(
                text=shown
            )
        )
    return text


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return ""


def _with_parts(message: EmailMessage, letter: Letter) -> bytes:
    """Return the message with the letter's texts and attachments."""
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    message.set_boundary(_boundary(letter, "text"))
    if letter.attachments:
        message.make_mixed(boundary=_boundary(letter, "parts"))
        for one in letter.attachments:
            message.attach(_part(one))
    buffer = io.BytesIO()
    BytesGenerator(buffer, mangle_from_=False, policy=_POLICY).flatten(message)
    return buffer.getvalue()


def _boundary(letter: Letter, name: str) -> str:
    """Return a boundary that is the same every time and that base64 cannot contain."""
    return f"=_greenxl_{name}_{letter.content_hash[:24]}"


def _part(attachment: Attachment) -> EmailMessage:
    name = _header_text(attachment.name)
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    maintype, subtype = _TYPES.get(suffix, "application/octet-stream").split("/")
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
