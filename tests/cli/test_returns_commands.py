"""check, merge and status as people run them: outputs and exit codes."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.report.readback import read_back
from greenxl.rounds import folder as round_folder
from greenxl.ui.desktop.launcher import launcher
from tests.cli.conftest import Run
from tests.conftest import SAMPLES
from tests.tools.servers import fill_in
from tests.tools.word import document, lines


def test_a_round_from_init_to_merge(run: Run, round_: Path) -> None:
    """Inside a round folder no command needs an argument."""
    assert sorted(p.name for p in round_.iterdir()) == [
        "blank", "campaign.xlsx", "copieslog.jsonl", "report", "returned", "sendback",
        launcher(round_).name,
    ]  # fmt: skip
    assert run("template", cwd=round_).returncode == 0
    assert len(list((round_ / "blank").iterdir())) == 3
    for file in (SAMPLES / "returned").iterdir():
        shutil.copy(file, round_ / "returned")
    assert run("check", cwd=round_).returncode == 1
    merged = run("merge", "--as-of", "2021-10-08", cwd=round_)
    assert merged.returncode == 1
    assert (
        "Pass rate 15 of 21 = 71.4% (on the 21 communities of the roster); target 30 %: met." in merged.stdout
    )
    assert reports(round_) == [
        "桓台县绿色社区创建-2021年汇总-2021-10-08.xlsx",
        "桓台县绿色社区创建-2021年汇总-2021-10-08（领导版）.xlsx",
    ]


def test_merge_before_the_deadline_judges_nobody(run: Run, round_: Path, huantai: Campaign) -> None:
    """As of the day that is given, in what is printed and in the workbook alike."""
    for file in (SAMPLES / "returned").iterdir():
        shutil.copy(file, round_ / "returned")
    done = run("merge", "--as-of", "2021-09-30", cwd=round_)
    assert "So far (the deadline, 2021-09-30, has not passed): Pass rate 15 of 21 = 71.4%" in done.stdout
    [report] = round_folder.reports(round_ / "report")
    headline = read_back(huantai, report.name, report.read_bytes()).headline
    assert headline.startswith("报送截止日未过，暂按已报送情况统计：达标率71.4%（15/21，")


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


@pytest.fixture
def filled(round_: Path) -> Path:
    shutil.copytree(SAMPLES / "returned", round_ / "returned", dirs_exist_ok=True)
    return round_


def reports(round_: Path) -> list[str]:
    return sorted(path.name for path in (round_ / "report").iterdir())


def test_the_second_run_of_the_day_works_like_the_first(run: Run, filled: Path) -> None:
    """Its report goes beside the first one, which stays as it is, and tells what changed since."""
    first = run("merge", "--as-of", "2021-09-30", cwd=filled)
    assert "Wrote report/桓台县绿色社区创建-2021年汇总-2021-09-30.xlsx" in first.stdout
    [report] = round_folder.reports(filled / "report")
    before = report.read_bytes()
    [town] = (filled / "returned").glob("果里*")
    town.unlink()
    second = run("merge", "--as-of", "2021-09-30", "--json", cwd=filled)
    document = json.loads(second.stdout)
    assert document["output"] == "report/桓台县绿色社区创建-2021年汇总-2021-09-30（2）.xlsx"
    assert document["changes"]["fallen"] == 1
    assert report.read_bytes() == before


def test_the_newest_earlier_report_is_compared_with(run: Run, filled: Path) -> None:
    """Not one of a later day, nor another workbook in the folder; --no-previous compares with none."""
    for day in ("2021-09-28", "2021-10-08"):
        run("merge", "--as-of", day, cwd=filled)
    [first, _copy] = sorted((filled / "report").glob("*-09-28*.xlsx"))
    first.rename(first.with_name("桓台县-2021年汇总表-2021-09-28.xlsx"))  # as it was once called
    shutil.copy(SAMPLES / "campaign.xlsx", filled / "report" / "notes.xlsx")
    [town] = (filled / "returned").glob("果里*")
    town.unlink()
    run("merge", "--as-of", "2021-10-08", cwd=filled)
    now = run("merge", "--as-of", "2021-09-29", "--json", cwd=filled)
    assert json.loads(now.stdout)["changes"]["fallen"] == 1  # the last of 8 October lacks the town too
    last = run("merge", "--as-of", "2021-10-09", "--json", cwd=filled)
    assert json.loads(last.stdout)["changes"]["fallen"] == 0
    alone = run("merge", "--as-of", "2021-10-09", "--json", "--no-previous", cwd=filled)
    assert json.loads(alone.stdout)["changes"] is None


def test_a_damaged_report_is_passed_over_aloud(run: Run, filled: Path) -> None:
    """It may be the one to compare with: that is said, and the daily run goes on with the next older one."""
    run("merge", "--as-of", "2021-09-28", cwd=filled)
    (filled / "report" / "x-2021-09-29.xlsx").write_bytes(b"PK\x03\x04damaged")
    done = run("merge", "--as-of", "2021-09-30", cwd=filled)
    assert done.returncode == 1
    assert "report/x-2021-09-29.xlsx: the earlier workbook cannot be read." in done.stderr
    assert "Since the earlier workbook:" in done.stdout
    assert "cannot be read" not in run("merge", "--no-previous", cwd=filled).stderr


@pytest.mark.parametrize("as_json", [False, True], ids=["people", "programs"])
def test_the_result_is_printed_though_nothing_can_be_written(run: Run, filled: Path, as_json: bool) -> None:
    """An evaluation that took an hour is not lost because a disk is full or a folder closed."""
    (filled / "report").rmdir()
    (filled / "report").write_text("not a folder")
    done = run("merge", *(["--json"] if as_json else []), cwd=filled)
    assert done.returncode == 3
    assert "the file cannot be written" in done.stderr
    if as_json:
        document = json.loads(done.stdout)
        assert (document["output"], document["error"]["code"]) == (None, "failed")
        assert len(document["communities"]) == 21
    else:
        assert "21 listed, 20 took part" in done.stdout
        assert "Wrote" not in done.stdout


def test_two_merges_at_once_write_two_reports(filled: Path) -> None:
    """Each names the file that it wrote."""
    command = [sys.executable, "-m", "greenxl", "merge", "--as-of", "2021-09-30", "--no-previous", "--json"]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    runs = [subprocess.Popen(command, cwd=filled, stdout=subprocess.PIPE, env=environment) for _ in range(3)]
    outputs = [json.loads(one.communicate()[0])["output"] for one in runs]
    assert sorted(outputs) == sorted(
        f"report/{path.name}" for path in round_folder.reports(filled / "report")
    )
    assert (len(set(outputs)), len(reports(filled))) == (3, 6)


def test_a_leaders_copy_goes_with_every_report(run: Run, filled: Path) -> None:
    """Under its name, in the document too; a name is free where both are, and neither is written over."""
    first = json.loads(run("merge", "--as-of", "2021-09-30", "--json", cwd=filled).stdout)
    (filled / first["output"]).unlink()
    second = json.loads(run("merge", "--as-of", "2021-09-30", "--json", cwd=filled).stdout)
    stem = "report/桓台县绿色社区创建-2021年汇总-2021-09-30"
    assert [(made["output"], made["leader_copy"]) for made in (first, second)] == [
        (f"{stem}.xlsx", f"{stem}（领导版）.xlsx"),
        (f"{stem}（2）.xlsx", f"{stem}（2）（领导版）.xlsx"),
    ]
    assert second["changes"] is None  # the copy that is left of the first is nothing to compare with
    named = run("merge", "-o", "a.xlsx", cwd=filled)
    assert "Wrote a.xlsx\nWrote a（领导版）.xlsx, the leader’s copy\n" in named.stdout
    (filled / "a.xlsx").unlink()
    refused = run("merge", "-o", "a.xlsx", cwd=filled)
    assert (refused.returncode, "a（领导版）.xlsx: the file exists already" in refused.stderr) == (2, True)
    assert run("merge", "-o", "a.xlsx", "--force", cwd=filled).returncode == 1


def test_a_leaders_copy_among_the_returns_is_passed_over(run: Run, filled: Path) -> None:
    """As the report itself is."""
    run("merge", "-o", "returned/a.xlsx", cwd=filled)
    files = json.loads(run("check", "--json", cwd=filled).stdout)["files"]
    assert [one["outcome"] for one in files if Path(one["file"]).name.startswith("a")] == ["skipped"] * 2


def test_an_empty_round_is_no_verdict(run: Run, round_: Path) -> None:
    """Before anything came the report says so, whatever the target."""
    done = run("merge", "--as-of", "2021-09-01", cwd=round_)
    assert done.returncode == 0
    assert "Nothing has been returned yet; the deadline, 2021-09-30, has not passed." in done.stdout
    assert "not met" not in done.stdout


Scores = Mapping[str, str | float | None]


def typed(source: Path, target: Path, cells: Mapping[str, Scores]) -> None:
    """Type into a workbook's sheets and save it under another name, as a town does."""
    book = openpyxl.load_workbook(source)
    for sheet, scores in cells.items():
        for cell, value in scores.items():
            book[sheet][cell] = value
    book.save(target)


