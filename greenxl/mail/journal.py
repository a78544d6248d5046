"""The journals of mail: what was drafted, what went out to whom, and which mails were collected."""

from collections.abc import Collection, Iterable
from pathlib import Path

from greenxl import journals
from greenxl.journals import Record
from greenxl.rounds.bounces import with_bounces
from greenxl.rounds.sendings import BY_HAND, LetterKind, SendState

DRAFT_LOG = "drafts.jsonl"
SEND_LOG = "sendlog.jsonl"
COLLECTED_LOG = "collected.jsonl"

_FIELDS = {
    DRAFT_LOG: {"time", "run", "key", "hand_key", "kind", "name", "file", "sha256"},
    SEND_LOG: {"time", "key", "kind", "name", "state"},
    COLLECTED_LOG: {"mailbox", "validity", "uids"},
}
"""What every record of a journal has."""
_WORDS: dict[str, Collection[str]] = {"kind": list(LetterKind), "state": list(SendState)}
"""What a field may say, in the journals that have it."""


def read_journal(path: Path) -> list[Record]:
    """Return the records of a journal of mail, none where it does not exist yet.

    What was recorded as sent by hand and withdrawn again is left out.

    :raises GreenxlError: a line in it was damaged; going on could do a thing twice.
    """
    records = journals.read_journal(path, lambda record: _is_complete(path.name, record))
    return _in_force(records) if path.name == SEND_LOG else records


def read_sendings(folder: Path) -> list[Record]:
    """Return the send log of a round with what its collected mails report as undelivered.

    :raises GreenxlError: one of the two journals was damaged.
    """
    return with_bounces(read_journal(folder / SEND_LOG), read_journal(folder / COLLECTED_LOG))


def _is_complete(journal: str, record: Record) -> bool:
    """Whether a record has the fields of its journal, and says in them what can be said."""
    fields = _FIELDS.get(journal, set())
    return fields <= record.keys() and all(
        record[field] in words for field, words in _WORDS.items() if field in fields
    )


def _in_force(records: Iterable[Record]) -> list[Record]:
    """Return the records of the send log without what was withdrawn."""
    kept: list[Record] = []
    for record in records:
        if record["state"] != SendState.WITHDRAWN:
            kept.append(record)
            continue
        marks = [one for one in kept if one["key"] == record["key"] and one.get("by") == BY_HAND]
        if marks:
            kept.remove(marks[-1])
    return kept
