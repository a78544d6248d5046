from pathlib import Path

import pytest

from greenxl import journals
from greenxl.errors import GreenxlError
from greenxl.journals import Record, open_journal


def read_journal(path: Path) -> list[Record]:
    return journals.read_journal(path, lambda record: True)


def states(path: Path) -> list[str]:
    return [record["state"] for record in read_journal(path)]


def write(path: Path, *states: str) -> None:
    with open_journal(path) as journal:
        for state in states:
            journal.write({"state": state})


def test_records_come_back_in_order_with_their_moment(tmp_path: Path) -> None:
    """What is written is read again, run after run, each record with the moment it was written."""
    path = tmp_path / "log.jsonl"
    assert read_journal(path) == []
    write(path, "sending", "sent")
    write(path, "已发")
    assert states(path) == ["sending", "sent", "已发"]
    assert all(record["time"] for record in read_journal(path))


@pytest.mark.parametrize("torn", [b'{"state": "se', b'{"state": "sent"}', "{'发".encode()[:4]], ids=repr)
def test_a_torn_last_line_never_happened(tmp_path: Path, torn: bytes) -> None:
    """A line that a crash cut off is dropped, and the next record is on a line of its own."""
    path = tmp_path / "log.jsonl"
    write(path, "sent")
    path.write_bytes(path.read_bytes() + torn)
    assert states(path) == ["sent"]
    write(path, "refused")
    assert states(path) == ["sent", "refused"]


@pytest.mark.parametrize("line", [b"nonsense", b"[1]", b"\xff\xfe"], ids=repr)
def test_a_damaged_journal_stops_the_run(tmp_path: Path, line: bytes) -> None:
    """Where a whole line cannot be read nothing is sent: it may say what was sent already."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"state": "sent"}\n' + line + b"\n")
    with pytest.raises(GreenxlError, match=r"log\.jsonl, line 2: the journal is damaged"):
        read_journal(path)


def test_two_runs_cannot_write_at_once(tmp_path: Path) -> None:
    """While one greenxl has the journal another one has to wait."""
    path = tmp_path / "log.jsonl"
    with open_journal(path), pytest.raises(GreenxlError, match="another greenxl"):
        write(path, "sent")


def test_an_error_of_the_run_is_not_one_of_the_journal(tmp_path: Path) -> None:
    """What the system refuses while the journal is open keeps its own name."""
    with pytest.raises(PermissionError, match=r"other\.xlsx"), open_journal(tmp_path / "log.jsonl"):
        raise PermissionError(13, "denied", "other.xlsx")


def test_a_journal_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    """What the system does not let be read is an error with the journal's name, not an empty journal."""
    (tmp_path / "log.jsonl").mkdir()
    with pytest.raises(GreenxlError, match=r"log\.jsonl: the journal cannot be read or written"):
        read_journal(tmp_path / "log.jsonl")