FOURS = {f"E{row}": 4.0 for row in range(4, 24)}
GUOLI = ("鸿嘉社区", "果里镇-退回修改-2021.xlsx")


def test_a_week_of_corrections(run: Run, round_: Path) -> None:
    """check --sendback, the town fills its copy in, merge; the next check moves away what is settled."""
    sheet, name = GUOLI
    assert run("template", cwd=round_).returncode == 0
    wrong: Scores = {**FOURS, "E4": "五", "E5": None}
    typed(round_ / "blank" / "果里镇-评分表-2021.xlsx", round_ / "returned" / "果里.xlsx", {sheet: wrong})
    check = ("check", "--sendback", "sendback")
    first = run(*check, cwd=round_)
    assert (first.returncode, first.stdout.splitlines()[-1]) == (1, f"Wrote {Path('sendback', name)}")
    assert run(*check, cwd=round_).stdout.splitlines()[-1] == f"Unchanged: {Path('sendback', name)}"
    typed(
        round_ / "sendback" / name, round_ / "returned" / "果里改.xlsx", {sheet: {"E4": 4, "E5": 4, "E6": 5}}
    )
    merged = run("merge", "--as-of", "2021-09-30", "--json", cwd=round_)
    document = json.loads(merged.stdout)
    [community] = [one for one in document["communities"] if one["community"] == sheet]
    assert (merged.returncode, community["status"], community["total"]) == (0, "passed", 81)
    assert [(one["code"], one["found"]) for one in document["findings"]] == [
        ("superseded", ""),
        ("copy-changed", "E6 4→5"),
    ]
    last = run(*check, cwd=round_)
    settled = Path("sendback", "已了结", name)
    assert (last.returncode, last.stdout.splitlines()[-1]) == (0, f"No longer needed, moved to {settled}")
    assert [path.name for path in (round_ / "sendback").rglob("*.xlsx")] == [name]
    assert (round_ / settled).exists()


