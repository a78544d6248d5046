from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.mail.letters import (
    Attachment,
    Letter,
    Texts,
    blank_letters,
    copies_by_town,
    reminder_letters,
    report_letters,
    sendback_letters,
    workbook_digest,
)
from greenxl.report.book import consolidate
from greenxl.rounds.evaluate import Round, merge
from greenxl.rounds.status import wanting
from greenxl.scoring import tables
from tests.conftest import SAMPLES

RETURNED = SAMPLES / "returned"
NOWHERE = Path("no such folder")
IN_TIME = date(2021, 9, 1)


@pytest.fixture(scope="module")
def sample_round(huantai: Campaign) -> Round:
    return merge(huantai, [RETURNED])


@pytest.fixture(scope="module")
def report(sample_round: Round) -> Attachment:
    figures = tables.build(sample_round.campaign, sample_round.choices)
    return Attachment("汇总表.xlsx", consolidate(sample_round, figures, date(2021, 10, 8)))


@pytest.fixture(scope="module")
def texts(huantai: Campaign) -> Texts:
    return Texts(huantai, NOWHERE, IN_TIME)


def test_each_town_gets_its_own_blank(huantai: Campaign, texts: Texts) -> None:
    """A letter per town carries that town's workbook and names its communities and the deadline."""
    letters = blank_letters(huantai, huantai.towns, texts)
    assert [(one.name, one.attachments[0].name) for one in letters] == [
        ("城区街道", "城区街道-评分表-2021.xlsx"),
        ("果里镇", "果里镇-评分表-2021.xlsx"),
        ("索镇", "索镇-评分表-2021.xlsx"),
    ]
    assert letters[1].subject == "桓台县绿色社区创建评分表（2021年）：果里镇，请于9月30日前报送"
    for words in (letters[0].text, letters[0].html):
        assert "2021年9月30日前" in words
        assert all(c.name in words for c in huantai.communities_of("城区街道"))


def content(campaign: Campaign) -> str:
    (letter,) = blank_letters(campaign, campaign.towns[1:2], Texts(campaign, NOWHERE, IN_TIME))
    return letter.content


def test_a_blank_is_another_letter_only_if_its_form_is_another(huantai: Campaign) -> None:
    """A new deadline or contact is no reason to send a blank again; a new community or criterion is."""
    same = replace(huantai, deadline=date(2021, 10, 15), return_to="电话", note="新的说明")
    renamed = replace(huantai, communities=tuple(replace(c, name=f"{c.name}甲") for c in huantai.communities))
    reworded = replace(
        huantai,
        groups=tuple(
            replace(g, criteria=tuple(replace(c, text=f"{c.text}甲") for c in g.criteria))
            for g in huantai.groups
        ),
    )
    assert content(same) == content(huantai)
    assert (
        len({content(huantai), content(renamed), content(reworded), content(replace(huantai, year=2022))})
        == 4
    )


def test_a_reminder_lists_exactly_what_a_town_owes(sample_round: Round, texts: Texts) -> None:
    """Only the town with something missing or wrong is reminded, of each thing, by mail and by chat."""
    (letter,) = reminder_letters(sample_round, sample_round.campaign.towns, texts)
    assert letter.name == "城区街道"
    assert letter.subject == "催报：城区街道2021年桓台县绿色社区创建评分表，1个社区未报送，2处待更正"
    for words in (letter.text, letter.html, letter.chat):
        assert "玫瑰城社区" in words
        assert "宝发社区（填报不全，2处）" in words.replace("</strong>", "")
        assert "E21、E23：" in words
        assert "西苑社区" not in words
        assert "已逾期" not in words
    assert letter.attachments == ()


