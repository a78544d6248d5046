"""Collecting: the attachments of returned mails over IMAP into the round's folder, each once.

A mail is done when its line is in the journal, which is written after its files; a run that died in between
fetches the mail again and finds its files there already. What was fetched is known by mailbox, UIDVALIDITY
and UID; where a server numbers its mails anew, by the contents of the files.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path, PurePath

from greenxl.campaign.model import Campaign
from greenxl.journals import Journal, Record, open_journal
from greenxl.mail.incoming.inbound import DOCUMENT_SUFFIXES, InboundMail, Part, parse_mail
from greenxl.mail.incoming.mailbox import Mailbox, MailSummary, Selection, open_mailbox
from greenxl.mail.incoming.store import ReturnStore, SavedFile
from greenxl.mail.journal import read_journal
from greenxl.mail.server import Server
from greenxl.returns.intake import take_in
from greenxl.returns.pool import read_all

_BATCH = 100
"""Mails whose summaries are asked for at once."""
_CHUNK = 20
"""Mails whose files are read by one pool of workers."""
_LARGEST_MAIL = 100 * 1024 * 1024
"""Bytes; a mail above this is not fetched, and so much is held in memory at once."""
_EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class CollectedMail:
    """What one mail brought; false if nothing."""

    uid: int
    sender: str
    subject: str
    day: str
    """When it arrived, like 20210930."""
    files: tuple[SavedFile, ...] = ()
    links: tuple[str, ...] = ()
    """To oversized attachments, which have to be fetched by hand."""
    documents: tuple[str, ...] = ()
    """Names of scans and texts that a town sent beside or instead of the form."""
    foreign_towns: tuple[str, ...] = ()
    """Towns of workbooks whose own address the sender's is not."""
    too_large: bool = False
    """It was not fetched."""
    undelivered: tuple[str, ...] = ()
    """Addresses that a mail of ours could not be delivered to, each with the reason."""

    def __bool__(self) -> bool:
        return bool(self.files or self.links or self.documents or self.too_large or self.undelivered)


def collect(
    campaign: Campaign,
    server: Server,
    folder: Path,
    log: Path,
    selection: Selection = _EVERYTHING,
    *,
    again: bool = False,
) -> Iterator[CollectedMail]:
    """Bring new attachments into ``folder`` and yield every mail that brought something.

    :param log: the file of the journal of collected mails.
    :param again: look at mails again that were collected before.
    :raises GreenxlError: the server cannot be used, or a file cannot be written; what was done stays done.
    """
    with open_journal(log) as journal:
        past = [] if again else read_journal(log)
        with open_mailbox(server, selection.mailbox) as mailbox:
            place: Record = {
                "mailbox": f"{server.user}@{server.host}/{selection.mailbox}",
                "validity": mailbox.validity,
            }
            done = _done_uids(past, place)
            store = ReturnStore(folder, _collected_files(past))
            for uids in _batches(uid for uid in mailbox.search(selection) if uid not in done):
                mails = _collect_batch(campaign, mailbox, uids, store)
                yield from _journaled(mails, uids, place, journal)


def _done_uids(past: Iterable[Record], place: Record) -> set[int]:
    """Return the UIDs that the journal has for this mailbox, as long as the server numbers as it did."""
    here = [record for record in past if all(record[name] == value for name, value in place.items())]
    return {uid for record in here for uid in record["uids"]}


def _collected_files(past: Iterable[Record]) -> dict[str, Path]:
    """Return where the files of earlier runs were saved first, by SHA-256."""
    found: dict[str, Path] = {}
    for file in (file for record in past for file in record.get("files", ())):
        found.setdefault(file["sha256"], Path(file["file"]))
    return found


def _journaled(
    mails: Iterable[CollectedMail], uids: Iterable[int], place: Record, journal: Journal
) -> Iterator[CollectedMail]:
    """Write down each mail when it is done and yield those that brought something; write down the rest."""
    rest = set(uids)
    for mail in mails:
        journal.write({**place, **_record(mail)})
        rest.remove(mail.uid)
        if mail:
            yield mail
    if rest:
        journal.write({**place, "uids": sorted(rest)})


