from pathlib import Path

import pytest

from greenxl.journals import Record
from greenxl.mail.journal import SEND_LOG, read_journal
from greenxl.mail.marks import drafted_to, last_run, mark, marked_to, withdraw
from greenxl.rounds.sendings import LetterKind


def record(kind: str, content: str = "1", name: str = "索镇") -> Record:
    key = f"{kind}{content}"
    return {"key": key, "hand_key": f"hand {key}", "kind": kind, "name": name}


def sent(key: str, state: str = "sent") -> Record:
    return {"key": key, "state": state}


@pytest.mark.parametrize(
    ("kind", "drafted", "log", "wanted"),
    [
        (None, [], [], None),
        (None, [record("blank"), record("reminders")], [], "reminders1"),
        (None, [record("reminders"), record("blank")], [], "blank1"),
        (None, [record("blank"), record("reminders"), record("blank", "2")], [], "blank2"),
        (LetterKind.BLANK, [record("blank"), record("reminders")], [], "blank1"),
        (None, [record("blank"), record("reminders")], [sent("hand reminders1")], "blank1"),
        (None, [record("blank"), record("reminders")], [sent("reminders1")], "blank1"),
        (None, [record("reminders")], [sent("reminders1", "refused")], "reminders1"),
        (None, [record("reminders"), record("reminders", "2")], [sent("hand reminders2")], None),
        (None, [record("blank", name="果里镇")], [], None),
    ],
    ids=[
        "nothing drafted",
        "the last",
        "the last of another order",
        "the last, drafted anew",
        "of a kind",
        "the last went by hand",
        "the last was mailed",
        "the last was refused",
        "an older one is out of date",
        "to another",
    ],
)
def test_what_can_be_marked_is_what_was_drafted_last(
    kind: LetterKind | None, drafted: list[Record], log: list[Record], wanted: str | None
) -> None:
    """Of each kind the newest draft alone, unless it has gone out."""
    found = drafted_to("索镇", kind, drafted, log)
    assert (found["key"] if found else None) == wanted


def test_the_last_run_is_told_from_those_before() -> None:
    """Of all kinds, or of one."""
    drafted = [
        {**record("blank", name="果里镇"), "run": 1},
        {**record("blank"), "run": 2},
        {**record("blank", name="城区街道"), "run": 2},
        {**record("reminders"), "run": 3},
    ]
    assert last_run(None, drafted) == drafted[3:]
    assert last_run(LetterKind.BLANK, drafted) == drafted[1:3]
    assert last_run(LetterKind.REPORT, drafted) == []


def test_what_went_by_hand_is_in_the_send_log_until_it_is_taken_back(tmp_path: Path) -> None:
    """One line a mark; taking back adds a line, after which the log says what it said before."""
    drafted = [record("blank")]
    mark(tmp_path, drafted)
    (marked,) = read_journal(tmp_path / SEND_LOG)
    assert (marked["kind"], marked["name"], marked["by"]) == ("blank", "索镇", "hand")
    assert drafted_to("索镇", None, drafted, [marked]) is None
    assert marked_to("索镇", LetterKind.BLANK, [marked]) == marked
    assert marked_to("索镇", LetterKind.REPORT, [marked]) is None
    withdraw(tmp_path, [marked])
    assert read_journal(tmp_path / SEND_LOG) == []
    assert len((tmp_path / SEND_LOG).read_text("utf-8").splitlines()) == 2
