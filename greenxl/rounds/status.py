"""The status of a round, town by town: what was sent, returned and accepted, and what is still owed. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from greenxl.campaign.model import Campaign
from greenxl.rounds.bounces import Undelivered, iso_day
from greenxl.rounds.evaluate import Round
from greenxl.rounds.owed import Owed, owed_by, towns_by_file
from greenxl.rounds.sendings import BY_HAND, LetterKind, Sending
from greenxl.scoring.choosing import Status

_ACCEPTED = (Status.PASSED, Status.FAILED)


@dataclass(frozen=True, slots=True)
class Collected:
    """A line of the journal of collected mails."""

    day: str
    """As 20210915; "" where the line is of no mail."""
    files: tuple[str, ...]
    """The paths under which its attachments were saved."""
    links: tuple[str, ...]
    """To oversized attachments, which have to be fetched by hand."""

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Collected":
        files = tuple(file["file"] for file in record.get("files", ()))
        return cls(day=record.get("day", ""), files=files, links=tuple(record.get("links", ())))


@dataclass(frozen=True, slots=True)
class Event:
    """When something happened, and how or with what answer."""

    time: str
    """ISO 8601."""
    how: str
    """Of a return: mail or file. Of what went out: hand, or the state that its sending ended in."""


@dataclass(frozen=True, slots=True)
class TownStatus:
    town: str
    blank: Event | None
    """The blank's last sending; None where the round knows of none."""
    returned: Event | None
    """The last return: by mail, or as a file that was put into the folder."""
    files: int
    """Those that hold its communities, and those of its own that hold none."""
    listed: int
    accepted: int
    errors: int
    """As the town's mails count them: a cell that is wrong counts one."""
    missing: tuple[str, ...]
    reminded: Event | None
    sent_back: Event | None
    notified: Event | None = None
    """The last sending of a notice of what to put right."""
    undecided: tuple[str, ...] = ()
    """Communities of which other score columns are filled in, but not the one that counts."""


@dataclass(frozen=True, slots=True)
class RoundStatus:
    campaign: Campaign
    towns: tuple[TownStatus, ...]
    """In campaign order."""
    report: Mapping[str, Event]
    """The report's last sending to each recipient, by name."""
    links: tuple[str, ...]
    """To oversized attachments, which have to be fetched by hand."""
    undelivered: tuple[Undelivered, ...] = ()
    """Whom a mail did not reach, at the address that the campaign has."""

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        campaign = self.campaign
        return {
            "format": 1,
            "campaign": {"id": campaign.id, "title": campaign.title, "year": campaign.year},
            "towns": [_town_document(one, campaign) for one in self.towns],
            "report": {name: asdict(event) for name, event in self.report.items()},
            "links": list(self.links),
            "undelivered": [asdict(one) for one in self.undelivered],
        }


def _town_document(one: TownStatus, campaign: Campaign) -> dict[str, Any]:
    """Return it as plain JSON values, those of several score columns where the campaign has them."""
    values = asdict(one)
    if not campaign.has_levels:
        del values["undecided"]
    return values


def round_status(
    result: Round,
    sent: Iterable[Sending],
    collected: Iterable[Collected],
    saved: Mapping[str, datetime],
    undelivered: tuple[Undelivered, ...] = (),
) -> RoundStatus:
    """Return the status of a round; ``saved`` is when each file was last changed."""
    sent, collected = list(sent), list(collected)
    mailed = {file: iso_day(one.day) for one in collected for file in one.files}
    files = towns_by_file(result)
    towns = []
    for owed in owed_by(result, result.campaign.towns):
        own = sorted(file for file in files if owed.town.name in files[file])
        returns = [event for file in own if (event := _return(file, mailed, saved))]
        towns.append(_town_status(result, owed, len(own), returns, sent))
    return RoundStatus(
        campaign=result.campaign,
        towns=tuple(towns),
        report=_report_sendings(sent),
        links=tuple(dict.fromkeys(link for one in collected for link in one.links)),
        undelivered=undelivered,
    )


def _return(file: str, mailed: Mapping[str, str], saved: Mapping[str, datetime]) -> Event | None:
    """Return when a file came; a member of a zip came with the zip."""
    for path in (PurePosixPath(file), *PurePosixPath(file).parents):
        name = path.as_posix()
        if name in mailed:
            return Event(mailed[name], "mail")
        if name in saved:
            return Event(saved[name].isoformat(timespec="seconds"), "file")
    return None


def _town_status(
    result: Round, owed: Owed, files: int, returns: Sequence[Event], sent: Iterable[Sending]
) -> TownStatus:
    name = owed.town.name
    statuses = [choice.status for choice in result.choices if choice.community.town == name]
    sendings = [one for one in sent if one.name == name]
    return TownStatus(
        town=name,
        blank=_last(sendings, LetterKind.BLANK),
        returned=max(returns, key=lambda one: one.time, default=None),
        files=files,
        listed=len(statuses),
        accepted=sum(status in _ACCEPTED for status in statuses),
        errors=owed.places,
        missing=owed.missing,
        undecided=owed.undecided,
        reminded=_last(sendings, LetterKind.REMINDERS),
        sent_back=_last(sendings, LetterKind.SENDBACK),
        notified=_last(sendings, LetterKind.NOTICES),
    )


def _report_sendings(sent: Sequence[Sending]) -> dict[str, Event]:
    """Return the report's last sending to each recipient, by name."""
    last = {one.name: one for one in sent if one.kind is LetterKind.REPORT}
    return {name: _event(one) for name, one in last.items()}


def _last(sent: Iterable[Sending], kind: LetterKind) -> Event | None:
    found = [one for one in sent if one.kind is kind]
    return _event(found[-1]) if found else None


def _event(last: Sending) -> Event:
    """Return how a last sending ended."""
    return Event(last.time, BY_HAND if last.by_hand else last.state)
