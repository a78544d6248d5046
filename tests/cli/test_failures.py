"""What fails ends in one sentence and the right exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import SAMPLES
from tests.tools.chinese import foreign_words


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
    assert refused.stderr.startswith(f"Error: {name}: cannot be used (the name is too long). Check the name,")
    for more, lines in ([], 1), (["--json"], 2):  # with --json, the campaign is named there
        with Path("/dev/full").open("w") as full:
            command = [sys.executable, "-m", "greenxl", "check", str(SAMPLES / "returned"), *more]
            environment = {**os.environ, "GREENXL_LANG": "en"}
            done = subprocess.run(
                command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False
            )
        assert (done.returncode, done.stderr.count("\n")) == (3, lines)


@pytest.mark.parametrize(
    ("words", "environment", "chinese"),
    [
        (["collect"], {}, "没有写明邮件服务器。"),
        (["collect"], {"GREENXL_IMAP_URL": "http://x"}, "这不是邮件服务器地址。"),
        (["collect"], {"GREENXL_IMAP_URL": "imap://u@127.0.0.1:1"}, "没有 u 的密码。"),
        (["collect"], {"GREENXL_IMAP_URL": "imap://u:p@127.0.0.1:1"}, "连接不上服务器（连接被拒绝）。"),
        (
            ["collect"],
            {"GREENXL_IMAP_URL": "imap://u:p@no.invalid"},
            "连接不上服务器（找不到这个名称的服务器）。",
        ),
        (
            ["send", "blank", "--send"],
            {"GREENXL_SMTP_URL": "smtp://u%40example.cn:p@127.0.0.1:1"},
            "连接不上服务器（连接被拒绝）。",
        ),
    ],
    ids=["none", "address", "password", "refused", "unknown", "sending"],
)
def test_a_server_that_cannot_be_used_is_told_in_chinese(
    run: Run, run_process: Run, tmp_path: Path, words: list[str], environment: dict[str, str], chinese: str
) -> None:
    """No English reason of the system or of a library: exit code 2 or 3 and what to check."""
    run("init", tmp_path / "轮", "--from", SAMPLES / "campaign.xlsx")
    done = run_process(*words, cwd=tmp_path / "轮", GREENXL_LANG="zh", **environment)
    assert done.returncode in (2, 3)
    assert chinese in done.stderr
    # The ports that begin encrypted, and the program that keeps passwords, have no Chinese names.
    assert foreign_words(done.stderr, [*environment.values()]) <= {"keyring", "set", "imap", "imaps", "smtp"}
