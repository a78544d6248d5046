"""Whatever the console is, people and programs get their lines."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from greenxl.cli.terminal import local_time, print_figures
from tests.cli.conftest import Run
from tests.conftest import SAMPLES


def test_figures_are_at_the_right_of_columns_as_wide_as_they_look(capsys: pytest.CaptureFixture[str]) -> None:
    """A Chinese character takes two columns; what is no terminal gets every line whole."""
    print_figures([["街道（镇）", "参与", "达标率"], ["索镇", "6", "4/6 66.7%"], ["ab", "14", "1/1"]])
    assert capsys.readouterr().out.splitlines() == [
        "街道（镇）  参与     达标率",
        "索镇           6  4/6 66.7%",
        "ab            14        1/1",
    ]


def test_figures_are_folded_on_a_terminal_that_is_too_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing runs over its edge, and nothing is cut."""
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_figures([["Town", "passed of them", "pass rate"], ["Suo", "4", "66.7%"]])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 20
    assert set(" ".join(lines).split()) == {
        "Town",
        "passed",
        "of",
        "them",
        "pass",
        "rate",
        "Suo",
        "4",
        "66.7%",
    }


@pytest.mark.slow
def test_any_console_and_locale_works(run_process: Run) -> None:
    """GBK, ASCII and the C locale get replacements, never a crash."""
    for settings in ({"PYTHONIOENCODING": "gbk"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}):
        for language in ("en", "zh"):
            done = run_process("check", SAMPLES / "spoiled", "--notes", GREENXL_LANG=language, **settings)
            assert done.returncode == 1


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
@pytest.mark.parametrize("json_", ["", "--json"])
def test_a_closed_stream_is_no_failure(tmp_path: Path, closed: str, json_: str) -> None:
    """Whoever closes our output wants none of it: the exit code is that of the work."""
    command = f"{sys.executable} -m greenxl check {SAMPLES / 'blank'} {json_} {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (0, False), done.stderr


def test_nothing_that_a_terminal_obeys_is_printed(run: Run, tmp_path: Path) -> None:
    """Escapes, C1 controls and bidi marks in a cell or a name reach neither console nor JSON as they are."""
    import openpyxl

    book = openpyxl.load_workbook(SAMPLES / "spoiled" / "汉字-宝龙社区.xlsx")
    book["宝龙社区"]["E4"].value = "五\x9b2J\u202e"
    book.save(tmp_path / "a\u202eb.xlsx")
    for words in ([], ["--json"]):
        done = run("check", ".", *words)
        assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout)
    found = [one["found"] for one in json.loads(done.stdout)["findings"] if one["code"] == "score-text"]
    assert "五\x9b2J\u202e" in found


