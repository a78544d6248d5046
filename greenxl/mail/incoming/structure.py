"""The parts of a mail as a server describes them (BODYSTRUCTURE), without fetching the mail. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32
from pathlib import PurePath
from typing import Any

from greenxl.mail.incoming.inbound import OTHER_SUFFIXES, parse_mail
from greenxl.mime import part_name

_TEXT_OR_MEDIA = {"text", "image", "audio", "video"}
"""Types of parts that without a name of a file hold none."""
_MAIL_TYPES = {"message", "multipart"}
"""Types of parts that hold others, whatever they are called."""
_LONGEST_PARAMETERS = 4_000
"""Characters; taking apart longer ones is left to the workers, for it may take minutes."""
_TYPE, _SUBTYPE, _PARAMETERS, _ENCODING, _FIRST_OF_THE_REST = 0, 1, 2, 5, 7
"""Where the fields of a part are (RFC 3501, section 7.4.2)."""


class UnreadableStructureError(Exception):
    """A server's description of a mail cannot be understood; what the mail holds is not known."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of a mail that has no parts."""

    section: str
    """The number by which it is fetched."""
    maintype: str
    subtype: str
    encoding: str
    parameters: str
    """As its Content-Type has them, each after a semicolon."""
    name: str
    is_complete: bool
    """Whether the server also said what the part is to be saved as, where that is said at all."""

    @property
    def may_be_file(self) -> bool:
        """Whether it may be a spreadsheet or an archive, or a mail that holds one."""
        suffix = PurePath(self.name).suffix.lower()
        if self.maintype in _MAIL_TYPES:
            return True
        if suffix:
            return suffix not in OTHER_SUFFIXES - {".eml"}
        return self.maintype not in _TEXT_OR_MEDIA or not self.is_complete

    @property
    def is_readable_text(self) -> bool:
        return self.maintype == "text" and self.subtype in ("html", "plain")

    def links(self, data: bytes) -> tuple[str, ...]:
        """Return the links to oversized attachments in its text, given as it is fetched."""
        head = (
            f"Content-Type: text/{self.subtype}{self.parameters}\r\n"
            f"Content-Transfer-Encoding: {self.encoding}\r\n\r\n"
        )
        return parse_mail(head.encode("utf-8", "surrogateescape") + data).links


def leaves(structure: Any) -> tuple[Leaf, ...]:
    """Return the parts that have no parts, given what IMAPClient makes of BODYSTRUCTURE.

    :raises UnreadableStructureError: some part of it is not as it ought to be.
    """
    try:
        return tuple(_leaves(structure))
    except RecursionError as error:
        raise UnreadableStructureError from error


def _leaves(structure: Any, section: str = "") -> Iterator[Leaf]:
    if not isinstance(structure, tuple) or not structure:
        raise UnreadableStructureError
    if not isinstance(structure[0], list):
        yield _leaf(structure, section or "1")
        return
    for number, part in enumerate(structure[0], 1):
        yield from _leaves(part, f"{section}.{number}" if section else str(number))


def _leaf(fields: tuple[Any, ...], section: str) -> Leaf:
    """Return a part by its fields; its name is read by the same rules as in a whole mail."""
    if len(fields) < _FIRST_OF_THE_REST:
        raise UnreadableStructureError
    maintype, subtype = (_token(fields[index]) for index in (_TYPE, _SUBTYPE))
    if not maintype or not subtype or maintype == "multipart":
        raise UnreadableStructureError
    parameters = _parameters(fields[_PARAMETERS])
    part = Message(policy=compat32)
    part["Content-Type"] = f"application/octet-stream{parameters}"
    for disposition in filter(_is_disposition, fields[_FIRST_OF_THE_REST:]):
        part["Content-Disposition"] = f"attachment{_parameters(disposition[1])}"
    return Leaf(
        section=section,
        maintype=maintype,
        subtype=subtype,
        encoding=_token(fields[_ENCODING]) if fields[_ENCODING] else "",
        parameters=parameters,
        name=part_name(part),
        is_complete=len(fields) > (9 if maintype == "text" else 8),
    )


def _is_disposition(field: Any) -> bool:
    """Whether a field is like ``("attachment" ("filename" "a.xlsx"))``; servers have it in several places."""
    return (
        isinstance(field, tuple)
        and len(field) == 2
        and isinstance(field[0], bytes)
        and (field[1] is None or isinstance(field[1], tuple))
    )


def _token(value: Any) -> str:
    """Return a word of the protocol in small letters.

    :raises UnreadableStructureError: it is NIL, a number or a list.
    """
    if not isinstance(value, bytes):
        raise UnreadableStructureError
    return value.decode("ascii", "replace").lower()


def _parameters(pairs: Any) -> str:
    """Return parameters, given as names and values in turn or None, as a header has them.

    :raises UnreadableStructureError: they are not in pairs, or very long.
    """
    if pairs is None:
        return ""
    if not isinstance(pairs, tuple) or len(pairs) % 2:
        raise UnreadableStructureError
    texts = [_parameter_text(one) for one in pairs]
    found = "".join(f'; {name}="{value}"' for name, value in zip(texts[::2], texts[1::2], strict=True))
    if len(found) > _LONGEST_PARAMETERS:
        raise UnreadableStructureError
    return found


def _parameter_text(value: Any) -> str:
    if isinstance(value, bytes):
        text = value.decode("utf-8", "surrogateescape")
        return " ".join(text.splitlines()).replace("\\", r"\\").replace('"', r"\"")
    if isinstance(value, int):  # IMAPClient makes numbers of what is not quoted
        return str(value)
    raise UnreadableStructureError
