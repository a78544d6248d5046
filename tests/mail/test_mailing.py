import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign import shipped
from greenxl.campaign.model import Campaign, Community, Town
from greenxl.campaign.settings import Attached
from greenxl.errors import CampaignError, GreenxlError, WrongUseError
from greenxl.form.blank import blank, blanks
from greenxl.mail.mailing import (
    Mailing,
    blank_mailing,
    missing_addresses,
    notice_mailing,
    refuse_missing_addresses,
    reminder_mailing,
    report_mailing,
    sendback_mailing,
)
from greenxl.report.book import consolidate, leader_copy
from greenxl.report.notices.renewal import renew_notices
from greenxl.rounds.copies_journal import begin_journal, read_issued
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.rounds.folder import leader_copy_of
from greenxl.scoring.tables import build
from greenxl.sendback.renewal import renew_copies
from tests.conftest import SAMPLES
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.rounds import round_of, samples

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


def issue(result: Round, folder: Path, number: str = "1") -> Round:
    """Write the correction copies of a round and return the round as it is then evaluated."""
    begin_journal(folder)
    result = replace(result, issued=read_issued(folder))
    renew_copies(result, folder / "sendback", folder, lambda: number * 32)
    return replace(result, issued=read_issued(folder))


def test_a_blank_that_differs_from_the_attached_one_is_a_warning(huantai: Campaign, tmp_path: Path) -> None:
    """What is sent by mail or chat is the campaign's own: a file in blank/ is named if it is another."""
    (tmp_path / "blank").mkdir()
    for made in blanks(huantai, ["索镇", "果里镇"]):
        (tmp_path / "blank" / made.file_name).write_bytes(made.data)
    assert blank_mailing(huantai, huantai.towns, tmp_path, DAY).warnings == []
    path = tmp_path / "blank" / "索镇-评分表-2021.xlsx"
    path.write_bytes(b"edited by hand")
    mailing = blank_mailing(huantai, huantai.towns, tmp_path, DAY)
    (warning,) = mailing.warnings
    assert warning.startswith(f"{path}: this file differs from the blank of the campaign as it is now.")
    assert [letter.name for letter in mailing.letters] == ["城区街道", "果里镇", "索镇"]
    *_others, letter = mailing.letters
    [attachment] = letter.attachments
    assert (attachment.name, attachment.place) == (path.name, Path("blank", "索镇-评分表-2021（2）.xlsx"))
    assert "blank/索镇-评分表-2021（2）.xlsx" in letter.chat


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
    mailing = sendback(issue(sample_round, tmp_path), tmp_path)
    [letter] = mailing.letters
    assert [one.name for one in letter.attachments] == [COPY]
    assert letter.attachments[0].place == Path("sendback", COPY)
    assert letter.attachments[0].data == (tmp_path / "sendback" / COPY).read_bytes()
    assert mailing.warnings == []


def test_a_copy_that_would_come_out_otherwise_is_a_warning(
    huantai: Campaign, returned: Path, tmp_path: Path
) -> None:
    """What was returned since is not in the copy; a town that is done needs none."""
    shutil.copytree(returned, tmp_path, dirs_exist_ok=True)
    before = issue(evaluate(huantai, [tmp_path / "returned"]), tmp_path)
    [file] = (tmp_path / "returned").glob("城区*")
    shutil.copy(SAMPLES / "spoiled" / "汉字-宝龙社区.xlsx", tmp_path / "returned")
    again = evaluate(huantai, [tmp_path / "returned"], issued=before.issued)
    assert sendback(again, tmp_path).warnings == [
        "城区街道 has returned something newer than its correction copy. "
        "Run “greenxl check --sendback sendback”."
    ]
    (tmp_path / "returned" / "汉字-宝龙社区.xlsx").unlink()
    path = tmp_path / "sendback" / COPY
    book = openpyxl.load_workbook(file)
    for cells in (*book["宝发社区"]["E4:E23"], *book["玫瑰城社区"]["E4:E23"]):
        cells[0].value = 4
    book.save(file)
    done = evaluate(huantai, [tmp_path / "returned"], issued=before.issued)
    assert sendback(done, tmp_path) == Mailing(
        [],
        [
            f"城区街道 has nothing left to correct: {path} is out of date. "
            "Run “greenxl check --sendback sendback”."
        ],
    )
    renew_copies(done, tmp_path / "sendback", tmp_path)
    assert sendback(done, tmp_path) == Mailing([], [])


