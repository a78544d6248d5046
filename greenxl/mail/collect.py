"""Collecting: the attachments of returned mails over IMAP into the round's folder, each once.

The mailbox is opened read-only (EXAMINE) and mails are peeked at, so nobody else sees a difference. A mail is
done when its line stands in the journal, which is written after its files; a run that died in between fetches
the mail again and finds its files there already. What was fetched is known by mailbox, UIDVALIDITY and UID;
where a server numbers its mails anew, by the contents of the files.

IMAPClient rather than imap_tools: it speaks ID (which 163 and 126 want before EXAMINE), gives UIDVALIDITY
with EXAMINE's own answer and parses BODYSTRUCTURE, so that pictures are left alone without being fetched.
imap_tools has no ID, asks UIDVALIDITY apart, and fetches headers or whole mails only.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from email.message import Message
from email.policy import compat32
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError, ProtocolError

from greenxl import __version__
from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.mail.inbound import (
    ARCHIVES,
    LONGEST_TEXT,
    OTHERS,
    PAPERS,
    SHEETS,
    Arrived,
    Part,
    name_of,
    parse,
)
from greenxl.mail.journal import Journal, Record, opened, read
from greenxl.mail.server import TIMEOUT, Server, encryption, login_refused, refuse_plain, unreachable
from greenxl.names import safe_file_name
from greenxl.output_files import write_whole
from greenxl.returns.intake import fingerprint, take_in
from greenxl.returns.pool import read_all

INBOX = "INBOX"
BATCH = 100
"""Mails that are looked at in one question."""
CHUNK = 20
"""Mails whose files are read by one crew of workers."""
LARGEST = 100 * 1024 * 1024
"""A mail above this is not fetched, and so much is held in memory at once."""
NAME_LENGTH = 60
_NOT_ATTACHMENTS = {b"text", b"image", b"audio", b"video"}


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that came with a mail."""

    name: str
    path: Path
    town: str
    """By the identity in the workbook; "" where there is none."""
    sha256: str
    new: bool
    """False: the same contents had been there before."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What one mail brought."""

    uid: int
    sender: str
    subject: str
    day: str
    saved: tuple[Saved, ...] = ()
    links: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """What a town sent beside or instead of the form: scans, texts."""
    strange: tuple[str, ...] = ()
    """Towns of workbooks whose own address the sender's is not."""
    too_large: bool = False
    undelivered: tuple[str, ...] = ()
    """Addresses that a mail of ours could not be delivered to, each with the reason."""

    def __bool__(self) -> bool:
        return bool(self.saved or self.links or self.left or self.too_large or self.undelivered)


@dataclass(frozen=True, slots=True)
class Selection:
    mailbox: str = INBOX
    since: date | None = None
    sender: str = ""


EVERYTHING = Selection()


def collect(
    campaign: Campaign,
    server: Server,
    password: str,
    folder: Path,
    log: Path,
    selection: Selection = EVERYTHING,
    *,
    again: bool = False,
    insecure: bool = False,
    timeout: float = TIMEOUT,
) -> Iterator[Mail]:
    """Bring new attachments into ``folder`` and yield every mail that brought something.

    :raises GreenxlError: the server cannot be used, or a file cannot be written; what was done stays done.
    """
    with opened(log) as journal:
        past = [] if again else read(log)
        try:
            with connected(server, password, insecure, timeout) as imap:
                name = f"{server.user}@{server.host}/{selection.mailbox}"
                validity = _examine(imap, selection.mailbox)
                done = _done(past, name, validity)
                uids = [uid for uid in _search(imap, selection) if uid not in done]
                store = _Store(campaign, folder, past)
                place: Record = {"mailbox": name, "validity": validity}
                for batch in _batches(uids, BATCH):
                    yield from _batch(imap, batch, store, journal, place)
        except (IMAPClientError, OSError) as error:
            raise _broken(server, error) from error


def _done(past: Iterable[Record], place: str, validity: int) -> set[int]:
    """Return the UIDs that the journal has for this mailbox, as long as the server numbers as it did."""
    return {
        uid
        for record in past
        if (record["mailbox"], record["validity"]) == (place, validity)
        for uid in record["uids"]
    }


def _batches(uids: Iterable[int], size: int) -> Iterator[list[int]]:
    rest = iter(uids)
    while batch := list(islice(rest, size)):
        yield batch


