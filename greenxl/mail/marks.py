"""What went out by hand: records in the send log, each of something that was drafted before."""

from collections.abc import Iterable
from pathlib import Path

from greenxl.journals import Record, open_journal
from greenxl.mail.journal import SEND_LOG
from greenxl.rounds.sendings import BY_HAND, LetterKind, SendState


def last_run(kind: LetterKind | None, drafted: Iterable[Record]) -> list[Record]:
    """Return what the last run drafted, of a kind if one is named.

    :param drafted: the records of the journal of drafts.
    """
    found = [record for record in drafted if kind in (None, record["kind"])]
    return [record for record in found if record["run"] == found[-1]["run"]]


def drafted_to(
    name: str, kind: LetterKind | None, drafted: Iterable[Record], sent: Iterable[Record]
) -> Record | None:
    """Return what was last drafted to a recipient, of a kind or of any, and has not gone out yet.

    :param drafted: the records of the journal of drafts.
    :param sent: those of the send log, with what came back.
    """
    last: dict[str, Record] = {}
    for record in drafted:
        if record["name"] == name and kind in (None, record["kind"]):
            last.pop(record["kind"], None)  # so that the last one drafted is the last of them
            last[record["kind"]] = record
    gone = set(_gone(sent))
    waiting = [one for one in last.values() if not gone & {one["key"], one["hand_key"]}]
    return waiting[-1] if waiting else None


def _gone(sent: Iterable[Record]) -> Iterable[str]:
    """Return the keys of what was sent and did not come back since."""
    keys: dict[str, bool] = {}
    for record in sent:
        if record["state"] in (SendState.SENT, SendState.BOUNCED):
            keys[record["key"]] = record["state"] == SendState.SENT
    return (key for key, gone in keys.items() if gone)


def mark(folder: Path, records: Iterable[Record]) -> None:
    """Record in the send log that what was drafted went out by hand."""
    with open_journal(folder / SEND_LOG) as journal:
        for one in records:
            facts = {"key": one["hand_key"], "kind": one["kind"], "name": one["name"]}
            journal.write({**facts, "state": SendState.SENT, "by": BY_HAND})


def marked_to(name: str, kind: LetterKind | None, sent: Iterable[Record]) -> Record | None:
    """Return what was last recorded as sent by hand to a recipient, of a kind or of any."""
    marks = [
        one
        for one in sent
        if one["name"] == name and kind in (None, one["kind"]) and one.get("by") == BY_HAND
    ]
    return marks[-1] if marks else None


def withdraw(folder: Path, records: Iterable[Record]) -> None:
    """Take back what was recorded as sent by hand."""
    with open_journal(folder / SEND_LOG) as journal:
        for one in records:
            facts = {"key": one["key"], "kind": one["kind"], "name": one["name"]}
            journal.write({**facts, "state": SendState.WITHDRAWN})
