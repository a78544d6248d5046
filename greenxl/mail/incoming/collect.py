"""Collecting: the attachments of returned mails over IMAP into the round's folder, each once.

A mail is done when its line is in the journal, which is written after its files; a run that died in between
fetches the mail again and finds its files there already. What was fetched is known by mailbox, UIDVALIDITY
and UID; where a server numbers its mails anew, by the contents of the files.

A mail that cannot be read is reported and tried again in the next two runs, after all others. One of which
the server gives nothing is asked for in every run, as is every mail of a server that gives none at all. One
that was marked as deleted is left, for nobody knows whether it was meant to count.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.journals import Journal, Record, open_journal
from greenxl.mail.incoming.bounces import is_report
from greenxl.mail.incoming.inbound import InboundMail, Part
from greenxl.mail.incoming.mailbox import (
    Mailbox,
    MailError,
    MailSummary,
    NoAnswerError,
    Selection,
    open_mailbox,
)
from greenxl.mail.incoming.notices import Notice, Remark, Unreadable, notice_about
from greenxl.mail.incoming.opening import CheckedPart, check_parts, open_mails
from greenxl.mail.incoming.own import own_of
from greenxl.mail.incoming.store import ReturnStore, SavedFile
from greenxl.mail.journal import read_journal
from greenxl.mail.server import Server
from greenxl.rounds.bounces import Bounce

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
    notices: tuple[Notice, ...] = ()
    """What was left in the mailbox or came damaged, and what is to be done about it."""
    foreign_towns: tuple[str, ...] = ()
    """Towns of workbooks whose own address the sender's is not."""
    too_large: bool = False
    """It was not fetched."""
    undelivered: tuple[Bounce, ...] = ()
    """What it reports of mails that could not be delivered, or not yet."""
    failure: str = ""
    """Why it could not be read."""
    failures: int = 0
    """Runs in which that was the mail's own fault, this one included."""
    is_deleted: bool = False
    """It was left because somebody had marked it as deleted."""
    is_done: bool = True
    """False: the next run looks at it again."""

    def __bool__(self) -> bool:
        brought = self.files or self.links or self.notices or self.too_large or self.undelivered
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
            store = ReturnStore(folder, _collected_files(past), own_of(campaign, log.parent))
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
        "left": [n.name for n in mail.notices if n.name and n.name not in {f.name for f in mail.files}],
        "notices": [{"remark": notice.remark, "name": notice.name} for notice in mail.notices],
        "undelivered": [one.record() for one in mail.undelivered],
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
    towns = _addresses(campaign)
    links = mailbox.links(s for s in kept if not _may_matter(s, towns))
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
    fetched: list[tuple[MailSummary, bytes]] = []
    errors: list[tuple[MailSummary, MailError]] = []
    for summary in summaries:
        try:
            data = mailbox.fetch(summary.uid)
        except MailError as error:
            errors.append((summary, error))
        else:
            fetched += [(summary, data)] if data is not None else []
    mails: list[tuple[MailSummary, InboundMail]] = []
    for (summary, _data), mail in zip(fetched, open_mails([data for _s, data in fetched]), strict=True):
        if isinstance(mail, Unreadable):
            errors.append((summary, MailError(mail.reason())))
        else:
            mails.append((_named_by(mail, summary), mail))
    return mails, errors


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
    return replace(
        _of(summary),
        failure=str(error),
        failures=failures,
        is_done=is_own_fault and failures >= _MOST_FAILURES,
    )


def _of(summary: MailSummary) -> CollectedMail:
    """Return a mail that brought nothing."""
    return CollectedMail(uid=summary.uid, sender=summary.sender, subject=summary.subject, day=summary.day)


def _left(campaign: Campaign, summary: MailSummary, selection: Selection, past: _Past) -> CollectedMail:
    """Return a mail that was left as it is; one that is marked as deleted is reported once, if it matters."""
    matters = summary.may_hold_files or summary.sender in _addresses(campaign)
    is_news = summary.is_deleted and summary.uid not in past.deleted
    return replace(
        _of(summary),
        is_deleted=is_news and matters and selection.has(summary),
        is_done=False,
    )


def _addresses(campaign: Campaign) -> set[str]:
    """Return the addresses of the campaign's towns."""
    return {town.email.casefold() for town in campaign.towns if town.email}


def _may_matter(summary: MailSummary, towns: Container[str]) -> bool:
    """Whether more of a mail is wanted than the links in its text."""
    by_town = summary.sender in towns
    return summary.may_hold_files or by_town or is_report(summary.sender, summary.subject)


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
    """Save the files of mails, one mail after the other; what we sent ourselves is none."""
    mails = [(summary, store.own.without(mail)) for summary, mail in mails]
    returns = [part for _summary, mail in mails for part in mail.parts if part.may_be_return]
    checked = check_parts(campaign, returns, store)
    for summary, mail in mails:
        yield _saved(campaign, summary, mail, checked, store)


def _saved(
    campaign: Campaign,
    summary: MailSummary,
    mail: InboundMail,
    checked: Iterator[CheckedPart],
    store: ReturnStore,
) -> CollectedMail:
    """Save what may be returns of a mail; ``checked`` gives the next of them, each in its turn."""
    returns = list(islice(checked, sum(part.may_be_return for part in mail.parts)))
    files = tuple(
        store.save(one.part, town=one.town, sender=summary.sender, day=summary.day) for one in returns
    )
    damaged = (Notice(Remark.DAMAGED, one.part.name) for one in returns if one.is_damaged)
    others = _notices(campaign, summary.sender, mail)
    return replace(
        _of(summary),
        files=files,
        links=mail.links,
        notices=(*damaged, *others),
        foreign_towns=_foreign_towns(campaign, summary.sender, files),
        undelivered=mail.undelivered,
    )


def _notices(campaign: Campaign, sender: str, mail: InboundMail) -> Iterator[Notice]:
    """Yield what to do about a mail besides its returns; of others than towns only what of ours came back."""
    is_town = sender in _addresses(campaign)
    yield from (one for one in mail.notices if is_town or one.remark is Remark.OWN)
    if is_town:
        for part in mail.parts:
            notice = notice_about(part.name, taken=part.may_be_return)
            if notice:
                yield notice


def _unfetched(campaign: Campaign, summary: MailSummary, links: tuple[str, ...]) -> CollectedMail:
    return replace(
        _of(summary),
        links=links,
        notices=tuple(_documents(campaign, summary)),
        too_large=summary.byte_count > _LARGEST_MAIL,
    )


def _documents(campaign: Campaign, summary: MailSummary) -> Iterator[Notice]:
    """Yield what to do about the attachments of a town's mail that was not fetched."""
    if summary.sender in _addresses(campaign):
        for name in summary.file_names:
            notice = notice_about(name, taken=Part(name, b"").may_be_return)
            if notice:
                yield notice


def _foreign_towns(campaign: Campaign, sender: str, files: Iterable[SavedFile]) -> tuple[str, ...]:
    """Return the towns of the files whose address in the campaign is not the sender's."""
    addresses = {town.name: town.email.casefold() for town in campaign.towns if town.email}
    return tuple(dict.fromkeys(f.town for f in files if addresses.get(f.town, sender) != sender))
