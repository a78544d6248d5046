from pathlib import Path

import pytest

from greenxl.errors import GreenxlError
from greenxl.mail import journal as mail_journal


def states(path: Path) -> list[str]:
    return [record["state"] for record in mail_journal.read(path)]


def write(path: Path, *states: str) -> None:
    with mail_journal.opened(path) as journal:
        for state in states:
            journal.write({"state": state})


def test_records_come_back_in_order_with_their_moment(tmp_path: Path) -> None:
    """What is written is read again, run after run, each record with the moment it was written."""
    path = tmp_path / "log.jsonl"
    assert mail_journal.read(path) == []
    write(path, "sending", "sent")
    write(path, "已发")
    assert states(path) == ["sending", "sent", "已发"]
    assert all(record["time"] for record in mail_journal.read(path))


@pytest.mark.parametrize("torn", [b'{"state": "se', b'{"state": "sent"}', "{'发".encode()[:4]], ids=repr)
def test_a_torn_last_line_never_happened(tmp_path: Path, torn: bytes) -> None:
    """A line that a crash cut off is dropped, and the next record stands on a line of its own."""
    path = tmp_path / "log.jsonl"
    write(path, "sent")
    path.write_bytes(path.read_bytes() + torn)
    assert states(path) == ["sent"]
    write(path, "refused")
    assert states(path) == ["sent", "refused"]


def test_a_line_that_lacks_what_it_should_say_is_damage(tmp_path: Path) -> None:
    """A record of the send log without its key may stand for a message that was sent."""
    path = tmp_path / mail_journal.SEND_LOG
    path.write_bytes(b'{"state": "sent"}\n')
    with pytest.raises(GreenxlError, match=r"sendlog\.jsonl, line 1: the journal is damaged"):
        mail_journal.read(path)


@pytest.mark.parametrize("line", [b"nonsense", b"[1]", b"\xff\xfe"], ids=repr)
def test_a_damaged_journal_stops_the_run(tmp_path: Path, line: bytes) -> None:
    """Where a whole line cannot be read nothing is sent: it may say what was sent already."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"state": "sent"}\n' + line + b"\n")
    with pytest.raises(GreenxlError, match=r"log\.jsonl, line 2: the journal is damaged"):
        mail_journal.read(path)


def test_two_runs_cannot_write_at_once(tmp_path: Path) -> None:
    """While one greenxl has the journal another is told to wait."""
    path = tmp_path / "log.jsonl"
    with mail_journal.opened(path), pytest.raises(GreenxlError, match="another greenxl"):
        write(path, "sent")
