"""What fails ends in one sentence and the right exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import SAMPLES


def test_ctrl_c_is_told_from_findings(tmp_path: Path) -> None:
    """Exit code 130 and one word: 1 would mean that the work is done."""
    code = (
        "from greenxl.cli import main, returns_commands\n"
        "def stop(*_paths, **_options): raise KeyboardInterrupt\n"
        "returns_commands.evaluate_returns = stop\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "check", "."]
    environment = {**os.environ, "GREENXL_LANG": "en"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert (done.returncode, done.stderr) == (130, "Stopped.\n")


def test_a_fault_of_our_own_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 3, never 1, and the traceback is kept in the file that is named."""
    code = (
        "from greenxl.cli import main, returns_commands\n"
        "def fail(*_paths, **_options): raise LookupError('nothing')\n"
        "returns_commands.evaluate_returns = fail\n"
        "main()\n"
    )
    environment = {**os.environ, "GREENXL_LANG": "en", "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", code, "check", "."]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    [kept] = tmp_path.glob("greenxl-*.txt")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert done.stderr.startswith("Error: greenxl itself failed (LookupError); ")
    assert str(kept) in done.stderr
    assert "LookupError: nothing" in kept.read_text("utf-8")


def test_a_locale_without_chinese_says_what_to_do(run_process: Run) -> None:
    """Where file names cannot be Chinese, the command says how they can."""
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run_process("template", "-o", "out", **plain)
    assert done.returncode == 3
    assert "Set PYTHONUTF8=1 and run the command again." in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_what_the_system_refuses_is_one_sentence(run: Run, tmp_path: Path) -> None:
    """A name that no disk holds, a full disk behind the output: exit code 3, and no traceback."""
    name = f"{'x' * 300}.xlsx"
    refused = run("merge", SAMPLES / "returned", "-o", name)
    assert refused.returncode == 3
    assert refused.stderr.startswith(f"Error: {name}: cannot be used (File name too long). Check the name,")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "greenxl", "check", str(SAMPLES / "returned")]
        environment = {**os.environ, "GREENXL_LANG": "en"}
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False
        )
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
