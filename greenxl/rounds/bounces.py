"""Mails of ours that came back: which sending a server's report is about, and what that makes of it. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from greenxl.campaign.model import Campaign
from greenxl.rounds.sendings import SendState

_OUR_ID = re.compile(r"<?([0-9a-f]{32})\.(\d+)@.*", re.DOTALL)
"""The Message-ID of a letter: how its key begins, and how often it had been sent before."""
_TRIED = (SendState.SENDING, SendState.SENT, SendState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A server's report that it could not deliver a mail, or not yet."""

    address: str = ""
    """Whom it was for; "" where the report does not say so in a way that programs read."""
    reason: str = ""
    """In the server's own words."""
    delayed: bool = False
    """The server goes on trying."""
    message_id: str = ""
    """Of the mail that could not be delivered; "" where the report does not hold it."""
    mentioned: tuple[str, ...] = ()
    """The addresses in its text, where it does not say whom the mail was for."""
    day: str = ""
    """When the report arrived, like 20210930; "" where that is not known."""
    seen: str = ""
    """When it was first collected, ISO 8601; "" where that is not known."""

    def record(self) -> dict[str, Any]:
        """Return what the journal of collected mails says of it beside the days, which it has of the mail."""
        return {
            "address": self.address,
            "reason": self.reason,
            "delayed": self.delayed,
            "message_id": self.message_id,
            "mentioned": list(self.mentioned),
        }

    @classmethod
    def of(cls, record: Mapping[str, Any] | str, day: str, seen: str) -> "Bounce":
        """Return what a journal says; an older one has the address and the reason in one text."""
        if isinstance(record, str):
            address, _, reason = record.partition(" (")
            return cls(address=address, reason=reason.removesuffix(")"), day=day, seen=seen)
        return cls(
            address=record["address"],
            reason=record["reason"],
            delayed=record["delayed"],
            message_id=record["message_id"],
            mentioned=tuple(record["mentioned"]),
            day=day,
            seen=seen,
        )


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Somebody of the campaign whom a mail did not reach."""

    name: str
    address: str
    day: str
    """When that was reported, like 20210930."""
    reason: str
    delayed: bool


def bounces_in(collected: Iterable[Mapping[str, Any]]) -> list[Bounce]:
    """Return the reports in the records of the journal of collected mails, each once."""
    found = [
        Bounce.of(one, record.get("day", ""), record.get("time", ""))
        for record in collected
        for one in record.get("undelivered", ())
    ]
    first: dict[Bounce, Bounce] = {}
    for one in found:
        first.setdefault(replace(one, seen=""), one)
    return list(first.values())


def with_bounces(
    sent: Sequence[Mapping[str, Any]], collected: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the records of the send log, each that came back followed by one that says so."""
    returned: dict[int, Bounce] = {}
    for one in bounces_in(collected):
        place = None if one.delayed else _place(one, sent)
        if place is not None:
            returned[place] = one
    found: list[dict[str, Any]] = []
    for place, record in enumerate(sent):
        found.append(dict(record))
        if place in returned:
            one = returned[place]
            time = iso_day(one.day) or record["time"]
            found.append({**record, "state": SendState.BOUNCED, "time": time, "answer": one.reason})
    return found


def undelivered(
    sent: Sequence[Mapping[str, Any]], collected: Iterable[Mapping[str, Any]], campaign: Campaign
) -> tuple[Undelivered, ...]:
    """Return whom of the campaign a mail did not reach, at the address that it has now, and none since."""
    names = _names(campaign)
    last: dict[str, Undelivered] = {}
    for one in bounces_in(collected):
        place = _place(one, sent)
        address = sent[place]["address"].casefold() if place is not None else _address(one, names)
        if address in names and not _sent_since(-1 if place is None else place, address, sent):
            last[address] = Undelivered(names[address], address, one.day, one.reason, one.delayed)
    return tuple(last.values())


def _names(campaign: Campaign) -> dict[str, str]:
    """Return the names of towns and recipients by their addresses, in small letters."""
    people = [(one.email, one.name) for one in campaign.recipients]
    towns = [(one.email, one.name) for one in campaign.towns]
    return {email.casefold(): name for email, name in (*people, *towns) if email}


def _sent_since(place: int, address: str, sent: Sequence[Mapping[str, Any]]) -> bool:
    return any(
        one["state"] == SendState.SENT and one.get("address", "").casefold() == address
        for one in sent[place + 1 :]
    )


def _place(one: Bounce, sent: Sequence[Mapping[str, Any]]) -> int | None:
    """Return where the send log has the sending that a report is about, as far as that is known."""
    by_id = list(_of_id(one.message_id, sent))
    if by_id:
        return by_id[-1]
    address = _address(one, {record.get("address", "").casefold() for record in sent} - {""})
    places = [
        place
        for place, record in enumerate(sent)
        if address
        and record.get("address", "").casefold() == address
        and record["state"] in _TRIED
        and not _is_later(record["time"], one)
    ]
    return places[-1] if places else None


def _is_later(time: str, one: Bounce) -> bool:
    """Whether something was sent after a report had come."""
    arrived = bool(one.day) and time[:10] > iso_day(one.day)
    return arrived or (bool(one.seen) and _moment(time) > _moment(one.seen))


def _moment(time: str) -> datetime:
    return datetime.fromisoformat(time).astimezone()


def _of_id(message_id: str, sent: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """Yield the places of the sending that had a Message-ID."""
    match = _OUR_ID.fullmatch(message_id)
    times = 0
    for place, record in enumerate(sent if match else ()):
        if match and record["key"].startswith(match[1]) and record["state"] in _TRIED:
            if times == int(match[2]):
                yield place
            times += record["state"] == SendState.SENT


def _address(one: Bounce, known: Iterable[str]) -> str:
    """Return whose address a report names, where it is one of the known, and one alone."""
    if one.address:
        return one.address.casefold()
    found = set(one.mentioned) & set(known)
    return found.pop() if len(found) == 1 else ""


def iso_day(day: str) -> str:
    """Return a day like 20210930 as 2021-09-30, "" where it is not known."""
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if day else ""