def _broken(server: Server, error: Exception) -> GreenxlError:
    if isinstance(error, IMAPClientError):
        return GreenxlError(
            _(
                "{server}: the mail server broke off ({reason}). "
                "Run the command again: it goes on where it was."
            ).format(server=server, reason=error)
        )
    return unreachable(server, error)


def connected(server: Server, password: str, insecure: bool, timeout: float) -> IMAPClient:
    """Return an encrypted connection that is logged in and has said who it is.

    :raises GreenxlError: unreachable, without encryption, not to be trusted, or the login is refused.
    """
    limits = SocketTimeout(timeout, timeout)
    try:
        imap = IMAPClient(
            server.host, server.port, ssl=server.implicit, ssl_context=encryption(), timeout=limits
        )
    except (IMAPClientError, OSError) as error:
        raise unreachable(server, error) from error
    try:
        imap.normalise_times = False
        if not server.implicit:
            if imap.has_capability("STARTTLS"):
                imap.starttls(encryption())
            else:
                refuse_plain(server, insecure)
        imap.login(server.user, password)
        if imap.has_capability("ID"):
            imap.id_({"name": "greenxl", "version": __version__})
        return imap
    except UnicodeEncodeError:
        failure = login_refused(server, _("user or password holds other than ASCII characters"))
    except LoginError as error:
        failure = login_refused(server, str(error))
    except (IMAPClientError, OSError) as error:
        failure = unreachable(server, error)
    except GreenxlError as error:
        failure = error
    with suppress(IMAPClientError, OSError):
        imap.shutdown()
    raise failure


def _examine(imap: IMAPClient, mailbox: str) -> int:
    """Open the mailbox read-only and return its UIDVALIDITY."""
    try:
        answer = imap.select_folder(mailbox, readonly=True)
    except IMAPClientError as error:
        names = "、".join(str(name) for _flags, _delimiter, name in imap.list_folders())
        raise WrongUseError(
            _(
                "The mailbox “{mailbox}” cannot be opened ({reason}). "
                "Name one that the server has with --mailbox: {names}."
            ).format(mailbox=mailbox, reason=error, names=names)
        ) from error
    return int(answer.get(b"UIDVALIDITY", 0))


def _search(imap: IMAPClient, selection: Selection) -> list[int]:
    criteria: list[object] = ["ALL"]
    if selection.since:
        criteria += ["SINCE", selection.since]
    if selection.sender:
        criteria += ["FROM", selection.sender]
    return sorted(imap.search(criteria))


def _batch(
    imap: IMAPClient, uids: Sequence[int], store: "_Store", journal: Journal, place: Record
) -> Iterator[Mail]:
    """Look at some mails, bring what they hold, and write down that they are done."""
    seen = [_Seen(uid, facts) for uid, facts in _facts(imap, uids).items()]
    fetched = [one for one in seen if one.may_hold_files and one.size <= LARGEST]
    for chunk in _chunks(fetched):
        for mail in store.keep([(one, parse(_body(imap, one.uid))) for one in chunk]):
            journal.write({**place, "uids": [mail.uid], **_told(mail)})
            if mail:
                yield mail
    done = {one.uid for one in fetched}
    linked = _links(imap, [one for one in seen if not one.may_hold_files])
    for one in seen:
        if one.uid not in done:
            mail = store.note(one, linked.get(one.uid, ()))
            if mail:
                done.add(one.uid)
                journal.write({**place, "uids": [mail.uid], **_told(mail)})
                yield mail
    rest = [uid for uid in uids if uid not in done]
    if rest:
        journal.write({**place, "uids": rest})


def _told(mail: Mail) -> Record:
    return {
        "sender": mail.sender,
        "subject": mail.subject,
        "day": mail.day,
        "files": [
            {"name": s.name, "file": s.path.as_posix(), "town": s.town, "sha256": s.sha256, "new": s.new}
            for s in mail.saved
        ],
        "links": list(mail.links),
        "left": list(mail.left),
        "undelivered": list(mail.undelivered),
    }


HEAD = "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]"


def _facts(imap: IMAPClient, uids: Sequence[int]) -> dict[int, dict[bytes, Any]]:
    """Return what can be known of mails without fetching them."""
    items = ["RFC822.SIZE", "INTERNALDATE", HEAD]
    try:
        return imap.fetch(uids, ["BODYSTRUCTURE", *items])  # type: ignore[no-any-return]
    except ProtocolError:  # a structure that IMAPClient cannot read: without it, every mail is fetched
        return imap.fetch(uids, items)  # type: ignore[no-any-return]


