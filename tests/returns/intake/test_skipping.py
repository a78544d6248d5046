"""Files are left alone by their names, and listed as skipped."""

from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns.intake import take_in
from greenxl.returns.reader import read
from tests.tools.intakes import names, put, told
from tests.tools.spoil import packed


def test_temporary_hidden_and_system_files_are_listed_as_skipped(folder: Path) -> None:
    """They are no returns, yet each stands in the ledger, with its size and digest."""
    skipped = [
        "~$a.xlsx", "a.xlsx.tmp", ".greenxl-x.tmp", ".hidden.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store",
        "__MACOSX/._a.xlsx", ".git/a.xlsx",
    ]  # fmt: skip
    put(folder, dict.fromkeys(skipped, b"abc"))
    intake = take_in([folder])
    assert names(intake) == []
    assert told(intake) == [(f"in/{name}", "skipped", "skipped-temporary") for name in sorted(skipped)]
    assert {entry.bytes for entry in intake.entries} == {3}


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("b.xlsx", ["in/a/b.xls"]),
        ("*.XLSX", ["in/a/b.xls"]),
        ("a/*", ["in/b.xlsx"]),
        ("in/a/*", ["in/b.xlsx"]),
        ("in", ["in/a/b.xls", "in/b.xlsx"]),
        ("*", []),
    ],
)
def test_excluded_files_are_left_out_and_listed(pattern: str, left: list[str], folder: Path) -> None:
    """A pattern is matched against the name from any folder on, without regard to case."""
    put(folder, {"b.xlsx": b"1", "a/b.xls": b"2"})
    intake = take_in([folder], exclude=[pattern])
    assert names(intake) == left
    assert {code for _file, _outcome, code in told(intake)} <= {"skipped-excluded"}
    assert len(intake.entries) == 2 - len(left)
    for entry in intake.entries:
        assert entry.reason
        assert entry.reason.message("en") == f"Left out on purpose: the name matches --exclude {pattern}."


def test_a_placeholder_of_icloud_is_no_hidden_file(folder: Path, huantai: Campaign) -> None:
    """It stands for a return that is not there, and must not be passed over."""
    put(folder, {".果里镇.xlsx.icloud": b"bplist00\xd1\1\2_\x10\x10NSURLNameKey"})
    (source,) = take_in([folder]).sources
    reason = read(source, huantai).entry.reason
    assert reason
    assert reason.message("en") == (
        "This is a placeholder of iCloud in place of the file. "
        "Fetch the file itself and put it into the folder."
    )


def test_what_is_no_return_in_a_zip_is_skipped_there_too(folder: Path) -> None:
    """The rules for names hold inside archives, and so does --exclude."""
    put(folder, {"r.zip": packed({"__MACOSX/._a": b"", "a/~$b.xlsx": b"", "old/c.xlsx": b"", "d.xlsx": b""})})
    intake = take_in([folder], exclude=["old/*"])
    assert names(intake) == ["in/r.zip/d.xlsx"]
    assert told(intake) == [
        ("in/r.zip", "read", "archive-opened"),
        ("in/r.zip/__MACOSX/._a", "skipped", "skipped-temporary"),
        ("in/r.zip/a/~$b.xlsx", "skipped", "skipped-temporary"),
        ("in/r.zip/old/c.xlsx", "skipped", "skipped-excluded"),
    ]
