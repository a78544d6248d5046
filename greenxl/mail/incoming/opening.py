"""Mails and their attachments opened where that cannot hurt: in processes that may die, with limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.mail.incoming.inbound import InboundMail, Part, read_mail
from greenxl.mail.incoming.notices import Unreadable
from greenxl.mail.incoming.store import ReturnStore
from greenxl.returns.intake import Outcome, take_in
from greenxl.returns.pool import read_all, run_all
from greenxl.returns.reader import Reading
from greenxl.returns.worker import Failure


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """An attachment that may be a return, as reading found it."""

    part: Part
    town: str
    """That its workbooks say they are of; "" where they say none or several."""
    is_damaged: bool
    """It was perhaps not decoded as it was sent, and is no whole workbook."""


def open_mails(mails: Sequence[bytes]) -> Iterator[InboundMail | Unreadable]:
    """Yield what each mail holds, or why that is not known, in their order.

    :raises GreenxlError: the system does not let a worker start.
    """
    for answer in run_all(read_mail, mails):
        if isinstance(answer, Failure):
            yield Unreadable.TIMED_OUT if answer.timed_out else Unreadable.CRASHED
        else:
            yield answer


def check_parts(campaign: Campaign, parts: Sequence[Part], store: ReturnStore) -> Iterator[CheckedPart]:
    """Yield attachments with what reading them found, in their order.

    :raises OSError: they cannot be put where workers find them.
    """
    if not parts:
        return
    with store.unchecked(parts) as paths:
        sources = take_in(paths).sources
        towns: dict[Path, set[str]] = {path: set() for path in paths}
        unread = set(paths) - {source.path for source in sources}
        for source, reading in zip(sources, read_all(sources, campaign), strict=True):
            towns[source.path] |= _towns(campaign, reading)
            if reading.entry.outcome is Outcome.REJECTED:
                unread.add(source.path)
    for path, part in zip(paths, parts, strict=True):
        yield CheckedPart(
            part=part,
            town=next(iter(towns[path])) if len(towns[path]) == 1 else "",
            is_damaged=part.in_doubt and path in unread,
        )


def _towns(campaign: Campaign, reading: Reading) -> set[str]:
    """Return the towns that a file's sheets say they are of."""
    named = (sheet.identity.town for sheet in reading.sheets if sheet.identity)
    return {town.name for town in map(campaign.find_town, named) if town}