class _Seen:
    """A mail that has been looked at from outside."""

    def __init__(self, uid: int, facts: Mapping[bytes, Any]) -> None:
        self.uid = uid
        self.size = int(facts.get(b"RFC822.SIZE") or 0)
        self.head = parse(next((v for k, v in facts.items() if k.startswith(b"BODY[HEADER")), b"") or b"")
        structure = facts.get(b"BODYSTRUCTURE")
        self.leaves = dict(_leaves(structure)) if structure else {}
        self.may_hold_files = structure is None or any(map(_may_be_file, self.leaves.values()))
        moment = facts.get(b"INTERNALDATE") or self.head.date
        self.day = f"{moment:%Y%m%d}" if isinstance(moment, datetime) else "00000000"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(filter(None, map(_leaf_name, self.leaves.values())))


def _leaves(structure: Any, section: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the parts that have no parts, each with the number by which it is fetched."""
    if not structure.is_multipart:
        yield section or "1", structure
        return
    for number, part in enumerate(structure[0], 1):
        yield from _leaves(part, f"{section}.{number}" if section else str(number))


def _may_be_file(leaf: Any) -> bool:
    """Whether a part may be a spreadsheet or an archive, or a mail that holds one."""
    suffix = PurePath(_leaf_name(leaf)).suffix.lower()
    if suffix:
        return suffix not in OTHERS - {".eml"}
    return leaf[0].lower() not in _NOT_ATTACHMENTS


def _leaf_name(leaf: Any) -> str:
    """Return a part's name by its BODYSTRUCTURE, read by the same rules as in a whole mail."""
    part = Message(policy=compat32)
    part["Content-Type"] = f"application/octet-stream{_parameters(leaf[2])}"
    for item in leaf[7:]:
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], bytes):
            part["Content-Disposition"] = f"attachment{_parameters(item[1])}"
    return name_of(part)


def _parameters(pairs: Any) -> str:
    if not isinstance(pairs, tuple):
        return ""
    texts = [p.decode("utf-8", "surrogateescape") if isinstance(p, bytes) else str(p) for p in pairs]
    return "".join(f'; {name}="{value}"' for name, value in zip(texts[::2], texts[1::2], strict=False))


def _chunks(seen: Iterable[_Seen]) -> Iterator[list[_Seen]]:
    """Yield the mails in lots that memory holds, so that one crew of readers serves many."""
    chunk: list[_Seen] = []
    for one in seen:
        if chunk and (len(chunk) == CHUNK or sum(c.size for c in chunk) + one.size > LARGEST):
            yield chunk
            chunk = []
        chunk.append(one)
    if chunk:
        yield chunk


def _body(imap: IMAPClient, uid: int) -> bytes:
    return imap.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]") or b""


def _links(imap: IMAPClient, seen: Iterable[_Seen]) -> dict[int, tuple[str, ...]]:
    """Return the links to oversized attachments in the texts of mails without files."""
    sections: dict[str, dict[int, Any]] = {}
    for one in seen:
        for section, leaf in one.leaves.items():
            if leaf[0].lower() == b"text" and leaf[1].lower() in (b"html", b"plain"):
                sections.setdefault(section, {})[one.uid] = leaf
    found: dict[int, tuple[str, ...]] = {}
    for section, leaves in sections.items():
        for uid, answer in imap.fetch(list(leaves), [f"BODY.PEEK[{section}]<0.{LONGEST_TEXT}>"]).items():
            text = next((v for k, v in answer.items() if k.startswith(b"BODY[")), None) or b""
            found[uid] = tuple(dict.fromkeys((*found.get(uid, ()), *_links_in(leaves[uid], text))))
    return found


