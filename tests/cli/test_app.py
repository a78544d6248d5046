"""The commands as people run them: outputs, exit codes and messages."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.tools import commands

Run = Callable[..., commands.Finished]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run greenxl in an empty folder."""

    def greenxl(*words: object, cwd: Path = tmp_path, **environment: str) -> commands.Finished:
        return commands.run(cwd, *words, **environment)

    return greenxl


@pytest.fixture
def run_process(tmp_path: Path) -> Run:
    """The same in a process of its own, without a traceback whatever happens."""

    def greenxl(*words: object, cwd: Path = tmp_path, **environment: str) -> commands.Finished:
        encoding = "gbk" if environment.get("PYTHONIOENCODING") == "gbk" else "utf-8"
        settings = {**os.environ, "GREENXL_LANG": "en", "PYTHONIOENCODING": "utf-8", **environment}
        command = [sys.executable, "-X", "dev", "-m", "greenxl", *map(str, words)]
        done = subprocess.run(
            command, cwd=cwd, env=settings, capture_output=True, encoding=encoding, check=False
        )
        assert "Traceback" not in done.stderr
        return done

    return greenxl


@pytest.fixture
def round_(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "round"
    assert run("init", folder).returncode == 0
    return folder


def test_help_imports_no_heavy_library(tmp_path: Path) -> None:
    """``--help`` answers at once: neither pandas nor openpyxl nor xlsxwriter is imported."""
    code = (
        "import sys\n"
        "from greenxl.cli.app import cli\n"
        "cli(['--help'], standalone_mode=False)\n"
        "heavy = {'pandas', 'openpyxl', 'xlsxwriter', 'numpy', 'python_calamine', 'rich', 'jinja2'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


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


def test_the_first_line_says_which_campaign_is_used(run: Run, round_: Path) -> None:
    """Outside a round the shipped campaign is used, and said."""
    outside = run("check", SAMPLES / "returned").stdout.splitlines()[0]
    assert outside == "Campaign: huantai-2021 桓台县绿色社区创建标准（试行） (the shipped one)"
    assert run("check", cwd=round_).stdout.splitlines()[0].endswith("(campaign.xlsx)")


def test_same_input_same_bytes(run_process: Run, tmp_path: Path) -> None:
    """Two merges on one date give equal workbooks, in processes whose sets are ordered otherwise."""
    for name in ("a.xlsx", "b.xlsx"):
        run_process("merge", SAMPLES / "returned", "-o", name, "--as-of", "2021-09-30")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


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


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["check"], 2, "Error: There is nothing to read. Name the returned files or folders, or run"),
        (["check", "nowhere"], 2, "Error: nowhere: there is no such file or folder. Check the name."),
        (["check", ".", "-c", "nowhere"], 2, "Error: nowhere: there is no campaign here."),
        (["template", "--town", "唐山镇"], 2, "Its towns are: 城区街道、果里镇、索镇."),
        (["merge", ".", "--as-of", "30.9.2021"], 2, "does not match the format"),
        (["merge", ".", "-o", ".", "--force"], 2, "Error: .: this is a folder. Name a file in it."),
        (["fly"], 2, "No such command"),
    ],
    ids=[
        "no returns",
        "no such path",
        "no campaign",
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


def test_an_unusable_campaign_tells_every_fault(run: Run, tmp_path: Path) -> None:
    """All faults at once, exit code 2."""
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "targets.csv").write_text("year,percent\n2021,3000\n")
    done = run("template", "-c", "c")
    assert done.returncode == 2
    assert (
        "targets.csv, row 2: the target is “3000” percent. Give a whole number from 1 to 100." in done.stderr
    )
    assert done.stderr.count("the table is missing") == 6


def test_json_is_one_document_and_nothing_else(run_process: Run) -> None:
    """Standard output parses as JSON on a console of any encoding, Chinese names intact."""
    for encoding in ("gbk", "ascii"):
        done = run_process("check", SAMPLES / "returned", "--json", PYTHONIOENCODING=encoding)
        document = json.loads(done.stdout)
        assert document["communities"][0]["community"] == "宝龙社区"
        assert document["output"] is None


