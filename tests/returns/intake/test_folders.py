"""A folder is walked without following links, and what is no file in it is named."""

import os
from pathlib import Path

import pytest

from greenxl.returns.intake import content, take_in
from tests.tools.intakes import names, put, symlink, told


def test_links_neither_loop_nor_count_twice(folder: Path) -> None:
    """A link to a folder above and one to itself end by name; so does one to a file that was listed."""
    put(folder, {"a.xlsx": b"1", "sub/b.xlsx": b"2", ".git/x": b""})
    for link, target in {
        "sub/loop": "..", "beside": "sub", "itself.xlsx": "itself.xlsx", "z.xlsx": "a.xlsx",
        "nowhere.xlsx": "gone.xlsx", ".git/loop": "..",
    }.items():  # fmt: skip
        symlink(folder / link, target)
    intake = take_in([folder])
    assert names(intake) == ["in/a.xlsx", "in/sub/b.xlsx"]
    assert told(intake) == [
        ("in/.git/loop", "skipped", "skipped-temporary"),
        ("in/.git/x", "skipped", "skipped-temporary"),
        ("in/beside", "skipped", "link-loop"),
        ("in/itself.xlsx", "skipped", "link-loop"),
        ("in/nowhere.xlsx", "skipped", "skipped-special"),
        ("in/sub/loop", "skipped", "link-loop"),
        ("in/z.xlsx", "skipped", "skipped-same"),
    ]


def test_links_out_of_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    """Neither to a file nor to a folder; what lies below another given path is inside."""
    put(folder, {"a.xlsx": b"1"})
    put(tmp_path / "out", {"b.xlsx": b"2"})
    put(tmp_path / "in2", {"c.xlsx": b"3"})
    symlink(folder / "file.xlsx", "../out/b.xlsx")
    symlink(folder / "folder", "../out")
    symlink(folder / "other.xlsx", "../in2/c.xlsx")
    symlink(folder / "sibling", "../in2")
    intake = take_in([folder])
    assert names(intake) == ["in/a.xlsx"]
    assert [(file, code) for file, _outcome, code in told(intake)] == [
        (f"in/{name}", "link-outside") for name in ("file.xlsx", "folder", "other.xlsx", "sibling")
    ]
    assert {entry.outcome for entry in intake.entries} == {"rejected"}
    assert [f.code for f in intake.findings] == ["link-outside"] * 4
    assert f"to {(tmp_path / 'out' / 'b.xlsx').as_posix()}; it was" in intake.findings[0].message("en")
    both = take_in([folder, Path("in2")])
    assert names(both) == ["in/a.xlsx", "in/other.xlsx"]
    assert told(both)[-2:] == [
        ("in/sibling", "skipped", "link-loop"),
        ("in2/c.xlsx", "skipped", "skipped-same"),
    ]


def test_a_link_that_is_given_itself_is_followed(folder: Path, tmp_path: Path) -> None:
    """Who names a link means what it leads to, but not what lies beside that."""
    put(tmp_path / "out", {"b.xlsx": b"2"})
    symlink(tmp_path / "given", "out")
    assert names(take_in([Path("given")])) == ["given/b.xlsx"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_link_into_a_closed_folder_is_told(folder: Path) -> None:
    """The run goes on, and the link is named with the reason."""
    put(folder, {"closed/a.xlsx": b"1", "b.xlsx": b"2"})
    symlink(folder / "link.xlsx", "closed/a.xlsx")
    (folder / "closed").chmod(0)
    intake = take_in([folder])
    (folder / "closed").chmod(0o700)
    assert names(intake) == ["in/b.xlsx"]
    assert told(intake) == [
        ("in/closed", "rejected", "folder-unreadable"),
        ("in/link.xlsx", "rejected", "folder-unreadable"),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    """A named pipe is no file and is skipped, not opened."""
    os.mkfifo(folder / "pipe.xlsx")
    assert told(take_in([folder])) == [("in/pipe.xlsx", "skipped", "skipped-special")]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_closed_folder_is_told(folder: Path) -> None:
    """What may not be opened is an error, not an empty folder."""
    put(folder, {"closed/a.xlsx": b"1"})
    (folder / "closed").chmod(0)
    assert told(take_in([folder])) == [("in/closed", "rejected", "folder-unreadable")]
    (folder / "closed").chmod(0o700)


def test_names_that_would_move_a_cursor_are_shown_harmless(folder: Path) -> None:
    """Control characters, and those that turn the writing round, never reach a terminal or a report."""
    put(folder, {"a\x1b[31m\u202exslx.exe": b"1"})
    assert names(take_in([folder])) == ["in/a\ufffd[31m\ufffdxslx.exe"]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_names_in_the_code_page_of_chinese_windows_are_shown(folder: Path) -> None:
    """Files unpacked elsewhere may carry names that are no UTF-8."""
    (folder / os.fsdecode("索镇.xlsx".encode("gb18030"))).write_bytes(b"1")
    (source,) = take_in([folder]).sources
    assert source.name == "in/索镇.xlsx"
    assert content(source) == b"1"
