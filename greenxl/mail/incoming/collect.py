"""Collecting: the attachments of returned mails over IMAP into the round's folder, each once.

A mail is done when its line is in the journal, which is written after its files; a run that died in between
fetches the mail again and finds its files there already. What was fetched is known by mailbox, UIDVALIDITY
and UID; where a server numbers its mails anew, by the contents of the files.

A mail that cannot be read is reported and tried again in the next two runs, after all others. One of which
the server gives nothing is asked for in every run, as is every mail of a server that gives none at all. One
that was marked as deleted is left, for nobody knows whether it was meant to count.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path, PurePath

from greenxl.campaign.model import Campaign
from greenxl.i18n import _
from greenxl.journals import Journal, Record, open_journal
from greenxl.mail.incoming.inbound import DOCUMENT_SUFFIXES, InboundMail, Part, parse_mail
from greenxl.mail.incoming.mailbox import (
    Mailbox,
    MailError,
    MailSummary,
    NoAnswerError,
    Selection,
    open_mailbox,
)
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
_MOST_FAILURES = 3
"""Runs in which a mail may fail before it is given up."""
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
    failure: str = ""
    """Why it could not be read."""
    failures: int = 0
    """Runs in which that was the mail's own fault, this one included."""
    is_deleted: bool = False
    """It was left because somebody had marked it as deleted."""
    is_done: bool = True
    """False: the next run looks at it again."""

    def __bool__(self) -> bool:
        brought = self.files or self.links or self.documents or self.too_large or self.undelivered
        return bool(brought or self.failure or self.is_deleted)


@dataclass(frozen=True, slots=True)
class _Past:
    """What the journal has of a mailbox, as long as the server numbers its mails as it did."""

    done: frozenset[int]
    """UIDs of mails that are not looked at again."""
    failures: Mapping[int, int]
    """In how many runs mails could not be read, by UID."""
    deleted: frozenset[int]
    """UIDs of mails that were reported as marked as deleted."""
    sample: Sequence[int] = ()
    """The UID of a mail that is done and still there, to see whether the server gives mails at all."""


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
            here = _past(past, place)
            store = ReturnStore(folder, _collected_files(past))
            found = mailbox.search(selection)
            here = replace(here, sample=[uid for uid in found if uid in here.done][-1:])
            uids = [uid for uid in found if uid not in here.done]
            fresh, failed = ([u for u in uids if (u in here.failures) is known] for known in (False, True))
            for batch in chain(_batches(fresh), _batches(failed)):
                mails = _collect_batch(campaign, mailbox, batch, selection, store, here)
                yield from _journaled(mails, batch, place, journal)


def _past(records: Iterable[Record], place: Record) -> _Past:
    """Return what the journal has for this mailbox."""
    here = [record for record in records if all(record[name] == value for name, value in place.items())]
    return _Past(
        done=frozenset(uid for record in here for uid in record["uids"]),
        failures={record["uid"]: record["failures"] for record in here if record.get("failures")},
        deleted=frozenset(record["uid"] for record in here if record.get("deleted")),
    )


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
        if mail or mail.is_done:
            journal.write({**place, **_record(mail)})
        rest.remove(mail.uid)
        if mail:
            yield mail
    if rest:
        journal.write({**place, "uids": sorted(rest)})


