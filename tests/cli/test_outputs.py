"""No result is written where it would cost anybody something."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import SAMPLES


def test_an_existing_output_is_kept(run: Run, tmp_path: Path) -> None:
    """Without --force the old file stays, and the message says what to do; nothing is read first."""
    target = tmp_path / "out.xlsx"
    target.write_text("old")
    refused = run("merge", SAMPLES / "returned", "-o", "out.xlsx")
    assert refused.returncode == 2
    assert refused.stderr == (
        "Error: out.xlsx: the file exists already. Add --force to overwrite it, or name another output.\n"
    )
    assert target.read_text() == "old"
    assert run("merge", SAMPLES / "returned", "-o", "out.xlsx", "--force").returncode == 1
    assert target.read_bytes().startswith(b"PK")


def test_a_read_only_folder_is_one_sentence(run: Run, tmp_path: Path) -> None:
    """A target that cannot be written gives exit code 3."""
    (tmp_path / "file").write_text("")
    done = run("merge", SAMPLES / "returned", "-o", "file/out.xlsx")
    assert done.returncode == 3
    assert done.stderr.startswith("Error: file/out.xlsx: the file cannot be written")


def test_a_returned_file_is_never_written_over(run: Run, tmp_path: Path) -> None:
    """Neither the report nor a correction copy takes the place of a return, not even with --force."""
    returned = tmp_path / "returned"
    shutil.copytree(SAMPLES / "returned", returned)
    [file] = returned.glob("五里*")
    before = file.read_bytes()
    merged = run("merge", "returned", "-o", file, "--force")
    assert (merged.returncode, file.read_bytes() == before) == (2, True)
    assert merged.stderr.endswith(
        f"Error: {file}: this is one of the returned files, which are never changed. Name another output.\n"
    )
    [town] = returned.glob("城区*")
    own = town.rename(returned / "城区街道-退回修改-2021.xlsx")
    before = own.read_bytes()
    checked = run("check", own, "--sendback", "returned")
    beside = own.with_name("城区街道-退回修改-2021（2）.xlsx")
    assert (checked.returncode, own.read_bytes() == before, beside.exists()) == (1, True, True)
    assert "left as it is; the new copy is returned" in checked.stdout


@pytest.mark.parametrize("folder", ["returned", "returned/back"])
def test_correction_copies_do_not_go_among_the_returns(run: Run, tmp_path: Path, folder: str) -> None:
    """There they would be taken for returns on the next run."""
    shutil.copytree(SAMPLES / "returned", tmp_path / "returned")
    refused = run("check", "returned", "--sendback", folder)
    assert (refused.returncode, refused.stderr) == (
        2,
        f"Error: {folder}: correction copies among the returns would be taken for returns. "
        "Name another folder.\n",
    )


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("campaign.xlsx", "this is the campaign, which is never written over. Name another output."),
        ("out.csv", "the consolidated workbook is an .xlsx file. Give it a name that ends in .xlsx."),
    ],
)
def test_what_cannot_be_an_output_is_refused(run: Run, round_: Path, output: str, said: str) -> None:
    """Not even --force lets the merge destroy the campaign or hide a workbook under another name."""
    before = (round_ / "campaign.xlsx").read_bytes()
    done = run("merge", "-o", output, "--force", cwd=round_)
    assert (done.returncode, done.stderr) == (2, f"Error: {output}: {said}\n")
    assert (round_ / "campaign.xlsx").read_bytes() == before
