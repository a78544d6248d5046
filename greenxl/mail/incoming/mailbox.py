"""The mails of a mailbox; they are peeked at, so nobody else sees a difference.

What a server leaves out is never taken for an answer, and what goes wrong with one mail stays with it: mails
are asked for together, and one by one where that fails.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from greenxl import mime
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.mail.incoming.body_text import LONGEST_TEXT
from greenxl.mail.incoming.imap import AnswerError, BrokenError, ImapConnection
from greenxl.mail.incoming.structure import Leaf, UnreadableStructureError, leaves
from greenxl.mail.server import Server

_HEADERS = "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]"
_ITEMS = ("FLAGS", "RFC822.SIZE", "INTERNALDATE", _HEADERS)
_UNKNOWN_DAY = "00000000"
_LONGEST_HEADER = 16_384
"""Bytes of the header that are read here; a mail may come with megabytes of it."""
_PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]")
"""Reasons of a refusal that pass by themselves (RFC 5530, RFC 9051)."""


class MailError(Exception):
    """One mail cannot be read, others can; the text is the reason."""


class NoAnswerError(MailError):
    """The server has a mail and gives nothing of it; asked again, it may."""


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

    def has(self, mail: "MailSummary") -> bool:
        """Whether a mail is selected; what is not known of it does not exclude it.

        A server's search is not relied on: some refuse FROM and SINCE, some answer them with every mail.
        """
        if self.since and mail.last_day not in ("", _UNKNOWN_DAY) and mail.last_day < f"{self.since:%Y%m%d}":
            return False
        return not mail.sender or self.sender.casefold() in mail.sender

    def searches(self) -> Iterator[list[object]]:
        """Yield what to ask a server for, each wider than the one before."""
        since: list[object] = ["SINCE", self.since] if self.since else []
        sender: list[object] = ["FROM", self.sender] if self.sender else []
        found: list[list[object]] = []
        for criteria in ([*since, *sender], since, sender, []):
            if criteria not in found:
                found.append(criteria)
        return (["ALL", *criteria] for criteria in found)


@dataclass(frozen=True, slots=True)
class MailSummary:
    """What can be known of a mail without fetching it."""

    uid: int
    sender: str = ""
    """The bare address, in small letters; "" where there is none, or it is not known."""
    subject: str = ""
    day: str = _UNKNOWN_DAY
    """When it arrived, like 20210930."""
    last_day: str = ""
    """The later of that and the day that it bears itself."""
    byte_count: int = 0
    """0 where it is not known."""
    is_deleted: bool = False
    """Somebody deleted it, but the mailbox was not cleared since."""
    leaves: tuple[Leaf, ...] | None = None
    """None where its structure cannot be read."""

    @property
    def is_known(self) -> bool:
        """Whether the server gave its header."""
        return bool(self.sender or self.subject)

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
    connection = ImapConnection(server, name)
    try:
        yield Mailbox(connection, server)
    finally:
        connection.close()


class Mailbox:
    """A mailbox that is open; every method raises GreenxlError where the server cannot be used any more."""

    def __init__(self, connection: ImapConnection, server: Server) -> None:
        self._connection = connection
        self._server = server
        self.validity = connection.validity
        """Its UIDVALIDITY: as long as it stays the same, a UID names the same mail."""
        self.has_given = False
        """Whether the server gave a mail or its header yet; one that did not may be out of order."""

    def search(self, selection: Selection) -> list[int]:
        """Return the UIDs of mails, those that were selected among them."""
        for criteria in selection.searches():
            try:
                return self._connection.search(criteria)
            except AnswerError:
                continue  # the next asks for more, and what is too much is left out later
        try:
            return self._connection.every_uid()
        except AnswerError as error:
            raise GreenxlError(
                _("{server}: the server does not list the mails of the mailbox ({reason}).").format(
                    server=self._server, reason=error
                )
            ) from error

    def summaries(self, uids: Sequence[int]) -> list[MailSummary]:
        """Return a summary of each mail that is there; of some little more than the UID may be known."""
        answers = self._fetch_together(uids, ["BODYSTRUCTURE", *_ITEMS])
        found = {uid: _summary(uid, answer) for uid, answer in answers.items() if _header(answer)}
        for uid in uids:
            if uid not in found:
                alone = self._summary_alone(uid)
                if alone:
                    found[uid] = alone
        self.has_given |= any(one.is_known for one in found.values())
        return [found[uid] for uid in uids if uid in found]

    def fetch(self, uid: int) -> bytes | None:
        """Return a mail, None where it is no longer there.

        :raises MailError: the server does not give it.
        """
        try:
            answer = self._fetch_again_if_broken(uid, ["RFC822.SIZE", "BODY.PEEK[]"])
        except AnswerError as error:
            if not self._exists(uid):
                return None
            kind = NoAnswerError if _passes(str(error)) else MailError
            raise kind(str(error)) from error
        data = answer.get(b"BODY[]")
        if isinstance(data, bytes) and data:
            self.has_given = True
            return data
        if not self._exists(uid):
            return None
        if data == b"" and answer.get(b"RFC822.SIZE") == 0:
            raise MailError(_("it is empty"))
        raise NoAnswerError(_("the server gives nothing of it"))

    def links(self, summaries: Iterable[MailSummary]) -> dict[int, tuple[str, ...]]:
        """Return the links to oversized attachments in the texts of mails, by UID, each once.

        A mail of whose texts the server does not give each is left out.
        """
        found: dict[int, dict[str, None]] = {}
        leaves_by_section: dict[str, dict[int, Leaf]] = {}
        for summary in summaries:
            found[summary.uid] = {}
            for leaf in summary.leaves or ():
                if leaf.is_readable_text:
                    leaves_by_section.setdefault(leaf.section, {})[summary.uid] = leaf
        for section, leaves_by_uid in leaves_by_section.items():
            texts = self._texts([uid for uid in leaves_by_uid if uid in found], section)
            for uid, leaf in leaves_by_uid.items():
                links = _links(leaf, texts.get(uid))
                if links is None:
                    found.pop(uid, None)
                elif uid in found:
                    found[uid].update(dict.fromkeys(links))
        return {uid: tuple(links) for uid, links in found.items()}

    def _texts(self, uids: Sequence[int], section: str) -> dict[int, bytes]:
        """Return the beginning of a part of each mail, by UID, as far as the server gives it."""
        answers = self._fetch_together(uids, [f"BODY.PEEK[{section}]<0.{LONGEST_TEXT}>"])
        name = f"BODY[{section}]".encode()
        texts = {uid: _value(answer, name) for uid, answer in answers.items()}
        return {uid: text for uid, text in texts.items() if text is not None}

    def _fetch_together(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """Return what the server gives of mails; nothing where it is at odds with one of them."""
        try:
            return self._connection.fetch(uids, items)
        except AnswerError:
            return {}

    def _summary_alone(self, uid: int) -> MailSummary | None:
        """Return the summary of a mail that could not be asked for with others, None where it is gone."""
        best = MailSummary(uid)
        for items in (["BODYSTRUCTURE", *_ITEMS], _ITEMS):
            answer = self._fetch_together([uid], items).get(uid, {})
            if answer:
                best = _summary(uid, answer)
            if _header(answer):
                return best
        return best if self._exists(uid) else None

    def _fetch_again_if_broken(self, uid: int, items: Sequence[str]) -> dict[bytes, Any]:
        """Return what the server gives of a mail, asked twice where the network may have been the fault.

        :raises AnswerError: it refuses, or its answer cannot be read.
        """
        try:
            return self._connection.fetch([uid], items).get(uid, {})
        except BrokenError as error:
            if not error.is_first:
                raise
            return self._connection.fetch([uid], items).get(uid, {})

    def _exists(self, uid: int) -> bool:
        """Whether the server still has a mail; what it does not deny in two ways it has."""
        try:
            self._connection.refresh()
            return any(uid in self._connection.search(asked) for asked in (["UID", str(uid)], ["ALL"]))
        except AnswerError:
            return True


def _passes(reason: str) -> bool:
    return any(code in reason.upper() for code in _PASSING)


def _summary(uid: int, answer: Mapping[bytes, Any]) -> MailSummary:
    header = _header(answer)
    head = mime.parse_head(header)
    written = mime.date(head)
    arrived = answer.get(b"INTERNALDATE")
    days = [f"{day:%Y%m%d}" for day in (arrived, written) if isinstance(day, datetime)]
    size = answer.get(b"RFC822.SIZE")
    return MailSummary(
        uid=uid,
        sender=mime.sender(head),
        subject=mime.subject(head),
        day=days[0] if days else _UNKNOWN_DAY,
        last_day=max(days, default=""),
        byte_count=size if isinstance(size, int) else 0,
        is_deleted=rb"\deleted" in _flags(answer),
        leaves=_leaves(answer.get(b"BODYSTRUCTURE")) if header else None,
    )


def _header(answer: Mapping[bytes, Any]) -> bytes:
    """Return the header that a server gave, b"" where it gave none."""
    return (_value(answer, b"BODY[HEADER") or b"")[:_LONGEST_HEADER]


def _flags(answer: Mapping[bytes, Any]) -> list[bytes]:
    flags = answer.get(b"FLAGS")
    return [flag.lower() for flag in flags if isinstance(flag, bytes)] if isinstance(flags, tuple) else []


def _leaves(structure: Any) -> tuple[Leaf, ...] | None:
    try:
        return leaves(structure)
    except UnreadableStructureError:
        return None


def _value(answer: Mapping[bytes, Any], item: bytes) -> bytes | None:
    """Return the value of the item whose name begins so; servers write the rest of it each in their way."""
    value = next((value for name, value in answer.items() if name.startswith(item)), None)
    return value if isinstance(value, bytes) else None


def _links(leaf: Leaf, text: bytes | None) -> tuple[str, ...] | None:
    """Return the links in a text, None where they cannot be known without the whole mail."""
    if text is None:
        return None
    try:
        return leaf.links(text)
    except mime.LimitError:
        return None
