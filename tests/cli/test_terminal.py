"""Whatever the console is, people and programs get their lines."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from greenxl.cli.terminal import local_time
from tests.cli.conftest import Run
from tests.conftest import SAMPLES


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
