"""The command as a whole: its help, and wrong use of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import SAMPLES


def test_help_imports_neither_a_heavy_library_nor_the_rooms_that_work(tmp_path: Path) -> None:
    """``--help`` answers at once: neither pandas nor xlsxwriter is imported, nor what reads or scores."""
    code = (
        "import sys\n"
        "from greenxl.cli.app import cli\n"
        "cli(['--help'], standalone_mode=False)\n"
        "heavy = {'pandas', 'openpyxl', 'xlsxwriter', 'numpy', 'python_calamine', 'rich', 'jinja2'}\n"
        "heavy |= {'greenxl.' + room for room in ('campaign.model', 'returns', 'scoring', 'report')}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_check_imports_no_heavy_library(tmp_path: Path) -> None:
    """Who checks one return does not wait for what counts and writes the returns of a county."""
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "from greenxl.cli.app import cli\n"
        f"cli(['check', {str(SAMPLES / 'returned')!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    loaded = set(done.stderr.split())
    assert "greenxl.rounds.evaluate" in loaded
    assert not {"pandas", "numpy", "openpyxl", "xlsxwriter", "rich.table", "jinja2"} & loaded


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ["check"],
            2,
            "Error: There is nothing to read: no returned files were named, and this is no round.",
        ),
        (["check", "nowhere"], 2, "Error: nowhere: there is no such file or folder. Check the name."),
        (
            ["check", ".", "-c", "nowhere"],
            2,
            "Error: nowhere: there is no such file or folder. Check the name.",
        ),
        (["check", "——notes"], 2, "“——notes” begins with a dash of the Chinese input method"),
        (["template", "--town", "唐山镇"], 2, "Its towns are: 城区街道、果里镇、索镇."),
        (["merge", ".", "--as-of", "30.9.2021"], 2, "is not a date. Write it like 2021-09-30."),
        (["merge", ".", "-o", ".", "--force"], 2, "Error: .: this is a folder. Name a file in it."),
        (["fly"], 2, "No such command"),
    ],
    ids=[
        "no returns",
        "no such path",
        "no campaign",
        "another dash",
        "no such town",
        "bad date",
        "output is a folder",
        "no such command",
    ],
)
def test_wrong_use_is_one_plain_message(run: Run, words: list[str], code: int, said: str) -> None:
    """Exit code 2 and what to do."""
    done = run(*words)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_ctrl_c_while_importing_ends_quietly(tmp_path: Path) -> None:
    """Exit code 130, without a traceback of the import."""
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    done = subprocess.run(
        [sys.executable, "-c", "from greenxl.cli import main; main()"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["check", "nowhere"], "wrong-use", "nowhere: there is no such file or folder"),
        (["check", "--fly"], "wrong-use", "There is no option “--fly”."),
        (["merge", ".", "-c", "bad"], "campaign-unusable", "the table is missing"),
        (["merge", ".", "-o", "a file/x.xlsx"], "failed", "a part of its path is not a folder"),
    ],
    ids=["no such path", "no such option", "unusable campaign", "cannot be written"],
)
def test_a_failed_run_prints_a_document(
    run: Run, tmp_path: Path, words: list[str], code: str, said: str
) -> None:
    """With --json a program reads why nothing came, and people read it on standard error."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "targets.csv").write_text("year,percent\n2021,30\n")
    (tmp_path / "a file").write_text("")
    done = run(*words, "--json")
    document = json.loads(done.stdout)
    assert (document["format"], document["error"]["code"]) == (1, code)
    assert said in document["error"]["message"]
    assert done.stderr
    assert done.returncode in (2, 3)