def test_a_copy_of_a_town_of_which_nothing_was_read_is_not_sent(sample_round: Round, tmp_path: Path) -> None:
    """Whether it still needs it is not known, and "check" would not touch it: no command is named."""
    issued = issue(sample_round, tmp_path).issued
    nothing = replace(sample_round, checked=(), findings=(), issued=issued)
    path = tmp_path / "sendback" / COPY
    assert sendback(nothing, tmp_path) == Mailing(
        [], [f"{path}: nothing that 城区街道 returned was read, so it is not sent."]
    )
    assert not renew_copies(nothing, tmp_path / "sendback", tmp_path).retired


def test_where_no_copy_can_be_made_nothing_is_sent_back(huantai: Campaign, tmp_path: Path) -> None:
    """What another level has not filled in, and a broken file, are in reminders alone; no copy is named."""
    campaign, blank = mixed(huantai), [None] * 7
    one, two, *_rest = campaign.communities
    towns = (Town(one.name), Town(two.name))
    units = (replace(one, town=one.name), replace(two, town=two.name))
    campaign = replace(campaign, parent="", towns=towns, communities=units)
    result, _tables = round_of(
        campaign,
        dict.fromkeys(units, blank),
        {unit: {"自评分": FULL, "县核定分": blank} for unit in units},
    )
    line = "Nothing to send back to {}. What they owe is in their reminders: greenxl send reminders"
    assert sendback(issue(result, tmp_path), tmp_path) == Mailing(
        [], [line.format(f"{one.name}、{two.name}")]
    )
    assert list((tmp_path / "sendback").glob("*")) == []
    assert len(reminder_mailing(result, towns, tmp_path, DAY).letters) == 2
    (tmp_path / "returned" / "索镇").mkdir(parents=True)
    (tmp_path / "returned" / "索镇" / "坏.xlsx").write_bytes(b"")
    broken = evaluate(huantai, [tmp_path / "returned"])
    assert sendback(broken, tmp_path) == Mailing([], [line.format("索镇")])


def test_every_copy_that_check_writes_is_sent(huantai: Campaign, tmp_path: Path) -> None:
    """To towns with errors and to those that have only something to check."""
    campaign = mixed(huantai)
    campaign = replace(campaign, reason_required=True, towns=huantai.towns, communities=huantai.communities)
    errors, checks, fine = (campaign.communities_of(town.name)[0] for town in campaign.towns)
    given: dict[Community, list[Typed]] = {
        errors: ["五", *FULL[1:]],
        checks: [19, *FULL[1:]],
        fine: FULL,
    }
    result = issue(round_of(campaign, given)[0], tmp_path)
    written = {path.name for path in (tmp_path / "sendback").iterdir()}
    letters = sendback(result, tmp_path).letters
    assert [one.name for one in letters] == ["城区街道", "果里镇"]
    assert {attachment.name for one in letters for attachment in one.attachments} == written


def test_a_copy_is_known_by_the_journal_whatever_it_is_called(sample_round: Round, tmp_path: Path) -> None:
    """It goes to its town; a lock file, a text and what is settled are passed over."""
    result = issue(sample_round, tmp_path)
    folder = tmp_path / "sendback"
    (folder / COPY).rename(folder / "索镇-改.xlsx")
    (folder / "已了结").mkdir()
    for name in (f"~${COPY}", "城区街道-退回修改.txt", f"已了结/{COPY}"):
        (folder / name).write_bytes(b"x")
    mailing = sendback(result, tmp_path)
    assert [(one.name, one.attachments[0].name) for one in mailing.letters] == [("城区街道", "索镇-改.xlsx")]
    assert mailing.warnings == []


def test_the_copy_that_was_issued_last_is_sent(sample_round: Round, tmp_path: Path) -> None:
    """Of two that the round issued to a town, whichever file is the newer."""
    result = issue(sample_round, tmp_path)
    path = tmp_path / "sendback" / COPY
    first = path.read_bytes()
    [sheet] = [one for one in result.checked if one.community and one.community.name == "宝发社区"]
    other = replace(sheet, sheet=replace(sheet.sheet, sheet="另一张"))
    changed = replace(result, checked=(*(one for one in result.checked if one is not sheet), other))
    again = issue(changed, tmp_path, "2")
    assert path.read_bytes() != first
    path.with_name("旧.xlsx").write_bytes(first)
    os.utime(path, (1, 1))
    [letter] = sendback(again, tmp_path).letters
    assert [one.name for one in letter.attachments] == [COPY]


