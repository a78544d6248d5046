"""What came back of our own: files that the round wrote or sent, mails that it sent itself."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from email.utils import parseaddr
from itertools import compress
from operator import not_
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.mail.incoming.inbound import InboundMail, Part
from greenxl.mail.incoming.notices import Notice, Remark
from greenxl.mail.journal import SEND_LOG, read_journal
from greenxl.rounds.copies_journal import read_issued
from greenxl.rounds.written import written_files


@dataclass(frozen=True, slots=True)
class Own:
    """By what our own is known."""

    files: Collection[str] = frozenset()
    """SHA-256 of what the round wrote or sent."""
    ids: Collection[str] = frozenset()
    """How the Message-IDs of what it sent begin, up to their dot."""
    sender: str = ""
    """The address that it sends from, in small letters."""

    def without(self, mail: InboundMail) -> InboundMail:
        """Return a mail without the files in it that are ours, and with a notice of each."""
        sent = bool(self.sender) and mail.sender == self.sender and _begin(mail.message_id) in self.ids
        own = [sent or self._is_own(part) for part in mail.parts]
        notices = (Notice(Remark.OWN, part.name) for part in compress(mail.parts, own))
        parts = compress(mail.parts, map(not_, own))
        return replace(mail, parts=tuple(parts), notices=(*notices, *mail.notices))

    def _is_own(self, part: Part) -> bool:
        return hashlib.sha256(part.data).hexdigest() in self.files


def own_of(campaign: Campaign, folder: Path) -> Own:
    """Return by what the own of the round in a folder is known.

    :raises GreenxlError: a journal of it is damaged.
    """
    sender = campaign.mail.sender or campaign.mail.user
    issued = read_issued(folder)
    return Own(
        files=written_files(folder) | (issued.by_file().keys() if issued else set()),
        ids=frozenset(record["key"][:32] for record in read_journal(folder / SEND_LOG)),
        sender=parseaddr(sender)[1].casefold(),
    )


def _begin(message_id: str) -> str:
    return message_id.strip().lstrip("<").partition(".")[0]