def test_no_town_replaces_the_figures_of_another(run: Run, round_: Path) -> None:
    """Though the hidden sheet of its workbook names the other’s file, or the other’s number too."""
    sheet, name = GUOLI
    run("template", cwd=round_)
    returned = round_ / "returned"
    typed(
        round_ / "blank" / "果里镇-评分表-2021.xlsx", returned / "果里.xlsx", {sheet: {**FOURS, "E4": "五"}}
    )
    run("check", "--sendback", "sendback", cwd=round_)
    typed(round_ / "sendback" / name, returned / "果里改.xlsx", {sheet: {"E4": 4}})
    digest = hashlib.sha256((returned / "果里改.xlsx").read_bytes()).hexdigest()
    number = json.loads((round_ / "copieslog.jsonl").read_text("utf-8"))["id"]
    for forged, rows in {
        "甲": [("supersedes", digest)],
        "乙": [("supersedes", digest), ("copy", number)],
    }.items():
        book = openpyxl.load_workbook(returned / "果里改.xlsx")
        for row in list(book["_greenxl"].iter_rows()):
            if row[0].value in ("supersedes", "copy"):
                row[0].value = None
        for kind, value in rows:
            book["_greenxl"].append([kind, value])
        for cell in FOURS:
            book[sheet][cell] = 0
        book.save(returned / f"{forged}.xlsx")
    document = json.loads(run("check", "--json", cwd=round_).stdout)
    [community] = [one for one in document["communities"] if one["community"] == sheet]
    assert community["status"] == "conflict"
    unknown = [Path(one["file"]).name for one in document["findings"] if one["code"] == "copy-unknown"]
    assert unknown == ["乙.xlsx", "甲.xlsx"]
    (returned / "甲.xlsx").unlink()
    (returned / "乙.xlsx").unlink()
    document = json.loads(run("check", "--json", cwd=round_).stdout)
    assert [one["total"] for one in document["communities"] if one["community"] == sheet] == [80]