def edited(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["宝发社区"]["E21"] = 1
    book.save(path)


def a_blank(path: Path) -> None:
    shutil.copy(SAMPLES / "blank" / "索镇-评分表-2021.xlsx", path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(edited, "changed since greenxl wrote it, so it is not sent.", id="edited"),
        pytest.param(a_blank, "no correction copy that this round issued, so it is not sent.", id="a blank"),
        pytest.param(
            lambda path: path.write_bytes(b"copy"),
            "no correction copy that this round issued, so it is not sent.",
            id="no workbook",
        ),
    ],
)
def test_what_the_round_did_not_issue_is_not_sent(
    sample_round: Round, tmp_path: Path, change: Callable[[Path], None], reason: str
) -> None:
    """Whatever it is called: it is told, with what to do."""
    result = issue(sample_round, tmp_path)
    path = tmp_path / "sendback" / COPY
    change(path)
    mailing = sendback(result, tmp_path)
    assert mailing.letters == []
    assert mailing.warnings[0] == f"{path}: {reason} Move it elsewhere."


def two_towns(huantai: Campaign) -> Campaign:
    """Return the campaign with the towns 索镇 and 索镇-北, of which one name begins with the other."""
    north = Town("索镇-北")
    communities = tuple(
        replace(one, town=north.name) if one.town == "果里镇" else one
        for one in huantai.communities
        if one.town != "城区街道"
    )
    towns = (huantai.towns[-1], north)
    return replace(huantai, towns=towns, communities=communities)


@pytest.mark.parametrize("journal", [True, False], ids=["with a journal", "begun before there was one"])
def test_a_copy_goes_to_its_own_town(huantai: Campaign, tmp_path: Path, journal: bool) -> None:
    """Not to the town whose name the file’s begins with."""
    campaign = two_towns(huantai)
    for town in campaign.towns:
        first = campaign.communities_of(town.name)[0]
        scores = {first: [None, *[Decimal(4)] * 19]}
        data = blank(campaign, town.name, [first], scores=scores)
        (tmp_path / "returned").mkdir(exist_ok=True)
        (tmp_path / "returned" / f"{town.name}.xlsx").write_bytes(data)
    result = issue(evaluate(campaign, [tmp_path / "returned"]), tmp_path)
    assert len(list((tmp_path / "sendback").iterdir())) == 2
    result = result if journal else replace(result, issued=None)
    found = {one.name: one.attachments[0] for one in sendback(result, tmp_path).letters}
    assert {town: attachment.name for town, attachment in found.items()} == {
        "索镇": "索镇-退回修改-2021.xlsx",
        "索镇-北": "索镇-北-退回修改-2021.xlsx",
    }
    (tmp_path / "sendback" / "索镇-退回修改-2021.xlsx").unlink()
    assert [one.name for one in sendback(result, tmp_path).letters] == ["索镇-北"]


def test_a_round_without_journal_goes_by_what_the_copies_say(sample_round: Round, tmp_path: Path) -> None:
    """The newest of a town; a blank is none. One older than a return is a warning, as no content is known."""
    issue(sample_round, tmp_path)
    path = tmp_path / "sendback" / COPY
    os.utime(path, (1, 1))
    a_blank(path.with_name("索镇-退回修改-2021.xlsx"))
    mailing = sendback(sample_round, tmp_path)
    assert [one.attachments[0].name for one in mailing.letters] == [COPY]
    assert mailing.warnings == [
        f"{path.with_name('索镇-退回修改-2021.xlsx')}: no correction copy that this round issued, "
        "so it is not sent. Move it elsewhere.",
        "城区街道 has returned something newer than its correction copy. "
        "Run “greenxl check --sendback sendback”.",
    ]


