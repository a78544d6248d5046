"""What went out in a round: the words of the send log, and its records as a round's status needs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SETTLED = "已了结"
"""The folder among correction copies, and among drafts, for those that nobody needs any more."""


class LetterKind(StrEnum):
    """What goes out: the word of the command, of the templates' names and of the send log."""

    BLANK = "blank"
    REMINDERS = "reminders"
    SENDBACK = "sendback"
    REPORT = "report"
    NOTICES = "notices"


class SendState(StrEnum):
    """The state of a message to one recipient, as the send log says it."""

    SENDING = "sending"
    """The server may have it; no answer is in the log yet."""
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """The connection broke before the server answered."""
    BOUNCED = "bounced"
    """It was sent, and a server reported later that it could not be delivered. Never in the log itself."""
    WITHDRAWN = "withdrawn"
    """The record that it was sent by hand was a mistake."""


BY_HAND = "hand"
"""What a record says under ``by`` where a person sent it, by chat or on paper."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A line of the send log: a mail before it was sent, how that ended, or that it went by hand."""

    time: str
    """ISO 8601."""
    kind: LetterKind
    name: str
    """Of the town or recipient."""
    state: SendState
    by_hand: bool = False

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Sending":
        """Return a record of the send log; one without an answer may have arrived or not."""
        state = SendState(record["state"])
        return cls(
            time=record["time"],
            kind=LetterKind(record["kind"]),
            name=record["name"],
            state=SendState.UNKNOWN if state is SendState.SENDING else state,
            by_hand=record.get("by") == BY_HAND,
        )