@pytest.mark.skipif(os.name == "nt", reason="needs time.tzset")
@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        pytest.param("2026-11-26T04:55:59+00:00", "2026-11-26 12:55", id="UTC"),
        pytest.param("2026-11-26T20:55:00+00:00", "2026-11-27 04:55", id="next-day"),
        pytest.param("2026-11-26T12:55:59.5", "2026-11-26 12:55", id="no-offset"),
        pytest.param("2026-11-26", "2026-11-26", id="day"),
        pytest.param("long ago, at noon", "long ago, at noon", id="no-moment"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_moment_is_shown_by_the_clock_here(
    monkeypatch: pytest.MonkeyPatch, moment: str, shown: str
) -> None:
    """Short and local; a day is a day everywhere, and what somebody wrote otherwise stays as it is."""
    with monkeypatch.context() as here:
        here.setenv("TZ", "CST-8")
        time.tzset()
        assert local_time(moment) == shown
    time.tzset()


_COLOURS = re.compile("\x1b\\[[0-9;]*m")


@dataclass
class Typed:
    """A command in a terminal of its own."""

    process: "subprocess.Popen[bytes]"
    terminal: int
    shown: str = ""

    def read_until(self, pattern: str, seconds: float = 60) -> str:
        """Return the first text of this form that the terminal shows."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, _COLOURS.sub("", self.shown))):
            assert time.monotonic() < deadline, self.shown[-2000:]
            assert self.process.poll() is None, self.shown[-2000:]
            self._read()
        return found[0]

    def read_to_the_end(self, seconds: float) -> None:
        """Wait until the command has ended."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.shown[-2000:]
            self._read()

    def _read(self) -> None:
        if select.select([self.terminal], [], [], 0.02)[0]:
            try:
                self.shown += os.read(self.terminal, 65536).decode(errors="replace")
            except OSError:  # Linux says so where the other side is closed
                time.sleep(0.02)


@contextmanager
def typed(folder: Path, *words: object) -> Iterator[Typed]:
    """Run greenxl in a terminal and a process group of its own, to all of which Ctrl-C is sent."""
    pty = pytest.importorskip("pty", reason="a terminal for a program is not here")
    ours, its = pty.openpty()
    settings = {
        **os.environ,
        "GREENXL_LANG": "en",
        "TERM": "xterm",
        "COLUMNS": "100",
        "TMPDIR": str(folder / "tmp"),
    }
    (folder / "tmp").mkdir(exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", "greenxl", *map(str, words)],
        cwd=folder,
        env=settings,
        stdin=its,
        stdout=subprocess.PIPE,
        stderr=its,
        start_new_session=True,
    ) as process:
        os.close(its)
        yield Typed(process, ours)
        process.kill()
    os.close(ours)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Returns that take some seconds to read, one of them no workbook."""
    folder = tmp_path / "many"
    folder.mkdir()
    whole = (SAMPLES / "returned" / "城区街道-评分表-2021.xlsx").read_bytes()
    for number in range(90):
        comment = f"{number:03}".encode()  # so that no two are the same file
        (folder / f"{number:03}.xlsx").write_bytes(whole[:-2] + b"\3\0" + comment)
    (folder / "000.xlsx").write_bytes(b"no workbook")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="this system has no pseudo-terminals")
def test_progress_says_how_many_how_fast_and_with_what_result(many: Path, tmp_path: Path) -> None:
    """And how long it will take; nothing of it is left on the terminal, nor in a pipe."""
    with typed(tmp_path, "check", many) as command:
        line = command.read_until(r"\d+/90 [0-9.]+ files a second, 1 rejected [0-9-]+:[0-9-]+:[0-9-]+")
        assert not line.startswith("0/")
        command.read_to_the_end(120)
        assert command.shown.endswith("\x1b[2K")
    done = subprocess.run(
        [sys.executable, "-m", "greenxl", "check", str(SAMPLES / "returned")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GREENXL_LANG": "en"},
    )
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="this system has no pseudo-terminals")
@pytest.mark.parametrize("moment", ["starting", "reading", "late"])
def test_ctrl_c_ends_all_of_it_within_a_second(many: Path, tmp_path: Path, moment: str) -> None:
    """Whatever it was at: no process is left, no half of an output, nothing temporary, and one word said."""
    with typed(tmp_path, "merge", many, "-o", "out.xlsx") as command:
        if moment == "starting":
            time.sleep(0.3)
        elif moment == "reading":
            command.read_until(r"[1-9]\d*/90 ")
        else:
            command.read_until(r"[78]\d/90 ")
        others = psutil.Process(command.process.pid).children(recursive=True)
        start = time.monotonic()
        os.killpg(command.process.pid, signal.SIGINT)
        command.read_to_the_end(20)
        taken = time.monotonic() - start
        assert command.process.returncode == 130
        assert [one.pid for one in others if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
        assert "Traceback" not in command.shown
    assert {path.name for path in tmp_path.iterdir()} == {"many", "tmp"}
    assert list((tmp_path / "tmp").iterdir()) == []
    assert taken < 1
