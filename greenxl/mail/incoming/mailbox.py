"""A mailbox over IMAP, opened read-only (EXAMINE); mails are peeked at, so nobody else sees a difference.

IMAPClient rather than imap_tools: it speaks ID (which 163 and 126 want before EXAMINE), gives UIDVALIDITY
with EXAMINE's own answer and parses BODYSTRUCTURE, so that pictures are left alone without being fetched.
imap_tools has no ID, asks UIDVALIDITY apart, and fetches headers or whole mails only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from email.message import Message
from email.policy import compat32
from pathlib import PurePath
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError, ProtocolError

from greenxl import __version__
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.mail.incoming.inbound import LONGEST_TEXT, OTHER_SUFFIXES, parse_mail
from greenxl.mail.server import (
    Server,
    answered,
    connection_error,
    login_error,
    lost_because,
    refuse_non_ascii_login,
    refuse_plain,
    tls_context,
)
from greenxl.mime import part_name

_HEADERS = "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]"
_TEXT_OR_MEDIA = {"text", "image", "audio", "video"}
"""Types of parts that without a name of a file hold none."""
_UNKNOWN_DAY = "00000000"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which mails to look at."""

    mailbox: str = "INBOX"
    since: date | None = None
    sender: str = ""
    """A part of the address; "" for every sender."""

    def __post_init__(self) -> None:
        """Refuse what a search cannot carry.

        :raises WrongUseError: a sender in other than ASCII characters, a mailbox with control characters.
        """
        if not self.sender.isascii() or not self.mailbox.isprintable():
            raise WrongUseError(_("--from wants a mail address in ASCII characters, --mailbox a name."))


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A part of a mail that has no parts, as BODYSTRUCTURE describes it."""

    section: str
    """The number by which it is fetched."""
    maintype: str
    subtype: str
    encoding: str
    parameters: str
    """As its Content-Type has them, each after a semicolon."""
    name: str

    @property
    def may_be_file(self) -> bool:
        """Whether it may be a spreadsheet or an archive, or a mail that holds one."""
        suffix = PurePath(self.name).suffix.lower()
        if suffix:
            return suffix not in OTHER_SUFFIXES - {".eml"}
        return self.maintype not in _TEXT_OR_MEDIA

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


@dataclass(frozen=True, slots=True)
class MailSummary:
    """What can be known of a mail without fetching it."""

    uid: int
    sender: str
    """The bare address, in small letters; "" where there is none."""
    subject: str
    day: str
    """When it arrived, like 20210930."""
    byte_count: int
    leaves: tuple[_Leaf, ...] | None
    """None where its structure cannot be read."""

    @property
    def may_hold_files(self) -> bool:
        return self.leaves is None or any(leaf.may_be_file for leaf in self.leaves)

    @property
    def file_names(self) -> tuple[str, ...]:
        return tuple(leaf.name for leaf in self.leaves or () if leaf.name)


@contextmanager
def open_mailbox(server: Server, name: str) -> Iterator["Mailbox"]:
    """Give a mailbox of the server.

    :raises GreenxlError: unreachable, without encryption, not to be trusted, or the login is refused.
    :raises WrongUseError: the server has no such mailbox.
    """
    with _connect(server) as imap:
        yield Mailbox(imap, server, name)


class Mailbox:
    """A mailbox that is open; every method raises GreenxlError where the server breaks off."""

    def __init__(self, imap: IMAPClient, server: Server, name: str) -> None:
        self._imap = imap
        self._server = server
        with _errors_explained(server):
            self.validity = _examine(imap, name)
            """Its UIDVALIDITY: as long as it stays the same, a UID names the same mail."""

    def search(self, selection: Selection) -> list[int]:
        """Return the UIDs of the mails that were selected."""
        criteria: list[object] = ["ALL"]
        if selection.since:
            criteria += ["SINCE", selection.since]
        if selection.sender:
            criteria += ["FROM", selection.sender]
        with _errors_explained(self._server):
            return sorted(self._imap.search(criteria))

    def summaries(self, uids: Sequence[int]) -> list[MailSummary]:
        """Return a summary of each mail that is still there."""
        items = ["RFC822.SIZE", "INTERNALDATE", _HEADERS]
        with _errors_explained(self._server):
            try:
                answers = self._imap.fetch(uids, ["BODYSTRUCTURE", *items])
            except ProtocolError:
                # A structure that IMAPClient cannot read: without it, every mail is fetched.
                answers = self._imap.fetch(uids, items)
        return [_summary(uid, answer) for uid, answer in answers.items()]

    def fetch(self, uid: int) -> bytes:
        """Return a mail, b"" where it is no longer there."""
        answer = self._fetch([uid], ["BODY.PEEK[]"]).get(uid, {})
        return answer.get(b"BODY[]") or b""

    def links(self, summaries: Iterable[MailSummary]) -> dict[int, tuple[str, ...]]:
        """Return the links to oversized attachments in the texts of mails, by UID, each once."""
        leaves_by_section: dict[str, dict[int, _Leaf]] = {}
        for summary in summaries:
            for leaf in summary.leaves or ():
                if leaf.is_readable_text:
                    leaves_by_section.setdefault(leaf.section, {})[summary.uid] = leaf
        found: dict[int, dict[str, None]] = {}
        for section, leaves in leaves_by_section.items():
            item = f"BODY.PEEK[{section}]<0.{LONGEST_TEXT}>"
            for uid, answer in self._fetch(list(leaves), [item]).items():
                text = _value(answer, b"BODY[")
                found.setdefault(uid, {}).update(dict.fromkeys(leaves[uid].links(text)))
        return {uid: tuple(links) for uid, links in found.items()}

    def _fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        with _errors_explained(self._server):
            return self._imap.fetch(uids, items)  # type: ignore[no-any-return]


@contextmanager
def _errors_explained(server: Server) -> Iterator[None]:
    """Turn what IMAPClient raises into one sentence.

    :raises GreenxlError: instead of every error of the protocol or the connection.
    """
    try:
        yield
    except IMAPClientError as error:
        raise GreenxlError(
            _(
                "{server}: the mail server broke off ({reason}). "
                "Run the command again: it goes on where it was."
            ).format(server=server, reason=lost_because(error))
        ) from error
    except OSError as error:
        raise connection_error(server, error) from error


def _connect(server: Server) -> IMAPClient:
    """Return an encrypted connection that is logged in and has said who it is.

    :raises GreenxlError: unreachable, without encryption, not to be trusted, or the login is refused.
    """
    timeout = SocketTimeout(server.timeout, server.timeout)
    try:
        imap = IMAPClient(
            server.host, server.port, ssl=server.implicit_tls, ssl_context=tls_context(), timeout=timeout
        )
        try:
            _log_in(imap, server)
        except BaseException:
            with suppress(IMAPClientError, OSError):
                imap.shutdown()
            raise
        return imap
    except LoginError as error:
        raise login_error(server, answered(error)) from error
    except (IMAPClientError, OSError) as error:
        raise connection_error(server, error) from error


def _log_in(imap: IMAPClient, server: Server) -> None:
    imap.normalise_times = False
    if not server.implicit_tls:
        if imap.has_capability("STARTTLS"):
            imap.starttls(tls_context())
        else:
            refuse_plain(server)
    refuse_non_ascii_login(server)
    imap.login(server.user, server.password)
    if imap.has_capability("ID"):
        imap.id_({"name": "greenxl", "version": __version__})


def _examine(imap: IMAPClient, mailbox: str) -> int:
    """Open the mailbox read-only and return its UIDVALIDITY."""
    try:
        answer = imap.select_folder(mailbox, readonly=True)
    except IMAPClientError as error:
        names = "、".join(str(name) for _flags, _delimiter, name in imap.list_folders())
        raise WrongUseError(
            _(
                "The mailbox “{mailbox}” cannot be opened ({answer}). "
                "Choose one of those on the server with --mailbox: {names}."
            ).format(mailbox=mailbox, answer=answered(error), names=names)
        ) from error
    return int(answer.get(b"UIDVALIDITY", 0))


def _summary(uid: int, answer: Mapping[bytes, Any]) -> MailSummary:
    head = parse_mail(_value(answer, b"BODY[HEADER"))
    structure = answer.get(b"BODYSTRUCTURE")
    moment = answer.get(b"INTERNALDATE") or head.date
    return MailSummary(
        uid=uid,
        sender=head.sender,
        subject=head.subject,
        day=f"{moment:%Y%m%d}" if isinstance(moment, datetime) else _UNKNOWN_DAY,
        byte_count=int(answer.get(b"RFC822.SIZE") or 0),
        leaves=tuple(_leaves(structure)) if structure else None,
    )


def _value(answer: Mapping[bytes, Any], item: bytes) -> bytes:
    """Return the value of the item whose name begins so; servers write the rest of it each in their way."""
    return next((value for name, value in answer.items() if name.startswith(item)), None) or b""


def _leaves(structure: Any, section: str = "") -> Iterator[_Leaf]:
    """Yield the parts that have no parts."""
    if not structure.is_multipart:
        yield _leaf(structure, section or "1")
        return
    for number, part in enumerate(structure[0], 1):
        yield from _leaves(part, f"{section}.{number}" if section else str(number))


def _leaf(fields: Any, section: str) -> _Leaf:
    """Return a part by its fields in BODYSTRUCTURE; its name is read by the same rules as in a whole mail."""
    parameters = _parameters(fields[2])
    part = Message(policy=compat32)
    part["Content-Type"] = f"application/octet-stream{parameters}"
    for field in fields[7:]:
        if isinstance(field, tuple) and len(field) == 2 and isinstance(field[0], bytes):
            part["Content-Disposition"] = f"attachment{_parameters(field[1])}"
    maintype, subtype, encoding = (_token(fields[index]) for index in (0, 1, 5))
    return _Leaf(
        section=section,
        maintype=maintype,
        subtype=subtype,
        encoding=encoding,
        parameters=parameters,
        name=part_name(part),
    )


def _token(value: Any) -> str:
    return value.decode("ascii", "replace").lower() if isinstance(value, bytes) else ""


def _parameters(pairs: Any) -> str:
    """Return parameters, given as names and values in turn, as a header has them."""
    if not isinstance(pairs, tuple):
        return ""
    texts = [p.decode("utf-8", "surrogateescape") if isinstance(p, bytes) else str(p) for p in pairs]
    return "".join(f'; {name}="{value}"' for name, value in zip(texts[::2], texts[1::2], strict=False))