def test_a_damaged_journal_of_copies_stops_plainly(run: Run, round_: Path) -> None:
    """Nothing is merged on a guess about what was issued."""
    (round_ / "copieslog.jsonl").write_text("{}\n", "utf-8")
    for words in (("check",), ("merge",), ("status",)):
        done = run(*words, cwd=round_)
        assert (done.returncode, "copieslog.jsonl, line 1: the journal is damaged" in done.stderr) == (
            3,
            True,
        )


def test_merge_writes_notices_beside_the_workbook(run: Run, filled: Path) -> None:
    """A second run renews its own, and leaves alone what somebody typed into."""
    first = run("merge", "--notices", "--as-of", "2021-10-09", cwd=filled)
    folder = filled / "report" / "整改通知"
    assert sorted(path.name for path in folder.iterdir()) == [
        "各部门-整改通知-2021.xlsx",
        "城区街道-整改通知-2021.xlsx",
        "果里镇-整改通知-2021.xlsx",
        "索镇-整改通知-2021.xlsx",
    ]
    assert first.stdout.count("Wrote report/整改通知/") == 4
    assert (
        "Unchanged: report/整改通知/索镇-整改通知-2021.xlsx" in run("merge", "--notices", cwd=filled).stdout
    )
    (folder / "城区街道-整改通知-2021.xlsx").write_bytes(b"typed into")
    [returned] = (filled / "returned").glob("城区*")
    returned.unlink()
    third = run("merge", "--notices", "--as-of", "2021-10-20", cwd=filled)
    assert (
        "城区街道-整改通知-2021.xlsx: somebody typed into it, so it was left as it is; "
        "the new notice is report/整改通知/城区街道-整改通知-2021-10-20.xlsx."
    ) in third.stdout
    assert (folder / "城区街道-整改通知-2021.xlsx").read_bytes() == b"typed into"


def test_a_town_with_nothing_to_put_right_is_named(run: Run, filled: Path) -> None:
    """It gets no notice; the document on standard output stays alone there."""
    change = {"重点失分比例": "100%"}
    fill_in(filled / "campaign.xlsx", settings=change)
    done = run("merge", "--notices", "--json", cwd=filled)
    assert "Nothing to put right, so no notice: 果里镇" in done.stderr
    assert json.loads(done.stdout)["output"]


def test_a_part_of_the_round_makes_no_notices(run: Run, filled: Path) -> None:
    """Towns whose returns were not read would be asked for them again."""
    [town] = (filled / "returned").glob("果里*")
    done = run("merge", town, "--notices", cwd=filled)
    assert "No notices were written, because this workbook is not of the whole round." in done.stdout
    assert not (filled / "report" / "整改通知").exists()


@pytest.mark.parametrize("folder", ["report", "elsewhere"])
def test_notices_go_where_the_workbook_goes(run: Run, filled: Path, folder: str) -> None:
    """Only those beside the round's reports are the round's own."""
    (filled / "elsewhere").mkdir()
    run("merge", "--notices", "-o", f"{folder}/总表.xlsx", cwd=filled)
    assert len(list((filled / folder / "整改通知").iterdir())) == 4
    assert (filled / "notices.jsonl").exists() is (folder == "report")


def test_a_part_of_the_round_is_said_to_be_one(run: Run, filled: Path) -> None:
    """Before a leader gets it; what is left out is counted."""
    [town] = (filled / "returned").glob("果里*")
    done = run("merge", town, cwd=filled)
    assert "This workbook is not of the whole round: 3 files in returned were not read." in done.stderr
    assert "not of the whole round" not in run("merge", cwd=filled).stderr
    assert "not of the whole round" not in run("merge", "returned", cwd=filled).stderr


@pytest.mark.parametrize("reader", ["head -c 1", "true"])
@pytest.mark.parametrize("as_json", ["", "--json"], ids=["people", "programs"])
def test_a_reader_who_has_seen_enough_costs_no_report(filled: Path, reader: str, as_json: str) -> None:
    """``greenxl merge | head -1`` writes the workbook, and says nothing of its reader."""
    command = f"{sys.executable} -m greenxl merge --as-of 2021-10-08 {as_json} | {reader}"
    done = subprocess.run(command, shell=True, cwd=filled, capture_output=True, encoding="utf-8", check=False)
    assert len(list((filled / "report").iterdir())) == 2, done.stderr
    assert "Broken" not in done.stderr


