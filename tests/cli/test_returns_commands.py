"""check, merge and status as people run them: outputs and exit codes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Run
from tests.conftest import SAMPLES


def test_a_round_from_init_to_merge(run: Run, round_: Path) -> None:
    """Inside a round folder no command needs an argument."""
    assert sorted(p.name for p in round_.iterdir()) == [
        "blank", "campaign.xlsx", "report", "returned", "sendback",
    ]  # fmt: skip
    assert run("template", cwd=round_).returncode == 0
    assert len(list((round_ / "blank").iterdir())) == 3
    for file in (SAMPLES / "returned").iterdir():
        shutil.copy(file, round_ / "returned")
    assert run("check", cwd=round_).returncode == 1
    merged = run("merge", "--as-of", "2021-09-30", cwd=round_)
    assert merged.returncode == 1
    assert (
        "Pass rate 15 of 21 = 71.4% (on the 21 communities of the roster); target 30 %: met." in merged.stdout
    )
    assert [p.name for p in (round_ / "report").iterdir()] == ["桓台县-2021年汇总表-2021-09-30.xlsx"]


def test_same_input_same_bytes(run_process: Run, tmp_path: Path) -> None:
    """Two merges on one date give equal workbooks, in processes whose sets are ordered otherwise."""
    for name in ("a.xlsx", "b.xlsx"):
        run_process("merge", SAMPLES / "returned", "-o", name, "--as-of", "2021-09-30")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_json_is_one_document_and_nothing_else(run_process: Run) -> None:
    """Standard output parses as JSON on a console of any encoding, Chinese names intact."""
    for encoding in ("gbk", "ascii"):
        done = run_process("check", SAMPLES / "returned", "--json", PYTHONIOENCODING=encoding)
        document = json.loads(done.stdout)
        assert document["communities"][0]["community"] == "宝龙社区"
        assert document["output"] is None


def test_strict_counts_missing_communities(run: Run, tmp_path: Path) -> None:
    """Nothing returned is clean without --strict and 1 with it."""
    (tmp_path / "empty").mkdir()
    assert run("check", "empty").returncode == 0
    assert run("check", "empty", "--strict").returncode == 1


def test_the_same_file_twice_counts_and_complains_once(run: Run, tmp_path: Path) -> None:
    """A copy under another name is skipped, says which one counts, and doubles no finding."""
    sample = SAMPLES / "spoiled" / "汉字-宝龙社区.xlsx"
    for name in ("a.xlsx", "b/c.xlsx"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sample, tmp_path / "in" / name)
    document = json.loads(run("check", "in", "--json").stdout)
    assert [(f["file"], f["outcome"], f["reason"]) for f in document["files"]] == [
        ("in/a.xlsx", "read", None),
        ("in/b/c.xlsx", "skipped", "The same file as in/a.xlsx, which counts; skipped."),
    ]
    assert [f["code"] for f in document["findings"]] == ["score-text"]


def test_a_return_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    """It is for the reading to find out, not for the command line, which would refuse them all."""
    code = "import os; os.access = lambda *_: False; from greenxl.cli.app import main; main()"
    command = [sys.executable, "-c", code, "check", str(SAMPLES / "blank")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, "3 files: 3 read" in done.stdout) == (0, True), done.stderr
