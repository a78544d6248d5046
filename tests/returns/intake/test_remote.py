"""Returns at an address come to the same as those in a folder, and their names never touch this disk."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.returns.intake import Intake, RemoteReturns, listing, remote, take_in
from greenxl.rounds.evaluate import evaluate
from tests.tools.intakes import names, told
from tests.tools.spoil import good, packed


@pytest.fixture
def memory() -> Iterator[dict[str, bytes]]:
    """What is below memory://."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield _Store(system)
    system.store.clear()


class _Store(dict[str, bytes]):
    """Files by their paths; what is put here is in fsspec's memory."""

    def __init__(self, system: fsspec.AbstractFileSystem) -> None:
        self.system = system

    def __setitem__(self, path: str, data: bytes) -> None:
        self.system.pipe_file(path, data)


def take(copies: Path, *urls: str, exclude: tuple[str, ...] = ()) -> Intake:
    return take_in([RemoteReturns(url, copies) for url in urls], exclude)


def test_files_at_an_address_are_listed_as_in_a_folder(memory: dict[str, bytes], tmp_path: Path) -> None:
    """At any depth, archives opened, what is left alone named; each copied under a number."""
    memory["/r/索镇/a.xlsx"] = b"1"
    memory["/r/b.zip"] = packed({"in/c.xlsx": b"2"})
    memory["/r/~$a.xlsx"] = b"3"
    memory["/r/old-旧.xlsx"] = b"4"
    memory["/s/d.xlsx"] = b"5"
    found = take(tmp_path, "memory://r", "memory://r/索镇/a.xlsx", "memory://r/", exclude=("*旧*",))
    assert names(found) == ["memory://r/b.zip/in/c.xlsx", "memory://r/索镇/a.xlsx"]
    assert told(found) == [
        ("memory://r/b.zip", "read", "archive-opened"),
        ("memory://r/old-旧.xlsx", "skipped", "skipped-excluded"),
        ("memory://r/~$a.xlsx", "skipped", "skipped-temporary"),
    ]
    copies = [path.name for path in tmp_path.iterdir()]
    assert len(copies) == 2
    assert all(name.isdecimal() for name in copies)


@pytest.mark.parametrize(
    "name",
    ["../../../out.xlsx", "etc/x.xlsx", "a\x1b[2J\u202eb.xlsx", "CON", "c:\\x.xlsx", "x" * 300, "a\nb.xlsx"],
)
def test_no_name_from_there_touches_this_disk(name: str, memory: dict[str, bytes], tmp_path: Path) -> None:
    """A name is a text, cleaned as any."""
    copies = tmp_path / "copies"
    copies.mkdir()
    memory["/r/" + name] = b"1"
    (source,) = take(copies, "memory://r").sources
    assert not {"\x1b", "\u202e"} & set(source.name)
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*")] == [
        Path("copies"),
        source.path.relative_to(tmp_path),
    ]


def test_what_cannot_be_listed_is_named(memory: dict[str, bytes], tmp_path: Path) -> None:
    """A folder without a name, which object stores can have, is not searched; the mark of one is no file."""
    memory["/r//x.xlsx"] = b"1"
    memory["/r/a.xlsx"] = b"1"
    found = take(tmp_path, "memory://r")
    assert (names(found), told(found)) == (
        ["memory://r/a.xlsx"],
        [("memory://r/", "rejected", "file-unreadable")],
    )


def test_a_file_that_is_too_big_is_not_copied(
    memory: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what its listing says; where that says less than there is, what came is refused."""
    monkeypatch.setattr(remote, "MOST_BYTES", 10)
    memory["/r/a.xlsx"] = b"x" * 11
    memory["/r/b.xlsx"] = b"x" * 10
    found = take(tmp_path, "memory://r")
    assert (names(found), told(found)) == (
        ["memory://r/b.xlsx"],
        [("memory://r/a.xlsx", "rejected", "file-too-big")],
    )
    monkeypatch.setattr(remote.RemoteFile, "size", 1)
    assert told(take(tmp_path, "memory://r")) == told(found)


def test_the_budget_of_a_run_holds(
    memory: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes beyond is named, and not copied."""
    monkeypatch.setattr(listing, "MOST_FILES", 2)
    for number in range(4):
        memory[f"/r/{number}.xlsx"] = b"x"
    found = take(tmp_path, "memory://r")
    assert [code for _file, _outcome, code in told(found)] == ["run-budget"] * 2
    assert len(list(tmp_path.iterdir())) == len(found.sources) == 2


def test_a_round_from_an_address_is_that_from_a_folder(
    memory: dict[str, bytes], tmp_path: Path, huantai: Campaign
) -> None:
    """The same choices, and the town of a folder is known there, too."""
    for town in ("果里镇", "索镇"):
        memory[f"/r/果里镇/{town}.xlsx"] = good(huantai, town)
        (tmp_path / "r" / "果里镇").mkdir(parents=True, exist_ok=True)
        (tmp_path / "r" / "果里镇" / f"{town}.xlsx").write_bytes(good(huantai, town))
    here = evaluate(huantai, [tmp_path / "r"])
    copies = tmp_path / "copies"
    copies.mkdir()
    there = evaluate(huantai, [RemoteReturns("memory://r", copies)])
    assert [c.status for c in there.choices] == [c.status for c in here.choices]
    assert [f.code for f in there.findings] == [f.code for f in here.findings]
    assert "town-differs" in [f.code for f in there.findings]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sftp://me:secret@server/a", "sftp://server/a"),
        ("https://server/a?signature=secret", "https://server/a"),
        ("s3://bucket/果里镇/", "s3://bucket/果里镇"),
    ],
)
def test_an_address_is_shown_without_secrets(url: str, shown: str) -> None:
    """Neither login nor signature is in a ledger."""
    assert RemoteReturns(url, Path()).name == shown


def test_nothing_at_an_address_is_wrong_use(memory: dict[str, bytes], tmp_path: Path) -> None:
    """As for a path of this computer."""
    with pytest.raises(WrongUseError, match="memory://none: there is no such file or folder"):
        take(tmp_path, "memory://none")


def test_an_address_of_no_known_kind_is_wrong_use(tmp_path: Path) -> None:
    """It says how one is written."""
    with pytest.raises(WrongUseError, match="no address that can be read. Write it like s3://bucket/folder"):
        take(tmp_path, "nonsense://r")


def test_what_a_library_cannot_do_is_one_plain_sentence(
    memory: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that breaks ends the run: the files behind it would all be missing."""
    memory["/r/a.xlsx"] = b"1"

    def broken(*_arguments: object) -> bytes:
        raise ConnectionResetError

    monkeypatch.setattr(fsspec.filesystem("memory"), "open", broken)
    with pytest.raises(GreenxlError, match=r"memory://r: cannot be read \(ConnectionResetError\)"):
        take(tmp_path, "memory://r")


@pytest.mark.parametrize("library", ["fsspec", "paramiko"])
def test_without_the_extra_it_is_named(library: str) -> None:
    """Who has not installed it reads what to install."""
    code = (
        "import sys; sys.modules[sys.argv[1]] = None\n"
        "from greenxl.cli import main; sys.argv = ['greenxl', 'check', 'sftp://localhost/r']; main()"
    )
    done = subprocess.run([sys.executable, "-c", code, library], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(
        "sftp://localhost/r: to read from there, install greenxl[remote], "
        "or copy the files to this computer first."
    )