def test_the_newest_report_is_sent(huantai: Campaign, returned: Path, report: bytes, tmp_path: Path) -> None:
    """Of the workbooks in report/ the last written, unless one is named; returns after it are a warning."""
    shutil.copytree(returned, tmp_path, dirs_exist_ok=True)
    (tmp_path / "report").mkdir()
    old, new = (tmp_path / "report" / name for name in ("旧.xlsx", "新.xlsx"))
    for path in (old, new, new.with_name("~$新.xlsx")):
        path.write_bytes(report)
        leader_copy_of(path).write_bytes(report)
    for path in (old, leader_copy_of(old)):
        os.utime(path, (1, 1))
    newest = report_mailing(huantai, None, tmp_path, DAY)
    named = report_mailing(huantai, old, tmp_path, DAY)
    assert {a.name for letter in newest.letters for a in letter.attachments} == {"新（领导版）.xlsx"}
    assert newest.warnings == []
    assert {a.name for letter in named.letters for a in letter.attachments} == {"旧（领导版）.xlsx"}
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
    (tmp_path / "汇总（领导版）.xlsx").write_bytes(report)
    letters = blank_mailing(huantai, huantai.towns[1:], tmp_path, DAY).letters
    faults = missing_addresses(letters, shipped())
    assert [(fault.rows, fault.found) for fault in faults] == [((3,), "果里镇"), ((4,), "索镇")]
    people = report_mailing(huantai, tmp_path / "汇总.xlsx", tmp_path, DAY).letters
    assert [fault.rows for fault in missing_addresses(people, shipped())] == [(2,), (3,)]
    assert missing_addresses([replace(letters[0], address="a@example.cn")], shipped()) == ()
    refuse_missing_addresses(())
    with pytest.raises(CampaignError, match="Nothing was sent") as refused:
        refuse_missing_addresses(faults)
    assert refused.value.faults == faults


def test_a_foreign_workbook_among_the_reports_is_passed_over(
    huantai: Campaign, report: bytes, tmp_path: Path
) -> None:
    """Whatever day its name bears; where no other is there, why it is none is said."""
    folder = tmp_path / "report"
    folder.mkdir()
    shutil.copy(SAMPLES / "campaign.xlsx", folder / "会议通知-2099-01-01.xlsx")
    with pytest.raises(WrongUseError, match=r"会议通知-2099-01-01\.xlsx"):
        report_mailing(huantai, None, tmp_path, DAY)
    (folder / "桓台县-2021年汇总-2021-10-08.xlsx").write_bytes(report)
    whole = replace(huantai, report_attachment=Attached.ALL)
    letter, *_others = report_mailing(whole, None, tmp_path, DAY).letters
    assert [one.name for one in letter.attachments] == ["桓台县-2021年汇总-2021-10-08.xlsx"]


def test_the_leaders_copy_goes_out_in_the_reports_stead(
    huantai: Campaign, report: bytes, sample_round: Round, tmp_path: Path
) -> None:
    """Or the report itself where the campaign asks for all of it; a copy that is named is one already."""
    file, copy = tmp_path / "汇总.xlsx", tmp_path / "汇总（领导版）.xlsx"
    tables = build(huantai, sample_round.choices)
    file.write_bytes(consolidate(sample_round, tables, DAY))
    copy.write_bytes(leader_copy(sample_round, tables, DAY))
    whole = replace(huantai, report_attachment=Attached.ALL)
    for campaign, named, sent in ((huantai, file, copy), (huantai, copy, copy), (whole, file, file)):
        mailing = report_mailing(campaign, named, tmp_path, DAY)
        assert mailing.warnings == []
        for letter in mailing.letters:
            assert [(one.name, one.data) for one in letter.attachments] == [(sent.name, sent.read_bytes())]
    first, second = (report_mailing(one, file, tmp_path, DAY).letters[0].text for one in (huantai, whole))
    assert first.partition("附件：")[0] == second.partition("附件：")[0]


def test_a_report_without_a_copy_is_not_sent(huantai: Campaign, report: bytes, tmp_path: Path) -> None:
    """Never the whole workbook in its stead; what is no report at all is said to be none."""
    file = tmp_path / "汇总.xlsx"
    file.write_bytes(report)
    with pytest.raises(WrongUseError, match=r"there is no leader’s copy \(汇总（领导版）\.xlsx\)"):
        report_mailing(huantai, file, tmp_path, DAY)
    shutil.copy(SAMPLES / "campaign.xlsx", file)
    with pytest.raises(WrongUseError, match="总览"):
        report_mailing(huantai, file, tmp_path, DAY)


def test_a_report_that_was_changed_after_its_copy_is_a_warning(
    huantai: Campaign, report: bytes, tmp_path: Path
) -> None:
    """What was corrected by hand in the one is not in the other; a merge takes less than a minute."""
    file = tmp_path / "汇总.xlsx"
    for path in (leader_copy_of(file), file):
        path.write_bytes(report)
    later = file.stat().st_mtime + 300
    os.utime(file, (later, later))
    [warning] = report_mailing(huantai, file, tmp_path, DAY).warnings
    assert warning.startswith(f"{file}: this workbook was saved after its leader’s copy was written.")


