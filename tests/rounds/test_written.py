import hashlib
from pathlib import Path

import pytest

from greenxl.errors import GreenxlError
from greenxl.rounds.written import WRITTEN_LOG, record_written, written_files


def test_what_was_recorded_is_known_by_its_bytes(tmp_path: Path) -> None:
    """By contents and not by name; a line for each, once, however often it is written."""
    for name in ("a.xlsx", "b.xlsx"):
        record_written(tmp_path, [(name, b"one"), ("c.xlsx", b"two")])
    assert written_files(tmp_path) == {hashlib.sha256(data).hexdigest() for data in (b"one", b"two")}
    assert len((tmp_path / WRITTEN_LOG).read_text("utf-8").splitlines()) == 2


def test_nothing_is_known_in_a_folder_without_journals(tmp_path: Path) -> None:
    """A round that was begun before there was one reads as before, and no file appears."""
    assert written_files(tmp_path) == frozenset()
    record_written(tmp_path, [])
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_journal_stops_the_run(tmp_path: Path) -> None:
    """What is not known to be ours is not guessed."""
    (tmp_path / WRITTEN_LOG).write_text('{"name": "a"}\n', "utf-8")
    with pytest.raises(GreenxlError, match="line 1: the journal is damaged"):
        written_files(tmp_path)