TOWN, SHEET = "果里镇", "鸿嘉社区"


def edited(data: bytes, **cells: str | float) -> bytes:
    """Return a town's workbook with these values in cells, saved by another program."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cell, value in cells.items():
        book[SHEET][cell] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def merged(run: Run, round_: Path, *words: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return the town's status, and outcome and reason of its files, by merging."""
    document = json.loads(run("merge", "--json", *words, cwd=round_).stdout)
    outcomes = {Path(one["file"]).name: one["outcome"] for one in document["files"]}
    reasons = {Path(one["file"]).name: one["reason"] for one in document["files"] if one["reason"]}
    [status] = [one["status"] for one in document["communities"] if one["community"] == SHEET]
    return status, outcomes, reasons


def test_our_own_files_among_the_returns_make_no_conflict(run: Run, round_: Path) -> None:
    """Blank and correction copy, as they went out or only saved again: the corrected return counts alone."""
    assert run("template", cwd=round_).returncode == 0
    blank, returned = round_ / "blank" / f"{TOWN}-评分表-2021.xlsx", round_ / "returned"
    full: dict[str, str | float] = {f"E{row}": 4.5 for row in range(4, 24)}
    (returned / "a.xlsx").write_bytes(edited(blank.read_bytes(), **{**full, "E4": "五"}))
    assert run("check", "--sendback", "sendback", cwd=round_).returncode == 1
    [copy] = (round_ / "sendback").glob("*.xlsx")
    data = copy.read_bytes()
    (returned / "b.xlsx").write_bytes(edited(data, E4=4.5))
    status, _outcomes, _reasons = merged(run, round_)
    assert status == "passed"
    for name, came_back in (("blank", blank.read_bytes()), ("copy", data), ("saved", edited(data))):
        (returned / f"{name}.xlsx").write_bytes(came_back)
    with zipfile.ZipFile(returned / "bounce.zip", "w") as archive:
        archive.writestr("inside.xlsx", data)
    status, outcomes, reasons = merged(run, round_)
    assert status == "passed"
    own = {name: outcomes[name] for name in ("blank.xlsx", "copy.xlsx", "inside.xlsx", "saved.xlsx")}
    assert set(own.values()) == {"skipped"}
    assert [reasons[name] for name in ("blank.xlsx", "copy.xlsx", "inside.xlsx")] == [
        "Our own file, came back unchanged; not a return, skipped."
    ] * 3
    assert reasons["saved.xlsx"].startswith("The correction copy came back as it went out")


def test_a_copy_that_came_back_alone_leaves_all_as_it_was(run: Run, round_: Path) -> None:
    """The return with its faults counts on: the town has still to correct it, and the same copy stays."""
    assert run("template", cwd=round_).returncode == 0
    blank, returned = round_ / "blank" / f"{TOWN}-评分表-2021.xlsx", round_ / "returned"
    (returned / "a.xlsx").write_bytes(edited(blank.read_bytes(), E4="五"))
    run("check", "--sendback", "sendback", cwd=round_)
    before = merged(run, round_)[0]
    [copy] = (round_ / "sendback").glob("*.xlsx")
    (returned / "copy.xlsx").write_bytes(copy.read_bytes())
    (returned / "saved.xlsx").write_bytes(edited(copy.read_bytes()))
    assert merged(run, round_)[0] == before == "invalid"
    assert (
        f"Unchanged: {Path('sendback', copy.name)}"
        in run("check", "--sendback", "sendback", cwd=round_).stdout
    )
    assert [one["files"] for one in json.loads(run("status", "--json", cwd=round_).stdout)["towns"]] == [
        0,
        1,
        0,
    ]


def test_a_blank_that_no_journal_knows_is_still_told_to_be_empty(run: Run, round_: Path) -> None:
    """A town that returns its form without a score is told so, where it is not to the byte what went out."""
    assert run("template", cwd=round_).returncode == 0
    blank = (round_ / "blank" / f"{TOWN}-评分表-2021.xlsx").read_bytes()
    (round_ / "returned" / "a.xlsx").write_bytes(edited(blank))
    assert merged(run, round_)[1] == {"a.xlsx": "read"}
    assert "came back without a single score" in run("check", cwd=round_).stdout