def test_a_reminder_goes_out_again_when_the_deadline_has_passed(sample_round: Round, tmp_path: Path) -> None:
    """The same things owed, but now late: another letter than the one before; each day after is the same."""
    towns = sample_round.campaign.towns
    before, early, late, later = (
        reminder_mailing(sample_round, towns, tmp_path, date(2021, month, day)).letters[0].content_hash
        for month, day in ((9, 20), (9, 30), (10, 1), (10, 20))
    )
    assert before == early != late == later


def test_without_a_journal_the_copy_that_was_saved_last_is_the_towns(
    sample_round: Round, tmp_path: Path
) -> None:
    """Not the one whose name comes last: （10） is newer than （2）."""
    [copy] = issue(sample_round, tmp_path).issued.copies  # type: ignore[union-attr]
    written = tmp_path / "sendback" / copy.file_name
    names = [f"{written.stem}（10）.xlsx", f"{written.stem}（2）.xlsx"]
    for name, moment in zip(names, (2, 1), strict=True):
        shutil.copy(written, written.with_name(name))
        os.utime(written.with_name(name), (moment, moment))
    written.unlink()
    [letter] = sendback(replace(sample_round, issued=None), tmp_path).letters
    assert [one.name for one in letter.attachments] == [names[0]]


@pytest.fixture
def noticed(huantai: Campaign, tmp_path: Path) -> Path:
    """A round folder with the notices of the samples."""
    _result, tables = samples(huantai)
    renew_notices(huantai, tables, tmp_path / "report" / "汇总.xlsx", date(2021, 10, 9), tmp_path)
    return tmp_path


def test_notices_go_to_their_towns(huantai: Campaign, noticed: Path) -> None:
    """Those of the last merge, to the towns that are asked for; never that of the departments."""
    mailing = notice_mailing(huantai, huantai.towns, noticed, DAY)
    assert [letter.name for letter in mailing.letters] == ["城区街道", "果里镇", "索镇"]
    (attachment,) = mailing.letters[2].attachments
    assert attachment.place == Path("report", "整改通知", "索镇-整改通知-2021.xlsx")
    assert attachment.data == (noticed / attachment.place).read_bytes()
    assert mailing.warnings == []
    assert [one.name for one in notice_mailing(huantai, huantai.towns[2:], noticed, DAY).letters] == ["索镇"]


def test_a_notice_that_somebody_typed_into_is_sent_as_it_is(huantai: Campaign, noticed: Path) -> None:
    """The office may have set a day for each task; it is told, for it might be another town's answer."""
    path = noticed / "report" / "整改通知" / "索镇-整改通知-2021.xlsx"
    path.write_bytes(b"typed into")
    mailing = notice_mailing(huantai, huantai.towns, noticed, DAY)
    assert mailing.letters[2].attachments[0].data == b"typed into"
    assert mailing.warnings == [
        "report/整改通知/索镇-整改通知-2021.xlsx: somebody typed into it since it was written; "
        "it is sent as it is."
    ]


def test_returns_that_are_newer_than_the_notices_are_a_warning(huantai: Campaign, noticed: Path) -> None:
    """What they hold is not in the notices."""
    (noticed / "returned").mkdir()
    file = noticed / "returned" / "索镇.xlsx"
    file.write_bytes(b"")
    os.utime(file, (2**32, 2**32))
    assert notice_mailing(huantai, huantai.towns, noticed, DAY).warnings == [
        "Returns that are newer than the notices: 1. Run “greenxl merge --notices” to take them in."
    ]


def test_without_notices_there_is_nothing_to_send(huantai: Campaign, noticed: Path) -> None:
    """It is said how to make them, and which is gone."""
    with pytest.raises(WrongUseError, match="There are no notices yet. Run “greenxl merge --notices” first."):
        notice_mailing(huantai, huantai.towns, noticed / "elsewhere", DAY)
    (noticed / "report" / "整改通知" / "索镇-整改通知-2021.xlsx").unlink()
    with pytest.raises(GreenxlError, match="索镇-整改通知-2021.xlsx: the file cannot be read"):
        notice_mailing(huantai, huantai.towns, noticed, DAY)
