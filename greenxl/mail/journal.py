"""The journals of mail: what was sent to whom, and which mails were collected."""

from pathlib import Path

from greenxl import journals
from greenxl.journals import Record
from greenxl.rounds.sendings import SendState

SEND_LOG = "sendlog.jsonl"
COLLECTED_LOG = "collected.jsonl"

_FIELDS = {
    SEND_LOG: {"time", "key", "kind", "name", "state"},
    COLLECTED_LOG: {"mailbox", "validity", "uids"},
}
"""What every record of a journal has."""


def read_journal(path: Path) -> list[Record]:
    """Return the records of a journal of mail, none where it does not exist yet.

    :raises GreenxlError: a line in it was damaged; going on could do a thing twice.
    """
    return journals.read_journal(path, lambda record: _is_complete(path.name, record))


def _is_complete(journal: str, record: Record) -> bool:
    """Whether a record has the fields of its journal; one of the send log also a state that is known."""
    if not _FIELDS.get(journal, set()) <= record.keys():
        return False
    return journal != SEND_LOG or record["state"] in list(SendState)
