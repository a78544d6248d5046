"""No result is written where it would cost anybody something."""

import shutil
import sys
from pathlib import Path

import pytest

from greenxl.cli.outputs import TABLES
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
        f"Error: {folder}: what is written among the returns would be taken for returned. "
        "Name another folder.\n",
    )


@pytest.mark.parametrize(
    "words",
    [["check", "--sendback", "x"], ["template", "-o", "x"], ["send", "blank", "--drafts", "x"]],
    ids=["copies", "blanks", "drafts"],
)
def test_a_file_is_no_folder_for_outputs(run: Run, round_: Path, words: list[str]) -> None:
    """That is said before anything is read."""
    (round_ / "x").write_text("typed")
    done = run(*words, cwd=round_)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: x: this is a file. Name a folder.\n"


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


@pytest.mark.parametrize(
    "words",
    [
        ["template", "-o", "returned", "--force"],
        ["template", "-o", "returned/new"],
        ["check", "blank", "--sendback", "returned/back"],
        ["send", "blank", "--drafts", "returned", "--force"],
    ],
    ids=" ".join,
)
def test_nothing_is_written_among_the_returns_of_a_round(run: Run, round_: Path, words: list[str]) -> None:
    """A blank is called as what was returned: with --force it would take that one's place."""
    before = sorted((round_ / "returned").iterdir())
    done = run(*words, cwd=round_)
    assert (done.returncode, "would be taken for returned. Name another folder." in done.stderr) == (2, True)
    assert sorted((round_ / "returned").iterdir()) == before


@pytest.mark.parametrize("left_out", [["--exclude", "*五里*"], ["returned/果里镇-评分表-2021.xls"]])
def test_a_return_that_was_left_out_is_not_written_over(run: Run, round_: Path, left_out: list[str]) -> None:
    """What this run does not read was returned all the same."""
    shutil.copytree(SAMPLES / "returned", round_ / "returned", dirs_exist_ok=True)
    [file] = (round_ / "returned").glob("五里*")
    before = file.read_bytes()
    done = run("merge", *left_out, "-o", file, "--force", cwd=round_)
    assert (done.returncode, file.read_bytes() == before) == (2, True)
    assert "this is one of the returned files, which are never changed" in done.stderr


def test_a_return_is_not_written_over_by_another_name(run: Run, tmp_path: Path) -> None:
    """A second name of one file is that file; a link to nothing among the returns is left alone."""
    returned = tmp_path / "returned"
    shutil.copytree(SAMPLES / "returned", returned)
    [file] = returned.glob("五里*")
    before = file.read_bytes()
    (tmp_path / "second.xlsx").hardlink_to(file)
    (returned / "nowhere.xlsx").symlink_to(tmp_path / "absent.xlsx")
    for output in ("second.xlsx", "returned/nowhere.xlsx"):
        done = run("merge", "returned", "-o", output, "--force")
        assert done.returncode == 2, output
        assert "this is one of the returned files, which are never changed" in done.stderr
    assert file.read_bytes() == before
    assert not (tmp_path / "absent.xlsx").exists()


def test_what_is_no_file_among_the_reports_is_passed_over(run: Run, round_: Path) -> None:
    """A link that leads nowhere and a folder are no earlier workbook."""
    (round_ / "report" / "a.xlsx").symlink_to("nowhere.xlsx")
    (round_ / "report" / "b.xlsx").mkdir()
    assert run("merge", cwd=round_).returncode == 0


def test_tables_are_written_beside_the_workbook(run: Run, tmp_path: Path) -> None:
    """Every table is a file of its own, and is named; a second run keeps them unless --force is given."""
    words = ("merge", SAMPLES / "returned", "-o", "out.xlsx", "--tables", "tables")
    done = run(*words)
    files = [Path("tables", f"{name}.parquet") for name in TABLES]
    assert [line for line in done.stdout.splitlines() if "parquet" in line] == [f"Wrote {f}" for f in files]
    assert all((tmp_path / file).read_bytes().startswith(b"PAR1") for file in files)
    (tmp_path / "out.xlsx").unlink()
    (tmp_path / "out（领导版）.xlsx").unlink()
    (tmp_path / "tables" / "losses.parquet").write_text("old")
    for file in files:
        if file.name != "losses.parquet":
            (tmp_path / file).unlink()
    refused = run(*words)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Error: tables/losses.parquet: the file exists already. Add --force")
    assert not (tmp_path / "out.xlsx").exists()
    assert run(*words, "--force").returncode == 1
    assert (tmp_path / "tables" / "losses.parquet").read_bytes().startswith(b"PAR1")


def test_one_document_is_printed_with_tables(run: Run, tmp_path: Path) -> None:
    """Standard output holds JSON alone; where the tables are is on standard error."""
    done = run("merge", SAMPLES / "returned", "-o", "out.xlsx", "--tables", "tables", "--json")
    assert done.stdout.startswith("{")
    assert done.stderr.count("Wrote tables/") == len(TABLES)


def test_tables_do_not_go_among_the_returns(run: Run, tmp_path: Path) -> None:
    """There they would be rejected as returns on the next run."""
    shutil.copytree(SAMPLES / "returned", tmp_path / "returned")
    refused = run("merge", "returned", "--tables", "returned", "--force")
    assert (refused.returncode, refused.stderr.count("would be taken for returned")) == (2, 1)
    (tmp_path / "a file").write_text("")
    refused = run("merge", "returned", "--tables", "a file")
    assert (refused.returncode, refused.stderr) == (2, "Error: a file: this is a file. Name a folder.\n")


def test_without_pyarrow_it_is_said_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one sentence, before anything is read."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    refused = run("merge", SAMPLES / "returned", "--tables", "tables")
    assert (refused.returncode, refused.stdout, refused.stderr) == (
        2,
        "",
        "Error: Parquet files are written by pyarrow, which is not installed. "
        'Install it with: pip install "greenxl[parquet]"\n',
    )