@pytest.mark.slow
def test_any_console_and_locale_works(run_process: Run) -> None:
    """GBK, ASCII and the C locale get replacements, never a crash."""
    for settings in ({"PYTHONIOENCODING": "gbk"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}):
        for language in ("en", "zh"):
            done = run_process("check", SAMPLES / "spoiled", "--notes", GREENXL_LANG=language, **settings)
            assert done.returncode == 1


def test_the_table_of_towns_is_plain_text(run: Run) -> None:
    """Also on a terminal: the old console of Windows would print the codes of bold headings."""
    shown = run("check", SAMPLES / "returned", FORCE_COLOR="1", COLUMNS="120").stdout
    assert "Town      listed" in shown
    assert "\x1b" not in shown


def test_strict_counts_missing_communities(run: Run, tmp_path: Path) -> None:
    """Nothing returned is clean without --strict and 1 with it."""
    (tmp_path / "empty").mkdir()
    assert run("check", "empty").returncode == 0
    assert run("check", "empty", "--strict").returncode == 1


def test_another_year_gets_its_own_campaign(run: Run, tmp_path: Path) -> None:
    """``init --year 2022`` asks for 60 % and another form."""
    assert run("init", "r", "--year", "2022").returncode == 0
    assert run("check", cwd=tmp_path / "r").stdout.startswith("Campaign: huantai-2022")
    assert "target 60 %" in run("check", cwd=tmp_path / "r").stdout


def test_one_blank_per_community(run: Run, tmp_path: Path) -> None:
    """``--per community`` writes one workbook for each."""
    assert run("template", "--per", "community", "--town", "索镇街道", "-o", "out").returncode == 0
    assert len(list((tmp_path / "out").iterdir())) == 6


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
    checked = run("check", own, "--sendback", "returned", "--force")
    assert (checked.returncode, "never changed" in checked.stderr) == (2, True)


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


def test_ctrl_c_is_told_from_findings(tmp_path: Path) -> None:
    """Exit code 130 and one word: 1 would mean that the work is done."""
    code = (
        "from greenxl.cli import main, returns_commands\n"
        "def stop(*_paths, **_options): raise KeyboardInterrupt\n"
        "returns_commands.merged = stop\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "check", "."]
    environment = {**os.environ, "GREENXL_LANG": "en"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert (done.returncode, done.stderr) == (130, "Stopped.\n")


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


def test_a_fault_of_our_own_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 3, never 1, and the traceback is kept in the file that is named."""
    code = (
        "from greenxl.cli import main, returns_commands\n"
        "def fail(*_paths, **_options): raise LookupError('nothing')\n"
        "returns_commands.merged = fail\n"
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


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
@pytest.mark.parametrize("json_", ["", "--json"])
def test_a_closed_stream_is_no_failure(tmp_path: Path, closed: str, json_: str) -> None:
    """Whoever closes our output wants none of it: the exit code is that of the work."""
    command = f"{sys.executable} -m greenxl check {SAMPLES / 'blank'} {json_} {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (0, False), done.stderr


def test_a_locale_without_chinese_says_what_to_do(run_process: Run) -> None:
    """Where file names cannot be Chinese, the command says how they can."""
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run_process("template", "-o", "out", **plain)
    assert done.returncode == 3
    assert "Set PYTHONUTF8=1 and run the command again." in done.stderr


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


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("campaign.xlsx", "this is the campaign, which is never written over. Name another output."),
        ("out.csv", "the consolidated workbook is an .xlsx file. Let its name end so."),
    ],
)
def test_what_cannot_be_an_output_is_refused(run: Run, round_: Path, output: str, said: str) -> None:
    """Not even --force lets the merge destroy the campaign or hide a workbook under another name."""
    before = (round_ / "campaign.xlsx").read_bytes()
    done = run("merge", "-o", output, "--force", cwd=round_)
    assert (done.returncode, done.stderr) == (2, f"Error: {output}: {said}\n")
    assert (round_ / "campaign.xlsx").read_bytes() == before


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


def test_a_return_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    """It is for the reading to find out, not for the command line, which would refuse them all."""
    code = "import os; os.access = lambda *_: False; from greenxl.cli.app import main; main()"
    command = [sys.executable, "-c", code, "check", str(SAMPLES / "blank")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, "3 files: 3 read" in done.stdout) == (0, True), done.stderr