ANNUAL = "桓台县绿色社区创建-2021年度总结评估报告-2021-10-08"
OWN = "总结评估报告模板.docx"


def test_the_annual_report_is_written(run: Run, filled: Path) -> None:
    """In the folder of reports, a second one beside the first; the result is printed as merge prints it."""
    first = run("report", "--as-of", "2021-10-08", cwd=filled)
    assert first.returncode == run("merge", "--as-of", "2021-10-08", cwd=filled).returncode == 1
    assert f"Wrote report/{ANNUAL}.docx" in first.stdout
    assert "Pass rate 15 of 21 = 71.4%" in first.stdout
    assert "It has 20 places that only people can fill in: look for “【请填写” in Word." in first.stderr
    second = run("report", "--as-of", "2021-10-08", "--json", cwd=filled)
    assert json.loads(second.stdout)["output"] == f"report/{ANNUAL}（2）.docx"
    assert (
        lines((filled / "report" / f"{ANNUAL}.docx").read_bytes())[0]
        == "桓台县绿色社区创建2021年度总结评估报告"
    )


def test_a_rounds_own_template_is_used(run: Run, filled: Path) -> None:
    """Written once, never over one that is there; --template goes before it."""
    done = run("report", "--write-template", cwd=filled)
    assert (done.returncode, sorted(path.name for path in filled.glob("*.docx"))) == (0, [OWN])
    (filled / OWN).write_bytes(
        document("{{ 达标数 }}个", "{% for 镇 in 各上级 %}", "{{ 镇.名称 }}", "{% endfor %}")
    )
    again = run("report", "--write-template", cwd=filled)
    assert (again.returncode, f"{OWN}: the round has its template already" in again.stderr) == (2, True)
    run("report", "-o", "a.docx", cwd=filled)
    assert lines((filled / "a.docx").read_bytes()) == ["15个", "城区街道", "果里镇", "索镇"]
    (filled / "b.docx").write_bytes(document("{{ 名单数 }}"))
    run("report", "-o", "c.docx", "--template", "b.docx", cwd=filled)
    assert lines((filled / "c.docx").read_bytes()) == ["21"]


def test_a_template_with_a_fault_stops_before_anything_is_read(run: Run, filled: Path) -> None:
    """It is named with the field; nothing is written."""
    (filled / OWN).write_bytes(document("{{ 达标树 }}"))
    (filled / "returned" / "坏.xlsx").write_bytes(b"PK")
    done = run("report", "--json", cwd=filled)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (2, "template-unusable")
    assert error["message"].startswith(f"{OWN}: the template cannot be used: there is no field “达标树”")
    assert reports(filled) == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["-o", "a.xlsx"], 2, "a.xlsx: the annual report is a .docx file"),
        (["-o", "there.docx"], 2, "there.docx: the file exists already"),
        (["--template", "none.docx"], 2, "none.docx: there is no such file or folder"),
        (["--template", "report"], 3, "report: the template cannot be read"),
        (["--template", "campaign.xlsx"], 2, "campaign.xlsx: this is no Word document"),
    ],
    ids=["another kind", "there already", "no template", "a folder", "a workbook"],
)
def test_wrong_use_of_report(run: Run, filled: Path, words: list[str], code: int, message: str) -> None:
    """One message, before anything is read."""
    (filled / "there.docx").write_bytes(b"mine")
    done = run("report", *words, cwd=filled)
    assert (done.returncode, message in done.stderr, reports(filled)) == (code, True, [])
    assert (filled / "there.docx").read_bytes() == b"mine"


def test_force_writes_the_annual_report_over_the_old_one(run: Run, filled: Path) -> None:
    """Only then."""
    (filled / "there.docx").write_bytes(b"mine")
    run("report", "-o", "there.docx", "--force", cwd=filled)
    assert (filled / "there.docx").read_bytes()[:2] == b"PK"


def test_outside_of_a_round_there_is_no_template_to_write(run: Run) -> None:
    """The shipped one is used without being written."""
    done = run("report", "--write-template")
    assert (done.returncode, "This is no round" in done.stderr) == (2, True)