def _record(mail: CollectedMail) -> Record:
    """Return a mail's record in the journal."""
    return {
        "uids": [mail.uid],
        "sender": mail.sender,
        "subject": mail.subject,
        "day": mail.day,
        "files": [
            {"name": f.name, "file": f.path.as_posix(), "town": f.town, "sha256": f.sha256, "new": f.is_new}
            for f in mail.files
        ],
        "links": list(mail.links),
        "left": list(mail.documents),
        "undelivered": list(mail.undelivered),
    }


def _batches(uids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(uids)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _collect_batch(
    campaign: Campaign, mailbox: Mailbox, uids: Sequence[int], store: ReturnStore
) -> Iterator[CollectedMail]:
    """Yield what some mails brought: every one that was fetched, and others if they brought something."""
    summaries = mailbox.summaries(uids)
    fetched = [s for s in summaries if s.may_hold_files and s.byte_count <= _LARGEST_MAIL]
    for chunk in _chunks(fetched):
        mails = [(summary, parse_mail(mailbox.fetch(summary.uid))) for summary in chunk]
        yield from _save_files(campaign, mails, store)
    links = mailbox.links(s for s in summaries if not s.may_hold_files)
    for summary in summaries:
        if summary not in fetched:
            mail = _unfetched(campaign, summary, links.get(summary.uid, ()))
            if mail:
                yield mail


def _chunks(summaries: Iterable[MailSummary]) -> Iterator[list[MailSummary]]:
    """Yield the mails in lots that memory holds, so that one pool of workers serves many."""
    chunk: list[MailSummary] = []
    for summary in summaries:
        byte_count = summary.byte_count + sum(one.byte_count for one in chunk)
        if chunk and (len(chunk) == _CHUNK or byte_count > _LARGEST_MAIL):
            yield chunk
            chunk = []
        chunk.append(summary)
    if chunk:
        yield chunk


def _save_files(
    campaign: Campaign, mails: Sequence[tuple[MailSummary, InboundMail]], store: ReturnStore
) -> Iterator[CollectedMail]:
    """Save the files of mails, one mail after the other."""
    returns = [[part for part in mail.parts if part.may_be_return] for _summary, mail in mails]
    towns = iter(_towns(campaign, list(chain.from_iterable(returns))))
    for (summary, mail), parts in zip(mails, returns, strict=True):
        files = tuple(
            store.save(part, town=next(towns), sender=summary.sender, day=summary.day) for part in parts
        )
        names = (part.name for part in mail.parts if not part.may_be_return)
        yield CollectedMail(
            uid=summary.uid,
            sender=summary.sender,
            subject=summary.subject,
            day=summary.day,
            files=files,
            links=mail.links,
            documents=_documents(campaign, summary.sender, names),
            foreign_towns=_foreign_towns(campaign, summary.sender, files),
            undelivered=mail.undelivered,
        )


def _unfetched(campaign: Campaign, summary: MailSummary, links: tuple[str, ...]) -> CollectedMail:
    return CollectedMail(
        uid=summary.uid,
        sender=summary.sender,
        subject=summary.subject,
        day=summary.day,
        links=links,
        documents=_documents(campaign, summary.sender, summary.file_names),
        too_large=summary.byte_count > _LARGEST_MAIL,
    )


def _documents(campaign: Campaign, sender: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of scans and texts that a town sent; of other senders nobody wants to know."""
    if sender not in {town.email.casefold() for town in campaign.towns if town.email}:
        return ()
    return tuple(name for name in names if PurePath(name).suffix.lower() in DOCUMENT_SUFFIXES)


def _foreign_towns(campaign: Campaign, sender: str, files: Iterable[SavedFile]) -> tuple[str, ...]:
    """Return the towns of the files whose address in the campaign is not the sender's."""
    addresses = {town.name: town.email.casefold() for town in campaign.towns if town.email}
    return tuple(dict.fromkeys(f.town for f in files if addresses.get(f.town, sender) != sender))


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
