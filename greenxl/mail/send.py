"""Sending: one message per recipient over SMTP, each recipient's answer in the send log.

The log is a journal: ``sending`` is in it before the server gets the message, then ``sent``, ``refused``
or ``unknown``. A run that died in between leaves ``sending``, which reads as unknown: the message may have
arrived, so it is not sent again unless that is asked for. It then keeps its Message-ID, by which many
servers drop the second copy.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.journals import Journal, Record, open_journal
from greenxl.mail.journal import read_journal
from greenxl.mail.message import bare_address, message_bytes, parse_address
from greenxl.mail.model import Letter, content_hash
from greenxl.mail.server import Server
from greenxl.mail.smtp import SmtpConnection
from greenxl.rounds.sendings import BY_HAND, SendState
from greenxl.rounds.written import record_written


@dataclass(frozen=True, slots=True)
class PastSending:
    """What the send log says of one message to one recipient."""

    state: SendState | None = None
    """None: never tried. ``sending`` without an answer is unknown."""
    times_sent: int = 0
    time: str = ""
    answer: str = ""
    by_hand: bool = False
    """A person sent it, and said so."""


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    letter: Letter
    key: str
    """Of this content to this address, in the send log."""
    hand_key: str
    """Of this content to this recipient by whatever way: what went by hand is in the send log under it."""
    past: PastSending
    due: bool
    """It is to be sent in this run."""

    @property
    def message_id(self) -> str:
        """Return an id that stays the same until the message was sent."""
        return f"{self.key[:32]}.{self.past.times_sent}"


@dataclass(frozen=True, slots=True)
class SendResult:
    letter: Letter
    state: SendState
    answer: str


def plan_sending(
    letters: Iterable[Letter],
    campaign: Campaign,
    log: Iterable[Record],
    *,
    resend: bool = False,
    again: bool = False,
) -> list[PlannedLetter]:
    """Return which letters are due: never tried or refused; ``resend`` adds unknown ones and those that came
    back, ``again`` all.

    :param log: the records of the send log, with what came back.
    """
    records = list(log)
    due_states: set[SendState | None] = {None, SendState.REFUSED}
    if resend or again:
        due_states |= {SendState.UNKNOWN, SendState.BOUNCED}
    if again:
        due_states.add(SendState.SENT)
    planned: list[PlannedLetter] = []
    keys: set[str] = set()
    for letter in letters:
        key = content_hash([campaign.id, letter.kind, letter.address.casefold(), letter.content_hash])
        hand_key = content_hash([campaign.id, letter.kind, BY_HAND, letter.name, letter.content_hash])
        past = _past_sending(records, key, hand_key)
        is_copy = bool(letter.address) and key in keys
        keys.add(key)
        due = past.state in due_states and not is_copy
        planned.append(PlannedLetter(letter=letter, key=key, hand_key=hand_key, past=past, due=due))
    return planned


def _past_sending(log: Iterable[Record], *keys: str) -> PastSending:
    """Return what the log says of the message of these keys."""
    past = PastSending()
    for record in log:
        if record["key"] in keys:
            state = SendState(record["state"])
            past = PastSending(
                state=SendState.UNKNOWN if state is SendState.SENDING else state,
                times_sent=past.times_sent + (state is SendState.SENT),
                time=record["time"],
                answer=record.get("answer", ""),
                by_hand=record.get("by") == BY_HAND,
            )
    return past


def send_letters(
    planned: Iterable[PlannedLetter], server: Server, sender: str, log: Path
) -> Iterator[SendResult]:
    """Send what is due and yield each recipient's answer; a refused recipient does not stop the rest.

    :param sender: as recipients see it.
    :param log: the file of the send log.
    :raises GreenxlError: the server cannot be reached, or refuses the login.
    """
    connection = SmtpConnection(server)
    domain = parse_address(sender).domain
    due = [one for one in planned if one.due]
    record_written(log.parent, ((a.name, a.data) for one in due for a in one.letter.attachments))
    with open_journal(log) as journal:
        # Another run may have sent some between the plan and the lock.
        before = read_journal(log)
        try:
            for one in due:
                past = _past_sending(before, one.key, one.hand_key)
                if past.times_sent == one.past.times_sent:
                    headers = {
                        "Date": format_datetime(datetime.now(UTC).astimezone()),
                        "Message-ID": f"<{one.message_id}@{domain}>",
                    }
                    yield _send(connection, one, sender, headers, journal)
        finally:
            connection.quit()


def _send(
    connection: SmtpConnection,
    one: PlannedLetter,
    sender: str,
    headers: dict[str, str],
    journal: Journal,
) -> SendResult:
    letter = one.letter
    facts = _facts(one)
    state, answer = connection.deliver(
        parse_address(sender).addr_spec,
        bare_address(letter.address),
        message_bytes(letter, sender, headers),
        before_data=lambda: journal.write({**facts, "state": SendState.SENDING}),
    )
    journal.write({**facts, "state": state, "answer": answer})
    return SendResult(letter, state, answer)


def _facts(one: PlannedLetter) -> Record:
    letter = one.letter
    return {
        "key": one.key,
        "kind": letter.kind,
        "name": letter.name,
        "address": letter.address,
        "subject": letter.subject,
        "attachments": [{"name": a.name, "bytes": len(a.data)} for a in letter.attachments],
    }