def test_a_town_is_told_of_files_that_could_not_be_used(huantai: Campaign, tmp_path: Path) -> None:
    """A broken file in a folder that is named for a town, or for its address, is the town's to replace."""
    campaign = replace(
        huantai, towns=tuple(replace(t, email=f"town{i}@example.cn") for i, t in enumerate(huantai.towns))
    )
    for folder, name in (
        ("索镇", "a.xlsx"),
        ("town1@example.cn", "b.xlsx"),
        ("someone@example.cn", "c.xlsx"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(b"")
    found = {one.town.name: one.files for one in wanting(merge(campaign, [tmp_path]), campaign.towns)}
    assert [len(found[name]) for name in ("城区街道", "果里镇", "索镇")] == [0, 1, 1]
    assert found["索镇"][0].startswith("a.xlsx：")
    assert found["果里镇"][0].startswith("b.xlsx：")


def test_returns_that_differ_are_told_without_our_folders(huantai: Campaign, texts: Texts) -> None:
    """A town reads that two of its returns differ and where, but no path of the county's computer."""
    result = merge(huantai, sorted((SAMPLES / "spoiled").glob("重复报送*")))
    letter = next(one for one in reminder_letters(result, huantai.towns, texts) if one.name == "索镇")
    assert "收到的报送不止一份，而且得分不同" in letter.text
    assert "（重复待定，1处）" in letter.chat
    assert letter.subject.endswith("1处待更正")
    assert str(SAMPLES) not in letter.text + letter.html + letter.chat


@pytest.mark.parametrize(
    ("day", "late"),
    [
        pytest.param(date(2021, 9, 30), "", id="on-the-day"),
        pytest.param(date(2021, 10, 3), "已逾期3天", id="after"),
    ],
)
def test_after_the_deadline_a_town_is_told_how_late_it_is(sample_round: Round, day: date, late: str) -> None:
    """Once the deadline has passed nobody is asked to return something before it, but told the days since."""
    texts, towns = Texts(sample_round.campaign, NOWHERE, day), sample_round.campaign.towns
    copies = {"城区街道": Attachment("城区街道-退回修改-2021.xlsx", b"copy")}
    (reminder,) = reminder_letters(sample_round, towns, texts)
    (copy,) = sendback_letters(sample_round, towns, copies, texts)
    for words in (reminder.subject, reminder.text, reminder.html, reminder.chat, copy.text, copy.html):
        assert late in words
        assert ("已逾期" in words) is bool(late)
    assert ("2021年9月30日前" in copy.text) is not bool(late)
    in_time = Texts(sample_round.campaign, NOWHERE, IN_TIME)
    assert reminder.content == reminder_letters(sample_round, towns, in_time)[0].content


def test_a_correction_copy_goes_to_a_town_that_has_to_correct(sample_round: Round, texts: Texts) -> None:
    """A copy is sent where something is wrong; one that is left over for a town that is done is not."""
    copy = Attachment("城区街道-退回修改-2021.xlsx", b"copy")
    copies = {"城区街道": copy, "果里镇": Attachment("果里镇-退回修改-2021.xlsx", b"old")}
    (letter,) = sendback_letters(sample_round, sample_round.campaign.towns, copies, texts)
    assert (letter.name, letter.attachments) == ("城区街道", (copy,))
    assert "宝发社区" in letter.text
    assert "另有未报送（1个社区）：玫瑰城社区" in letter.text


def test_the_newest_copy_of_a_town_counts(huantai: Campaign, tmp_path: Path) -> None:
    """Of several correction copies the newest is sent; other files in the folder are let be."""
    names = [
        "索镇-退回修改-2021.xlsx",
        "索镇-退回修改-2021-2.xlsx",
        "~$索镇-退回修改-2021.xlsx",
        "索镇.txt",
        "甲.xlsx",
    ]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    import os

    os.utime(tmp_path / names[0], (1, 1))
    assert copies_by_town(huantai, tmp_path.iterdir()) == {"索镇": tmp_path / names[1]}


def with_people(campaign: Campaign) -> Campaign:
    people = tuple(replace(r, email=f"r{i}@example.cn") for i, r in enumerate(campaign.recipients))
    return replace(campaign, recipients=people)


def test_the_report_goes_to_leaders_with_a_copy_to_the_authority(
    huantai: Campaign, report: Attachment, texts: Texts
) -> None:
    """The leader's letter has conclusion, town table and names; the authority's is marked a copy."""
    leader, authority = report_letters(with_people(huantai), report, texts)
    assert (leader.name, leader.address, leader.attachments) == ("县政府分管领导", "r0@example.cn", (report,))
    assert leader.subject == "桓台县绿色社区创建评分情况汇总（2021年）"
    assert authority.subject == leader.subject + "（抄送）"
    for words in (leader.text, leader.html):
        assert "达标率71.4%（15/21），已达到2021年目标（30%以上）。" in words
        assert "以创建名单21个社区为分母" in words
        assert "城区街道：玫瑰城社区" in words
        assert "报送时限：2021年9月30日（截至2021年10月8日，已逾期8天）" in words
    assert "索镇：名单6个，报送6个，达标4个，达标率66.7%（4/6）" in leader.text
    assert "<img" not in leader.html


@pytest.mark.parametrize(
    ("totals", "told"),
    [
        pytest.param(
            (None, None, None),
            "；以创建名单21个社区为分母，未提供城市社区总数，结论仅按创建名单计算。",
            id="no-town",
        ),
        pytest.param(
            (30, None, None),
            "；部分街道（镇）未提供城市社区总数，全县以创建名单21个社区为分母，结论仅按创建名单计算。",
            id="some-towns",
        ),
        pytest.param((30, 4, 8), "；以城市社区总数42个社区为分母。", id="every-town"),
    ],
)
def test_the_report_says_what_its_rates_are_a_share_of(
    huantai: Campaign, report: Attachment, totals: tuple[int | None, ...], told: str
) -> None:
    """The denominator is told as it is: on the roster, on it for want of some towns' totals, or on totals."""
    towns = tuple(replace(t, urban_total=n) for t, n in zip(huantai.towns, totals, strict=True))
    campaign = replace(with_people(huantai), towns=towns)
    letter = report_letters(campaign, report, Texts(campaign, NOWHERE, IN_TIME))[0]
    assert told in letter.text
    assert told in letter.html


def test_the_report_says_what_its_workbook_says(huantai: Campaign, report: Attachment, texts: Texts) -> None:
    """The figures are read from the attachment, and a workbook that is none of this campaign is refused."""
    renamed = tuple(replace(c, name=f"{c.name}甲") for c in huantai.communities)
    other = replace(huantai, communities=renamed)
    with pytest.raises(
        WrongUseError, match=r"汇总表\.xlsx: this is no consolidated workbook of this campaign"
    ):
        report_letters(other, report, texts)
    with pytest.raises(GreenxlError, match=r"甲\.xlsx: the consolidated workbook cannot be read"):
        report_letters(huantai, Attachment("甲.xlsx", b"no workbook"), texts)
    blank = Attachment("空白.xlsx", (SAMPLES / "blank" / "索镇-评分表-2021.xlsx").read_bytes())
    with pytest.raises(GreenxlError, match=r"空白\.xlsx"):
        report_letters(huantai, blank, texts)


def test_a_workbook_is_the_same_whenever_it_was_saved(report: Attachment, tmp_path: Path) -> None:
    """Saving time and author do not make a workbook another one, a changed cell does."""
    import openpyxl

    def saved(value: str | None) -> bytes:
        book = openpyxl.load_workbook(SAMPLES / "blank" / "果里镇-评分表-2021.xlsx")
        book.properties.creator = str(value)
        if value == "changed":
            book.worksheets[1]["E4"] = 3
        book.save(tmp_path / "x.xlsx")
        return (tmp_path / "x.xlsx").read_bytes()

    assert workbook_digest(saved("one")) == workbook_digest(saved("two"))
    assert workbook_digest(saved("one")) != workbook_digest(saved("changed"))
    assert workbook_digest(b"no zip") != workbook_digest(b"another")


def blank_letter(campaign: Campaign, folder: Path) -> Letter:
    return blank_letters(campaign, campaign.towns[:1], Texts(campaign, folder, IN_TIME))[0]


def test_html_escapes_what_the_campaign_says(huantai: Campaign) -> None:
    """Angle brackets in a campaign's words are shown, never markup."""
    campaign = replace(huantai, return_to="<script>alert(1)</script> & 电话")
    letter = blank_letter(campaign, NOWHERE)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 电话" in letter.html
    assert "<script>alert(1)</script> & 电话" in letter.text


def test_a_round_may_word_its_mails(huantai: Campaign, tmp_path: Path) -> None:
    """A template in the round's own folder goes before the shipped one; the others stay."""
    (tmp_path / "blank.subject.j2").write_text("通知：{{ town.name }}", encoding="utf-8")
    letter = blank_letter(huantai, tmp_path)
    assert letter.subject == "通知：城区街道"
    assert "怎样填" in letter.text


@pytest.mark.parametrize(
    ("template", "told"),
    [
        pytest.param(
            "一\n{{ town.name", r"mail/blank\.subject\.j2:2: the template cannot be used", id="syntax"
        ),
        pytest.param("{{ nothing }}", r"mail/blank\.subject\.j2: .*'nothing' is undefined", id="unknown"),
        pytest.param("{% include 'x.j2' %}", r"mail/blank\.subject\.j2: .*x\.j2", id="missing"),
        pytest.param("{{ 1 / 0 }}", r"mail/blank\.subject\.j2: ", id="arithmetic"),
        pytest.param("{{ ''.__class__.__mro__ }}", r"mail/blank\.subject\.j2: .*unsafe", id="unsafe"),
    ],
)
def test_a_wrong_template_is_told(huantai: Campaign, tmp_path: Path, template: str, told: str) -> None:
    """A mistake in a round's template is one sentence with its file, never a traceback."""
    (tmp_path / "blank.subject.j2").write_text(template, encoding="utf-8")
    with pytest.raises(WrongUseError, match=told):
        blank_letter(huantai, tmp_path)
