"""What the page shows of a round is what the commands print of it."""

import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.rounds.evaluate import evaluate_here
from greenxl.rounds.written import write_blanks
from greenxl.ui.view import ShownRound, deadline_of, round_view, title_of
from tests.conftest import SAMPLES

DAY = date(2021, 9, 20)


@pytest.fixture(autouse=True)
def here(round_: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(round_)
    return round_


def shown(today: date = DAY) -> ShownRound:
    return round_view(evaluate_here(load(Path("campaign.xlsx")), [Path("returned")]), today)


def returns() -> None:
    shutil.copytree(SAMPLES / "returned", "returned", dirs_exist_ok=True)


def test_a_round_from_its_beginning_to_its_report() -> None:
    """The one thing to do next goes with it."""
    assert (shown().next, shown().blanks, shown().blanks_wanted) == ("blanks", 0, 3)
    campaign = load(Path("campaign.xlsx"))
    list(write_blanks(campaign, [town.name for town in campaign.towns], Path("blank")))
    assert (shown().next, shown().blanks) == ("receive", 3)
    returns()
    assert shown().next == "remind-0"
    record = {"time": "2030-09-20T08:00:00+08:00", "key": "k", "kind": "reminders", "name": "城区街道"}
    Path("sendlog.jsonl").write_text(json.dumps({**record, "state": "sent"}) + "\n", "utf-8")
    assert shown().next == "report"
    Path("report/桓台县绿色社区创建-2021年汇总-2021-09-20.xlsx").write_bytes(b"")
    assert (shown().next, shown().report.older) == ("mail", "")
    sent = {**record, "kind": "report", "name": "县政府分管领导", "state": "sent"}
    with Path("sendlog.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(sent) + "\n")
    assert shown().next == "open-report"
    assert shown(date(2021, 10, 8)).sent_report == ("县政府分管领导：9/20 (mailed)",)


def test_every_town_has_its_line() -> None:
    """What is missing and wrong, the cells with what to do, and the text for the chat."""
    returns()
    first, second, third = shown().towns
    assert (first.accepted, second.accepted, third.accepted) == ("12/14", "1/1", "6/6")
    assert first.situation == ("not returned: 玫瑰城社区", "宝发社区: 填报不全, 2 places")
    assert (first.to_correct, second.situation, second.reminder) == (True, (), "")
    assert "玫瑰城社区" in first.reminder
    assert first.findings[0].where == "城区街道-评分表-2021.xlsx › 宝发社区!E21, E23"
    assert "returned/" not in str(shown())


def test_every_file_is_listed_with_what_became_of_it() -> None:
    """Read, rejected, and an archive by how many it holds."""
    returns()
    shutil.copy(SAMPLES / "spoiled" / "其实是PDF-西镇社区.xlsx", "returned")
    shutil.make_archive("returned/赵", "zip", SAMPLES / "returned")
    files = {one.name: one for one in shown().files}
    assert (files["索镇-评分表-2021.ods"].kind, files["索镇-评分表-2021.ods"].words) == (
        "read",
        "read, 6 sheets",
    )
    assert files["其实是PDF-西镇社区.xlsx"].words.startswith("rejected: ")
    assert files["赵.zip"].words == "4 files in it"
    assert [one.where for one in shown().other] == ["其实是PDF-西镇社区.xlsx"]


def test_a_report_is_older_than_what_came_or_went() -> None:
    """By the files' times, and by the folder's where a file went away."""
    returns()
    report = Path("report/桓台县绿色社区创建-2021年汇总-2021-09-20.xlsx")
    report.write_bytes(b"")
    for path in (*Path("returned").iterdir(), Path("returned")):
        os.utime(path, (1e9, 1e9))
    assert shown().report.older == ""
    next(Path("returned").iterdir()).unlink()
    os.utime(report, (1.5e9, 1.5e9))
    assert shown().report.older == "files came or were withdrawn after the workbook was made"
    next(Path("returned").iterdir()).touch()
    assert shown().report.older == "1 files are newer than the workbook"


@pytest.mark.parametrize(
    ("day", "words", "past"),
    [
        (date(2021, 9, 20), "Deadline 9/30, 10 days left", False),
        (date(2021, 9, 30), "Deadline 9/30: today", False),
        (date(2021, 10, 2), "Deadline 9/30, past by 2 days", True),
    ],
)
def test_the_deadline(huantai: Campaign, day: date, words: str, past: bool) -> None:
    """How long until it, or since."""
    shown_ = deadline_of(huantai, day)
    assert (shown_.words, shown_.is_past) == (words, past)
    assert title_of(huantai) == "桓台县绿色社区创建 2021"
