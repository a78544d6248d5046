import os
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.campaign.tables import shipped
from greenxl.errors import CampaignError, GreenxlError, WrongUseError
from greenxl.form.blank import blanks
from greenxl.mail.mailing import (
    Mailing,
    blank_mailing,
    missing_addresses,
    refuse_missing_addresses,
    reminder_mailing,
    report_mailing,
    sendback_mailing,
)
from greenxl.report.book import consolidate
from greenxl.rounds.evaluate import Round, evaluate
from tests.conftest import SAMPLES
from tests.tools.rounds import samples

DAY = date(2021, 9, 20)
COPY = "城区街道-退回修改-2021.xlsx"


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round folder with the sample returns."""
    folder = tmp_path_factory.mktemp("round")
    shutil.copytree(SAMPLES / "returned", folder / "returned")
    return folder


@pytest.fixture(scope="module")
def sample_round(huantai: Campaign, returned: Path) -> Round:
    return evaluate(huantai, [returned / "returned"])


@pytest.fixture(scope="module")
def report(huantai: Campaign) -> bytes:
    return consolidate(*samples(huantai), date(2021, 10, 8))


def sendback(result: Round, folder: Path) -> Mailing:
    return sendback_mailing(result, result.campaign.towns, folder, DAY)


def put_copy(folder: Path, name: str, *, old: bool = False) -> Path:
    """Put a correction copy into a round's folder, one that is older than any return if that is said."""
    path = folder / "sendback" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"copy")
    if old:
        os.utime(path, (1, 1))
    return path


def test_a_blank_that_differs_from_the_attached_one_is_a_warning(huantai: Campaign, tmp_path: Path) -> None:
    """What is mailed is made from the campaign: a file in blank/ is named if it is another."""
    (tmp_path / "blank").mkdir()
    for made in blanks(huantai, ["索镇", "果里镇"]):
        (tmp_path / "blank" / made.file_name).write_bytes(made.data)
    assert blank_mailing(huantai, huantai.towns, tmp_path, DAY).warnings == []
    path = tmp_path / "blank" / "索镇-评分表-2021.xlsx"
    path.write_bytes(b"edited by hand")
    mailing = blank_mailing(huantai, huantai.towns, tmp_path, DAY)
    (warning,) = mailing.warnings
    assert warning.startswith(f"{path}: the attachment is not this file but a new one")
    assert [letter.name for letter in mailing.letters] == ["城区街道", "果里镇", "索镇"]


def test_templates_of_the_round_folder_are_used(sample_round: Round, tmp_path: Path) -> None:
    """A template in the folder mail of the round words its mails."""
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "reminders.subject.j2").write_text("催 {{ late }}", encoding="utf-8")
    towns = sample_round.campaign.towns
    mailing = reminder_mailing(sample_round, towns, tmp_path, date(2021, 10, 2))
    assert [letter.subject for letter in mailing.letters] == ["催 2"]


def test_a_wanted_copy_that_is_missing_is_a_warning(sample_round: Round, tmp_path: Path) -> None:
    """A town that has something to correct needs a copy; with one it gets its letter, and no warning."""
    mailing = sendback(sample_round, tmp_path)
    assert mailing.letters == []
    assert mailing.warnings == [
        "城区街道 has something to correct, but no copy for it was made. "
        "Run “greenxl check --sendback sendback”."
    ]
    put_copy(tmp_path, COPY)
    mailing = sendback(sample_round, tmp_path)
    assert [letter.attachments[0].name for letter in mailing.letters] == [COPY]
    assert mailing.letters[0].attachments[0].place == Path("sendback", COPY)
    assert mailing.warnings == []