def _links_in(leaf: Any, text: bytes) -> tuple[str, ...]:
    """Return the links in a part's text, decoded as its structure says."""
    subtype, encoding = (leaf[i].decode("ascii", "replace") for i in (1, 5))
    head = (
        f"Content-Type: text/{subtype}{_parameters(leaf[2])}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return parse(head.encode("utf-8", "surrogateescape") + text).links


class _Store:
    """The folder of returns: knows what it holds, and puts each new file where it belongs."""

    def __init__(self, campaign: Campaign, folder: Path, past: Iterable[Record]) -> None:
        self._campaign = campaign
        self._addresses = {town.email.casefold() for town in campaign.towns if town.email}
        self._folder = folder
        self._held: dict[str, Path] = {}
        for record in past:
            for file in record.get("files", ()):
                self._held.setdefault(file["sha256"], Path(file["file"]))
        for path in folder.rglob(".greenxl-*.tmp"):
            path.unlink(missing_ok=True)  # what a killed run left; it may be whole, but it has no name
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest = fingerprint(path)[0]
                if digest:
                    self._held[digest] = path

    def keep(self, mails: Sequence[tuple[_Seen, Arrived]]) -> Iterator[Mail]:
        """Save the files of mails, one mail after the other."""
        wanted = [[part for part in arrived.parts if part.wanted] for _seen, arrived in mails]
        towns = iter(_towns(self._campaign, [part for parts in wanted for part in parts]))
        for (seen, arrived), parts in zip(mails, wanted, strict=True):
            owners = [next(towns) for _part in parts]
            saved = [self._save(part, town, seen) for part, town in zip(parts, owners, strict=True)]
            others = tuple(part.name for part in arrived.parts if not part.wanted)
            yield Mail(
                seen.uid,
                seen.head.sender,
                seen.head.subject,
                seen.day,
                tuple(saved),
                arrived.links,
                self._papers(seen, others),
                _strange(self._campaign, seen.head.sender, owners),
                undelivered=arrived.undelivered,
            )

    def note(self, seen: _Seen, links: tuple[str, ...]) -> Mail:
        """Return a mail that was not fetched, with what is to be told of it."""
        head = seen.head
        left = self._papers(seen, seen.names)
        return Mail(
            seen.uid, head.sender, head.subject, seen.day, (), links, left, too_large=seen.size > LARGEST
        )

    def _papers(self, seen: _Seen, names: Iterable[str]) -> tuple[str, ...]:
        """Return the names of what a town sent instead of the form; of other senders nobody wants to know."""
        if seen.head.sender not in self._addresses:
            return ()
        return tuple(name for name in names if PurePath(name).suffix.lower() in PAPERS)

    def _save(self, part: Part, town: str, seen: _Seen) -> Saved:
        digest = hashlib.sha256(part.data).hexdigest()
        held = self._held.get(digest)
        if held:
            return Saved(part.name, held, town, digest, False)
        whose = safe_file_name(town or seen.head.sender or "unknown")
        path = self._folder / whose / f"{seen.day}-{digest[:8]}-{_file_name(part.name)}"
        write_whole(path, part.data)
        self._held[digest] = path
        return Saved(part.name, path, town, digest, True)


def _file_name(name: str) -> str:
    """Return a safe name that keeps its suffix however long it is."""
    path = PurePath(re.sub(r"[\\/]", "_", name) or "attachment")
    suffix = path.suffix.lower()
    if suffix not in SHEETS | ARCHIVES:
        return safe_file_name(path.name[:NAME_LENGTH])
    return safe_file_name(path.stem[:NAME_LENGTH]) + suffix


def _towns(campaign: Campaign, parts: Sequence[Part]) -> list[str]:
    """Return the town that each file's workbooks say they are of, "" where they say none or several.

    They are read where reading cannot hurt: in processes that may die.
    """
    if not parts:
        return []
    with tempfile.TemporaryDirectory(prefix="greenxl-", ignore_cleanup_errors=True) as temporary:
        paths = [Path(temporary, str(number)) for number in range(len(parts))]
        for path, part in zip(paths, parts, strict=True):
            path.write_bytes(part.data)
        sources = take_in(paths).sources
        found: dict[Path, set[str]] = {path: set() for path in paths}
        for source, reading in zip(sources, read_all(sources, campaign), strict=True):
            for sheet in reading.sheets:
                town = campaign.find_town(sheet.identity.town) if sheet.identity else None
                if town:
                    found[source.path].add(town.name)
    return [next(iter(towns)) if len(towns) == 1 else "" for towns in found.values()]


def _strange(campaign: Campaign, sender: str, towns: Iterable[str]) -> tuple[str, ...]:
    """Return the towns whose address in the campaign is not the sender's."""
    addresses = {town.name: town.email.casefold() for town in campaign.towns}
    return tuple(dict.fromkeys(t for t in towns if t and addresses[t] and addresses[t] != sender))
