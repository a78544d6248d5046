"""A command works in the round in which, or below which, it was typed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from greenxl.rounds import folder as round_folder
from tests.cli.conftest import Run
from tests.conftest import SAMPLES


@pytest.fixture
def filled(round_: Path) -> Path:
    """A round with the sample returns, and a folder further down."""
    shutil.copytree(SAMPLES / "returned", round_ / "returned", dirs_exist_ok=True)
    (round_ / "returned" / "late").mkdir()
    return round_


@pytest.mark.parametrize("below", ["returned", "returned/late", "blank"])
def test_a_round_is_found_from_any_of_its_folders(run: Run, filled: Path, below: str) -> None:
    """The result is that of the round's own folder to the letter; its report lies where it always does."""
    here, there = (run("check", "--json", cwd=filled / part) for part in ("", below))
    assert (there.returncode, there.stdout) == (here.returncode, here.stdout)
    assert there.stderr.startswith(f"The round is {filled}; its files are named from there.\n")
    assert run("merge", "--as-of", "2021-09-30", cwd=filled / below).returncode == 1
    [report] = round_folder.reports(filled / "report")
    assert report.name == "桓台县绿色社区创建-2021年汇总-2021-09-30.xlsx"


def test_a_typed_path_begins_where_it_was_typed(run: Run, filled: Path) -> None:
    """Files and outputs that are named go by the folder in which the command was typed."""
    folder = filled / "returned"
    [town] = folder.glob("城区*")
    done = run("merge", town.name, "-o", "late/out.xlsx", "--json", cwd=folder)
    document = json.loads(done.stdout)
    assert [file["file"] for file in document["files"]] == [f"returned/{town.name}"]
    assert document["output"] == "returned/late/out.xlsx"
    assert (folder / "late" / "out.xlsx").is_file()
    absolute = run("check", folder / town.name, "--json", cwd=filled / "blank")
    assert [file["file"] for file in json.loads(absolute.stdout)["files"]] == [str(folder / town.name)]


def test_the_folder_is_left_again(run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For whoever calls the command inside a program, the current folder is what it was."""
    below = filled / "blank"
    monkeypatch.chdir(below)
    run("check", cwd=below)
    assert Path.cwd() == below


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (["check", "returned", "no.xlsx"], "no.xlsx"),
        (["check", "-c", "no.xlsx"], "no.xlsx"),
        (["merge", "--previous", "no.xlsx"], "no.xlsx"),
        (["merge", "nowhere", "-c", "campaign.xlsx"], "nowhere"),
        (["status", "nowhere"], "nowhere"),
        (["template", "-c", "no.xlsx"], "no.xlsx"),
        (["send", "report", "--report", "no.xlsx"], "no.xlsx"),
        (["init", "x", "--from", "no.xlsx"], "no.xlsx"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_does_not_exist_is_said_first(run: Run, round_: Path, words: list[str], path: str) -> None:
    """Before the campaign is read or a line is printed."""
    done = run(*words, cwd=round_)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"Error: {path}: there is no such file or folder. Check the name.\n"


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be deleted there")
@pytest.mark.parametrize("words", [["merge"], ["init"], ["demo"], ["check", "--json"]], ids=" ".join)
def test_a_folder_that_is_gone_is_told(tmp_path: Path, words: list[str]) -> None:
    """Another window deleted it: one sentence, and with --json the document."""
    folder = tmp_path / "gone"
    folder.mkdir()
    done = subprocess.run(
        ["sh", "-c", 'rmdir ../gone && exec "$@"', "sh", sys.executable, "-P", "-m", "greenxl", *words],
        cwd=folder,
        env={**os.environ, "GREENXL_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = "The folder in which this was typed does not exist any more. Go to another folder."
    assert (done.returncode, done.stderr) == (3, f"Error: {said}\n")
    if "--json" in words:
        assert json.loads(done.stdout)["error"] == {"code": "failed", "message": said}