def test_a_copy_older_than_the_return_is_a_warning(sample_round: Round, tmp_path: Path) -> None:
    """What was returned since is not in the copy; one for a town that is done may be deleted."""
    put_copy(tmp_path, COPY, old=True)
    left_over = put_copy(tmp_path, "索镇-退回修改-2021.xlsx", old=True)
    mailing = sendback(sample_round, tmp_path)
    assert [letter.name for letter in mailing.letters] == ["城区街道"]
    assert mailing.warnings == [
        "城区街道 has returned something newer than its correction copy. "
        "Run “greenxl check --sendback sendback”.",
        f"索镇 has nothing left to correct: {left_over} is out of date and may be deleted.",
    ]


def test_the_newest_copy_of_a_town_is_sent(sample_round: Round, tmp_path: Path) -> None:
    """Of several correction copies the newest is sent; files that are none of this town's are passed over."""
    put_copy(tmp_path, COPY, old=True)
    newest = put_copy(tmp_path, "城区街道-退回修改-2021-2.xlsx")
    os.utime(newest, (2, 2))
    for name in (f"~${COPY}", "城区街道.xlsx", "城区街道-退回修改.txt", "甲-城区街道-退回修改.xlsx"):
        put_copy(tmp_path, name)
    (letter,) = sendback(sample_round, tmp_path).letters
    assert [attachment.name for attachment in letter.attachments] == [newest.name]


def test_the_newest_report_is_sent(huantai: Campaign, returned: Path, report: bytes, tmp_path: Path) -> None:
    """Of the workbooks in report/ the last written, unless one is named; returns after it are a warning."""
    shutil.copytree(returned, tmp_path, dirs_exist_ok=True)
    (tmp_path / "report").mkdir()
    old, new = (tmp_path / "report" / name for name in ("旧.xlsx", "新.xlsx"))
    for path in (old, new, new.with_name("~$新.xlsx")):
        path.write_bytes(report)
    os.utime(old, (1, 1))
    newest = report_mailing(huantai, None, tmp_path, DAY)
    named = report_mailing(huantai, old, tmp_path, DAY)
    assert {a.name for letter in newest.letters for a in letter.attachments} == {"新.xlsx"}
    assert newest.warnings == []
    assert {a.name for letter in named.letters for a in letter.attachments} == {"旧.xlsx"}
    assert named.warnings == [
        f"{old}: returns that are newer than this workbook: 4. Run “greenxl merge” to take them in."
    ]


def test_without_a_report_or_a_leader_nothing_is_sent(huantai: Campaign, tmp_path: Path) -> None:
    """What is missing is one sentence with what to do."""
    with pytest.raises(WrongUseError, match="there is no consolidated workbook here. Run “greenxl merge”"):
        report_mailing(huantai, None, tmp_path, DAY)
    with pytest.raises(GreenxlError, match=r"x\.xlsx: the file cannot be read"):
        report_mailing(huantai, tmp_path / "x.xlsx", tmp_path, DAY)
    with pytest.raises(WrongUseError, match="names no leader to report to"):
        report_mailing(replace(huantai, recipients=()), None, tmp_path, DAY)


def test_missing_addresses_name_table_and_row(huantai: Campaign, report: bytes, tmp_path: Path) -> None:
    """Each recipient without an address is a fault with the row to fill in, and nothing may be sent."""
    (tmp_path / "汇总.xlsx").write_bytes(report)
    letters = blank_mailing(huantai, huantai.towns[1:], tmp_path, DAY).letters
    faults = missing_addresses(letters, shipped())
    assert [(fault.row, fault.found) for fault in faults] == [(3, "果里镇"), (4, "索镇")]
    people = report_mailing(huantai, tmp_path / "汇总.xlsx", tmp_path, DAY).letters
    assert [fault.row for fault in missing_addresses(people, shipped())] == [2, 3]
    assert missing_addresses([replace(letters[0], address="a@example.cn")], shipped()) == ()
    refuse_missing_addresses(())
    with pytest.raises(CampaignError, match="Nothing was sent") as refused:
        refuse_missing_addresses(faults)
    assert refused.value.faults == faults