def _record(mail: CollectedMail) -> Record:
    """Return a mail's record in the journal; one that is not done has its UID elsewhere."""
    record: Record = {
        "uids": [mail.uid] if mail.is_done else [],
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
    if mail.failure:
        record |= {"uid": mail.uid, "failure": mail.failure, "failures": mail.failures}
    if mail.is_deleted:
        record |= {"uid": mail.uid, "deleted": True}
    return record


def _batches(uids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(uids)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _collect_batch(
    campaign: Campaign,
    mailbox: Mailbox,
    uids: Sequence[int],
    selection: Selection,
    store: ReturnStore,
    past: _Past,
) -> Iterator[CollectedMail]:
    """Yield what some mails brought: every one that was fetched or is not done, others if they brought
    something. Those that failed come last, when the server has shown that it gives others.
    """
    found = mailbox.summaries(uids)
    kept = [s for s in found if selection.has(s) and not s.is_deleted]
    yield from (_left(campaign, s, selection, past) for s in found if s.is_deleted or not selection.has(s))
    links = mailbox.links(s for s in kept if not s.may_hold_files)
    fetched = [s for s in kept if s.uid not in links and s.byte_count <= _LARGEST_MAIL]
    failed: list[tuple[MailSummary, MailError]] = []
    for chunk in _chunks(fetched):
        mails, errors = _read(mailbox, chunk)
        yield from (_left(campaign, s, selection, past) for s, _mail in mails if not selection.has(s))
        yield from _save_files(campaign, [(s, mail) for s, mail in mails if selection.has(s)], store)
        failed += errors
    for summary in kept:
        if summary not in fetched:
            mail = _unfetched(campaign, summary, links.get(summary.uid, ()))
            if mail:
                yield mail
    if failed and not mailbox.has_given:
        mailbox.summaries(past.sample)
    yield from (_failed(s, error, past, is_own_fault=mailbox.has_given) for s, error in failed)


def _read(
    mailbox: Mailbox, summaries: Iterable[MailSummary]
) -> tuple[list[tuple[MailSummary, InboundMail]], list[tuple[MailSummary, MailError]]]:
    """Return the mails that are still there, and those that cannot be read."""
    mails, errors = [], []
    for summary in summaries:
        try:
            mail = _fetched(mailbox, summary.uid)
        except MailError as error:
            errors.append((summary, error))
        else:
            mails += [(_named_by(mail, summary), mail)] if mail else []
    return mails, errors


def _fetched(mailbox: Mailbox, uid: int) -> InboundMail | None:
    """Return a mail, None where it is no longer there.

    :raises MailError: the server does not give it, or it cannot be taken apart.
    """
    data = mailbox.fetch(uid)
    if data is None:
        return None
    try:
        return parse_mail(data)
    except Exception as error:  # noqa: BLE001  (the standard library's parser, RecursionError among them)
        raise MailError(
            _("its parts cannot be taken apart: {kind}").format(kind=type(error).__name__)
        ) from error


def _named_by(mail: InboundMail, summary: MailSummary) -> MailSummary:
    """Return a summary with what only the mail itself told."""
    if summary.sender:
        return summary
    written = f"{mail.date:%Y%m%d}" if mail.date else ""
    return replace(
        summary,
        sender=mail.sender,
        subject=mail.subject,
        day=summary.day if summary.last_day else written or summary.day,
        last_day=max(summary.last_day, written),
    )


def _failed(summary: MailSummary, error: MailError, past: _Past, *, is_own_fault: bool) -> CollectedMail:
    """Return a mail that could not be read; it is given up when that was its own fault in several runs."""
    is_own_fault = is_own_fault and not isinstance(error, NoAnswerError)
    failures = past.failures.get(summary.uid, 0) + is_own_fault
    return CollectedMail(
        uid=summary.uid,
        sender=summary.sender,
        subject=summary.subject,
        day=summary.day,
        failure=str(error),
        failures=failures,
        is_done=is_own_fault and failures >= _MOST_FAILURES,
    )


def _left(campaign: Campaign, summary: MailSummary, selection: Selection, past: _Past) -> CollectedMail:
    """Return a mail that was left as it is; one that is marked as deleted is reported once, if it matters."""
    matters = summary.may_hold_files or summary.sender in _addresses(campaign)
    is_news = summary.is_deleted and summary.uid not in past.deleted
    return CollectedMail(
        uid=summary.uid,
        sender=summary.sender,
        subject=summary.subject,
        day=summary.day,
        is_deleted=is_news and matters and selection.has(summary),
        is_done=False,
    )


def _addresses(campaign: Campaign) -> set[str]:
    """Return the addresses of the campaign's towns."""
    return {town.email.casefold() for town in campaign.towns if town.email}


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
    if sender not in _addresses(campaign):
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
