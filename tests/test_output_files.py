"""An output is the old one or the new one, whole, whatever happens while it is written."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.output_files import (
    refuse_existing,
    write_beside,
    write_new,
    write_unless_there,
    write_whole,
)
from tests.conftest import SAMPLES

SEED = 20210107
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX limits and signals")


def merge_command(folder: Path, output: Path) -> list[str]:
    words = ["merge", str(folder), "-o", str(output), "--force", "--as-of", "2021-09-30"]
    return [sys.executable, "-m", "greenxl", *words]


def test_a_file_is_written_and_its_folder_made(tmp_path: Path) -> None:
    """Nothing but the file itself is left behind."""
    write_whole(tmp_path / "a" / "b.xlsx", b"new")
    assert (tmp_path / "a" / "b.xlsx").read_bytes() == b"new"
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b.xlsx"]


def test_an_existing_file_is_refused_by_name(tmp_path: Path) -> None:
    """The message says how to overwrite it."""
    (tmp_path / "x").write_text("old")
    with pytest.raises(WrongUseError, match="exists already. Add --force"):
        refuse_existing([tmp_path / "y", tmp_path / "x"], force=False)
    refuse_existing([tmp_path / "x"], force=True)


def test_a_new_file_takes_the_place_of_none(tmp_path: Path) -> None:
    """What came there while the result was made is kept, and nothing stray stays."""
    write_new(tmp_path / "x.xlsx", b"first")
    with pytest.raises(WrongUseError, match="exists already"):
        write_new(tmp_path / "x.xlsx", b"second")
    assert (tmp_path / "x.xlsx").read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["x.xlsx"]


def test_a_file_goes_under_the_first_free_name(tmp_path: Path) -> None:
    """Each beside the last, also where a dangling link has the name."""
    (tmp_path / "x（2）.xlsx").symlink_to("nowhere")
    written = [write_beside(tmp_path / "x.xlsx", data).name for data in (b"1", b"2", b"3")]
    assert written == ["x.xlsx", "x（3）.xlsx", "x（4）.xlsx"]
    assert (tmp_path / "x.xlsx").read_bytes() == b"1"


def test_a_file_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    """Whatever name the same bytes have; others beside it stay."""
    target, second = tmp_path / "x.xlsx", tmp_path / "x（2）.xlsx"
    assert write_unless_there(target, b"1") == (target, True)
    assert write_unless_there(target, b"2") == (second, True)
    assert write_unless_there(target, b"2") == (second, False)
    assert write_unless_there(target, b"1") == (target, False)


@POSIX
def test_without_hard_links_a_name_is_kept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a stick or a share whose file system has none."""

    def refuse(*_names: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "not supported")

    monkeypatch.setattr(os, "link", refuse)
    written = [write_beside(tmp_path / "x", data).name for data in (b"1", b"2")]
    assert written == ["x", "x（2）"]
    assert [(tmp_path / name).read_bytes() for name in written] == [b"1", b"2"]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    """What cannot be replaced keeps its contents, and no temporary file stays."""
    (tmp_path / "out.xlsx").mkdir()
    with pytest.raises(GreenxlError, match=r"out\.xlsx: the file cannot be written"):
        write_whole(tmp_path / "out.xlsx", b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["out.xlsx"]


@POSIX
def test_a_full_disk_keeps_the_old_output(tmp_path: Path) -> None:
    """Where the new file does not fit: exit code 3, one sentence, the old one intact, nothing stray."""
    output = tmp_path / "out.xlsx"
    output.write_bytes(b"old")
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000)); {_MAIN}"
    command = [sys.executable, "-c", limited, *merge_command(SAMPLES / "returned", output)[3:]]
    environment = {**os.environ, "GREENXL_LANG": "en"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 3
    assert done.stderr == (
        f"Error: {output}: the file cannot be written (the file is too large for this disk). "
        "Free some space or name another folder.\n"
    )
    assert output.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.xlsx"]


_MAIN = "from greenxl.cli.app import main; main()"


@pytest.mark.slow
@POSIX
def test_a_merge_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    """kill -9 at random moments: the output is the old or the new one, and no stray file is a return."""
    folder = tmp_path / "returned"
    shutil.copytree(SAMPLES / "returned", folder)
    output = folder / "out.xlsx"
    start = time.monotonic()
    subprocess.run(merge_command(SAMPLES / "returned", output), capture_output=True, check=False)
    whole_run = time.monotonic() - start
    new = output.read_bytes()
    draw = random.Random(SEED)
    for attempt in range(12):
        old = b"the old output" if attempt % 2 else new
        output.write_bytes(old)
        process = subprocess.Popen(
            merge_command(SAMPLES / "returned", output),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(whole_run * draw.uniform(0.1, 1.1))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert output.read_bytes() in (old, new), f"attempt {attempt} of seed {SEED}"
    output.unlink()
    (folder / ".greenxl-killed.tmp").write_bytes(new)
    done = subprocess.run(
        [sys.executable, "-m", "greenxl", "check", str(folder), "--json"], capture_output=True, check=False
    )
    outcomes = {Path(f["file"]).name: f["outcome"] for f in json.loads(done.stdout)["files"]}
    assert outcomes.pop(".greenxl-killed.tmp") == "skipped"
    assert {o for name, o in outcomes.items() if name.endswith(".tmp")} <= {"skipped"}
    assert sum(o == "read" for o in outcomes.values()) == 4


def test_a_file_where_a_folder_must_be_is_one_sentence(tmp_path: Path) -> None:
    """It is kept, and told from a full disk."""
    (tmp_path / "out").write_bytes(b"old")
    with pytest.raises(GreenxlError, match="a part of its path is not a folder"):
        write_whole(tmp_path / "out" / "a.xlsx", b"new")
    assert (tmp_path / "out").read_bytes() == b"old"


def test_a_write_that_is_interrupted_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle: no temporary file stays."""

    def stop(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.xlsx", b"new")
    assert not list(tmp_path.iterdir())
