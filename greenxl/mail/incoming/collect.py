"""Collecting: the attachments of returned mails over IMAP into the round's folder, each once.

A mail is done when its line is in the journal, which is written after its files; a run that died in between
fetches the mail again and finds its files there already. What was fetched is known by mailbox, UIDVALIDITY
and UID; where a server numbers its mails anew, by the contents of the files.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.journals import Journal, Record, open_journal
from greenxl.mail.incoming.bounces import is_report
from greenxl.mail.incoming.inbound import InboundMail, Part
from greenxl.mail.incoming.mailbox import Mailbox, MailSummary, Selection, open_mailbox
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
    unreadable: Unreadable | None = None
    """Why nothing is known of what it holds."""

    def __bool__(self) -> bool:
        found = self.files or self.links or self.notices or self.undelivered
        return bool(found or self.too_large or self.unreadable)


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
            store = ReturnStore(folder, _collected_files(past), own_of(campaign, log.parent))
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
        "left": [n.name for n in mail.notices if n.name and n.name not in {f.name for f in mail.files}],
        "notices": [{"remark": notice.remark, "name": notice.name} for notice in mail.notices],
        "undelivered": [one.record() for one in mail.undelivered],
        "unreadable": mail.unreadable or "",
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
    towns = _addresses(campaign)
    wanted = [s for s in summaries if s.may_hold_files or s.sender in towns or is_report(s.sender, s.subject)]
    fetched = [s for s in wanted if s.byte_count <= _LARGEST_MAIL]
    for chunk in _chunks(fetched):
        mails = [(summary, mailbox.fetch(summary.uid)) for summary in chunk]
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
    campaign: Campaign, mails: Sequence[tuple[MailSummary, bytes]], store: ReturnStore
) -> Iterator[CollectedMail]:
    """Take mails apart and save their files, one mail after the other."""
    opened = open_mails([data for _summary, data in mails])
    contents = [store.own.without(one) if isinstance(one, InboundMail) else one for one in opened]
    returns = [[p for p in one.parts if p.may_be_return] for one in contents if isinstance(one, InboundMail)]
    checked = check_parts(campaign, list(chain.from_iterable(returns)), store)
    for (summary, _data), content in zip(mails, contents, strict=True):
        if isinstance(content, Unreadable):
            yield _unreadable(summary, content)
        else:
            yield _saved(campaign, summary, content, checked, store)


def _unreadable(summary: MailSummary, reason: Unreadable) -> CollectedMail:
    return CollectedMail(
        uid=summary.uid,
        sender=summary.sender,
        subject=summary.subject,
        day=summary.day,
        unreadable=reason,
    )


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
    return CollectedMail(
        uid=summary.uid,
        sender=summary.sender,
        subject=summary.subject,
        day=summary.day,
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
    return CollectedMail(
        uid=summary.uid,
        sender=summary.sender,
        subject=summary.subject,
        day=summary.day,
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


def _addresses(campaign: Campaign) -> set[str]:
    """Return the towns' mail addresses, in small letters."""
    return {town.email.casefold() for town in campaign.towns if town.email}


def _foreign_towns(campaign: Campaign, sender: str, files: Iterable[SavedFile]) -> tuple[str, ...]:
    """Return the towns of the files whose address in the campaign is not the sender's."""
    addresses = {town.name: town.email.casefold() for town in campaign.towns if town.email}
    return tuple(dict.fromkeys(f.town for f in files if addresses.get(f.town, sender) != sender))
