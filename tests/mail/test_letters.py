import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign, Community, Town
from greenxl.form.instructions import instructions
from greenxl.mail.letters import (
    blank_letters,
    notice_letters,
    reminder_letters,
    report_letters,
    sendback_letters,
    workbook_hash,
)
from greenxl.mail.model import Attachment, Letter
from greenxl.mail.templates import MailTemplates
from greenxl.report.book import consolidate
from greenxl.report.notices.journal import CurrentNotice, NoticeUnit
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.scoring import tables
from greenxl.sendback.copies import Draft, drafts
from greenxl.workbooks.cells import Value
from tests.conftest import SAMPLES
from tests.tools.campaigns import of_one_name
from tests.tools.forms import yes_or_no
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.rounds import round_of

RETURNED = SAMPLES / "returned"
IN_TIME = date(2021, 9, 1)


def templates_of(campaign: Campaign, as_of: date = IN_TIME) -> MailTemplates:
    """Return the shipped templates."""
    return MailTemplates(campaign, Path("no such folder"), as_of)


def wanted(result: Round) -> dict[str, Draft]:
    """Return the correction copies that towns need."""
    return {draft.town: draft for draft in drafts(result)}


@pytest.fixture(scope="module")
def sample_round(huantai: Campaign) -> Round:
    return evaluate(huantai, [RETURNED])


@pytest.fixture(scope="module")
def report(sample_round: Round) -> Attachment:
    figures = tables.build(sample_round.campaign, sample_round.choices)
    return Attachment("汇总表.xlsx", consolidate(sample_round, figures, date(2021, 10, 8)))


@pytest.fixture(scope="module")
def templates(huantai: Campaign) -> MailTemplates:
    return templates_of(huantai)


def test_each_town_gets_its_own_blank(huantai: Campaign, templates: MailTemplates) -> None:
    """A letter per town carries that town's workbook and names its communities and the deadline."""
    letters = blank_letters(huantai, huantai.towns, templates)
    assert [(one.name, one.attachments[0].name) for one in letters] == [
        ("城区街道", "城区街道-评分表-2021.xlsx"),
        ("果里镇", "果里镇-评分表-2021.xlsx"),
        ("索镇", "索镇-评分表-2021.xlsx"),
    ]
    assert letters[1].subject == "桓台县绿色社区创建评分表（2021年）：果里镇，请于9月30日前报送"
    for words in (letters[0].text, letters[0].html):
        assert "2021年9月30日前" in words
        assert "含当日" in words
        assert words.rstrip().endswith("2021年9月1日") or "<br>2021年9月1日</p>" in words
        assert all(c.name in words for c in huantai.communities_of("城区街道"))


@pytest.mark.parametrize(
    ("make", "numbers", "said"),
    [
        pytest.param(
            mixed,
            True,
            [
                "有下拉列表的条目只能填列表中的内容",
                "标“条件”的条目填“符合”或“不符合”",
                "标“扣分”的条目填扣几分，不带负号，没有的填 0",
                "条目确实不适用的可填“不适用”",
                "以“县核定分”计分",
                "“扣分原因”填写文字说明",
            ],
            id="all kinds",
        ),
        pytest.param(
            yes_or_no,
            False,
            ["每条从下拉列表中选择，不能留空。", "确实不适用的可填“不适用”"],
            id="words alone",
        ),
    ],
)
def test_a_blank_says_how_its_own_form_is_filled_in(
    huantai: Campaign, make: Callable[[Campaign], Campaign], numbers: bool, said: list[str]
) -> None:
    """In the sentences of its cover; numbers are asked for where any are typed."""
    campaign = make(huantai)
    (letter, *_rest) = blank_letters(campaign, campaign.towns, templates_of(campaign))
    cover = "\n".join(instructions(campaign))
    for words in (letter.text, letter.html, letter.chat):
        assert not [text for text in said if text not in cover or text not in words]
        assert ("除另有说明的以外，得分填 0 到标准分之间的数字" in words) is numbers
        assert "每条得分填 0 到" not in words
    numbered = [int(line.split(".")[0]) for line in letter.text.splitlines() if re.match(r"\d\. ", line)]
    assert numbered == list(range(1, len(numbered) + 1))


def test_a_blank_after_the_deadline_is_asked_for_soon(huantai: Campaign) -> None:
    """Subject, mail and chat text say so, and reproach nobody for a form that was just sent."""
    (blank,) = blank_letters(huantai, huantai.towns[1:2], templates_of(huantai, date(2021, 10, 8)))
    assert blank.subject == "桓台县绿色社区创建评分表（2021年）：果里镇，请尽快报送"
    assert "并尽快报送（原定2021年9月30日前）。" in blank.text
    assert "尽快</strong>报送（原定2021年9月30日前）。" in blank.html
    assert "，尽快报回（原定9月30日前）。" in blank.chat
    for words in (blank.subject, blank.text, blank.html, blank.chat):
        assert "逾期" not in words
        assert "于9月30日前" not in words
        assert "于2021年9月30日前" not in words


def content(campaign: Campaign) -> str:
    (letter,) = blank_letters(campaign, campaign.towns[1:2], templates_of(campaign))
    return letter.content_hash


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


def test_a_reminder_lists_exactly_what_a_town_owes(sample_round: Round, templates: MailTemplates) -> None:
    """Only the town with something missing or wrong is reminded, of each thing, by mail and by chat."""
    (letter,) = reminder_letters(sample_round, sample_round.campaign.towns, templates)
    assert letter.name == "城区街道"
    assert letter.subject == "催报：城区街道2021年桓台县绿色社区创建评分表，1个社区未报送，2处待更正"
    for words in (letter.text, letter.html, letter.chat):
        assert "玫瑰城社区" in words
        assert "宝发社区（填报不全，2处）" in words.replace("</strong>", "")
        assert "E21、E23：" in words
        assert "西苑社区" not in words
        assert "已逾期" not in words
        assert "请于9月30日前（含当日）报送、更正" in words
    assert letter.attachments == ()


@pytest.mark.parametrize("alone", [False, True], ids=["town", "unit"])
def test_what_only_another_level_scored_is_no_mistake(huantai: Campaign, alone: bool) -> None:
    """The column that is blank is named, whoever fills it in; nobody is late, or has to correct anything."""
    campaign, blank = mixed(huantai), [None] * 7
    one = campaign.communities[0]
    if alone:
        one = replace(one, town=one.name)
        campaign = replace(campaign, parent="", towns=(Town(one.name),))
    campaign = replace(campaign, communities=(one,))
    result, _figures = round_of(campaign, {one: blank}, {one: {"自评分": FULL, "县核定分": blank}})
    late = templates_of(campaign, date(2021, 10, 8))
    (letter,) = reminder_letters(result, campaign.towns, late)
    assert letter.subject.endswith("评分表，待核定" if alone else "评分表，1个社区待核定")
    for words in (letter.text, letter.html, letter.chat):
        assert "“县核定分”栏（计分栏）还没有填写，请填写或转有关单位填写。" in words
        assert "请尽快补齐计分栏" in words
        assert not [word for word in ("逾期", "更正", "填报不全") if word in words + letter.subject]
        assert (f"{one.name}。" in words) is not alone


def test_what_may_not_apply_is_asked_for_so(huantai: Campaign) -> None:
    """A blank score that may be 不适用 says so, its neighbour that may not does not."""
    campaign = mixed(huantai)
    typed: list[Typed] = [20, "是", None, None, *FULL[4:]]
    result, _figures = round_of(campaign, {campaign.communities[0]: typed})
    letter = reminder_letters(result, campaign.towns, templates_of(campaign))[0]
    for words in (letter.text, letter.html, letter.chat):
        assert "第2.1条没有填得分。请填 0 到 10 之间的数字，或“不适用”，" in words
        assert "第2.2条没有填得分。请填 0 到 30 之间的数字，没有做到的填 0。" in words


def test_a_score_that_is_wrong_is_filled_in_wrongly(huantai: Campaign, templates: MailTemplates) -> None:
    """Nobody reads that a community of theirs is 有误; once sent, a reminder stays the same letter."""
    given: dict[Community, Sequence[Value]] = {huantai.communities[-1]: ["五", *[4] * 19]}
    result, figures = round_of(huantai, given)
    letter = reminder_letters(result, huantai.towns, templates)[-1]
    workbook = Attachment("汇总表.xlsx", consolidate(result, figures, date(2021, 10, 8)))
    leader = report_letters(with_people(huantai), workbook, templates)[0]
    for words in (letter.text, letter.html, letter.chat):
        assert "五里社区（填报有误，1处）" in words.replace("</strong>", "")
    for words in (leader.text, leader.html):
        assert "另有填报有误1个，暂未计入达标" in words
        assert "填报有误（1个社区）" in words
        assert words.count("有误") == words.count("填报有误") == 2


def test_a_reminder_names_files_that_could_not_be_used(huantai: Campaign, tmp_path: Path) -> None:
    """A broken file in a folder that is named for a town, or for its address, is the town's to replace."""
    towns = tuple(replace(t, email=f"town{i}@example.cn") for i, t in enumerate(huantai.towns))
    campaign = replace(huantai, towns=towns)
    for folder, name in (
        ("索镇", "a.xlsx"),
        ("town1@example.cn", "b.xlsx"),
        ("someone@example.cn", "c.xlsx"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(b"")
    letters = reminder_letters(evaluate(campaign, [tmp_path]), campaign.towns, templates_of(campaign))
    named = {
        letter.name: [n for n in ("a.xlsx", "b.xlsx", "c.xlsx") if n in letter.text] for letter in letters
    }
    assert named == {"城区街道": [], "果里镇": ["b.xlsx"], "索镇": ["a.xlsx"]}


def test_returns_that_differ_are_named_without_our_folders(
    huantai: Campaign, templates: MailTemplates
) -> None:
    """A town reads that two of its returns differ and where, but no path of the county's computer."""
    result = evaluate(huantai, sorted((SAMPLES / "spoiled").glob("重复报送*")))
    letter = next(one for one in reminder_letters(result, huantai.towns, templates) if one.name == "索镇")
    assert "收到的报送不止一份，而且得分不同" in letter.text
    assert "（重复待定，1处）" in letter.chat
    assert letter.subject.endswith("1处待更正")
    assert str(SAMPLES) not in letter.text + letter.html + letter.chat


def test_a_chat_text_says_what_to_return_when_and_to_whom(
    huantai: Campaign, sample_round: Round, templates: MailTemplates
) -> None:
    """Blank, reminder and correction copy: the deadline, whom to return it to, and the file to attach."""
    (blank,) = blank_letters(huantai, huantai.towns[2:], templates)
    assert blank.chat == (
        "【评分表】索镇：现将2021年桓台县绿色社区创建评分表发给你处，请组织6个社区填写，于9月30日前（含当日）报回。\n"
        "每条得分填 0 到标准分之间的数字，没有做到的填 0，不能留空；"
        "填完保存后把原文件发回，请勿改动表名和标准内容。\n"
        "报送至：桓台县住房和城乡建设局\n"
        "文件：索镇-评分表-2021.xlsx\n"
        f"（发送人：请随文发送 {Path('blank', '索镇-评分表-2021.xlsx')}，本行不必粘贴）\n"
    )
    campaign = replace(sample_round.campaign, return_to="微信：张三")
    result, late = replace(sample_round, campaign=campaign), templates_of(campaign, date(2021, 10, 3))
    (reminder,) = reminder_letters(result, campaign.towns, late)
    assert "评分表9月30日截止，已逾期3天，请尽快补报、更正。" in reminder.chat
    assert reminder.chat.endswith("报送至：桓台县住房和城乡建设局（微信：张三）\n")
    attached = Attachment("城区街道-退回修改-2021.xlsx", b"copy", Path("sendback", "城区街道.xlsx"))
    (copy,) = sendback_letters(result, campaign.towns, wanted(result), {"城区街道": attached}, late)
    assert "有2处需要更正" in copy.chat
    assert "尽快报回（9月30日截止，已逾期3天）" in copy.chat
    assert f"请随文发送 {Path('sendback', '城区街道.xlsx')}，" in copy.chat


@pytest.mark.parametrize(
    ("day", "late"),
    [
        pytest.param(date(2021, 9, 30), "", id="on-the-day"),
        pytest.param(date(2021, 10, 3), "已逾期3天", id="after"),
    ],
)
def test_after_the_deadline_letters_say_how_late_it_is(sample_round: Round, day: date, late: str) -> None:
    """After the deadline nobody is asked to return something before it; the days since are counted."""
    templates, towns = templates_of(sample_round.campaign, day), sample_round.campaign.towns
    copies = {"城区街道": Attachment("城区街道-退回修改-2021.xlsx", b"copy")}
    (reminder,) = reminder_letters(sample_round, towns, templates)
    (copy,) = sendback_letters(sample_round, towns, wanted(sample_round), copies, templates)
    for words in (reminder.subject, reminder.text, reminder.html, reminder.chat, copy.text, copy.html):
        assert late in words
        assert ("已逾期" in words) is bool(late)
    assert ("2021年9月30日前" in copy.text) is not bool(late)
    (in_time,) = reminder_letters(sample_round, towns, templates_of(sample_round.campaign))
    assert (reminder.content_hash == in_time.content_hash) is not bool(late)


def test_a_correction_copy_goes_to_a_town_that_has_to_correct(
    sample_round: Round, templates: MailTemplates
) -> None:
    """A copy is sent where something is wrong; one that is left over for a town that is done is not."""
    copy = Attachment("城区街道-退回修改-2021.xlsx", b"copy")
    copies = {"城区街道": copy, "果里镇": Attachment("果里镇-退回修改-2021.xlsx", b"old")}
    towns = sample_round.campaign.towns
    (letter,) = sendback_letters(sample_round, towns, wanted(sample_round), copies, templates)
    assert (letter.name, letter.attachments) == ("城区街道", (copy,))
    assert "宝发社区" in letter.text
    assert "另有未报送（1个社区）：玫瑰城社区" in letter.text


@pytest.mark.parametrize(
    ("day", "until"),
    [(IN_TIME, "9月30日前（含当日）"), (date(2021, 10, 8), "尽快")],
    ids=["in time", "late"],
)
def test_a_copy_that_only_asks_to_check_goes_out_too(huantai: Campaign, day: date, until: str) -> None:
    """It says what to check and that what is right may stay; nobody is late or has to correct anything."""
    campaign = replace(mixed(huantai), reason_required=True)
    first, *_rest = campaign.communities
    result, _figures = round_of(campaign, {first: [19, *FULL[1:]]})
    copies = {first.town: Attachment("退回修改.xlsx", b"copy", Path("sendback", "退回修改.xlsx"))}
    (letter,) = sendback_letters(result, campaign.towns, wanted(result), copies, templates_of(campaign, day))
    for words in (letter.text, letter.html, letter.chat):
        assert "其中有1处请核对" in words
        assert "无误的，告知我们即可" in words
        assert until in re.sub("<[^>]*>", "", words)
        assert not [word for word in ("更正", "逾期", "0处") if word in words]
    for words in (letter.text, letter.html):
        assert f"{first.name}（1处）" in words.replace("</strong>", "")
        assert "“扣分原因”" in words


def test_a_copy_for_a_form_that_came_empty_asks_to_fill_it_in(
    huantai: Campaign, templates: MailTemplates
) -> None:
    """There is nothing to check and nothing to correct; who is missing is named."""
    first, second, *_rest = huantai.communities
    result, _figures = round_of(huantai, {first: [4] * 20, second: [None] * 20})
    copies = {first.town: Attachment("退回修改.xlsx", b"copy")}
    (letter,) = sendback_letters(result, huantai.towns, wanted(result), copies, templates)
    for words in (letter.text, letter.html, letter.chat):
        assert "其中有的表一个得分也没有填，请直接在所附文件中填写，于9月30日前（含当日）报回。" in words
        assert second.name in words
        assert not [word for word in ("核对", "更正", "处") if word in words.replace("你处", "")]


def with_people(campaign: Campaign) -> Campaign:
    people = tuple(replace(r, email=f"r{i}@example.cn") for i, r in enumerate(campaign.recipients))
    return replace(campaign, recipients=people)


def test_the_report_goes_to_leaders_with_a_copy_to_the_authority(
    huantai: Campaign, report: Attachment, templates: MailTemplates
) -> None:
    """The leader's letter has conclusion, town table and names; the authority's is marked a copy."""
    leader, authority = report_letters(with_people(huantai), report, templates)
    assert (leader.name, leader.address, leader.attachments) == ("县政府分管领导", "r0@example.cn", (report,))
    assert leader.subject == "桓台县绿色社区创建评分情况汇总（2021年）"
    assert authority.subject == leader.subject + "（抄送）"
    for words in (leader.text, leader.html):
        assert "现将2021年桓台县绿色社区创建评分情况报告如下。" in words
        assert "截至2021年10月8日，已达到2021年30%的目标：达标率71.4%（15/21），需7个，多8个。" in words
        assert "以上报告，请审阅。" in words
        assert words.count("以创建名单21个社区为分母") == 1
        assert words.count("按创建名单") == 1
        assert "城区街道：玫瑰城社区" in words
        assert "报送时限：2021年9月30日（截至2021年10月8日，已逾期8天）" in words
    assert leader.text.endswith("\n\n桓台县住房和城乡建设局\n2021年10月8日\n\n抄送：县住房和城乡建设局\n")
    assert "请审阅" not in authority.text + authority.html + authority.chat
    assert authority.text.endswith("\n2021年10月8日\n\n主送：县政府分管领导\n")
    assert leader.chat.startswith(
        "县政府分管领导：现将2021年桓台县绿色社区创建评分情况报告如下，请审阅。\n"
        "截至2021年10月8日，已达到2021年30%的目标：达标率71.4%（15/21，按创建名单口径）"
    )
    assert "报送至" not in leader.chat
    assert "索镇：名单6个，报送6个，达标4个，达标率66.7%（4/6）" in leader.text
    assert "<img" not in leader.html


GREEN, OCHRE, GREY = "#eaf4ee", "#fbf3e4", "#eef1f4"


@pytest.mark.parametrize(
    ("score", "day", "colour"),
    [
        pytest.param(4, date(2021, 10, 8), GREEN, id="met"),
        pytest.param(3, date(2021, 10, 8), OCHRE, id="missed"),
        pytest.param(4, date(2021, 9, 20), GREY, id="before-the-deadline"),
        pytest.param(None, date(2021, 10, 8), GREY, id="nothing-returned"),
    ],
)
def test_only_a_target_that_is_met_is_green(
    huantai: Campaign, templates: MailTemplates, score: float | None, day: date, colour: str
) -> None:
    """A missed target is in a sober colour, and where there is no verdict there is none of either."""
    given = {c: [score] * 20 for c in huantai.communities if score}
    workbook = Attachment("汇总表.xlsx", consolidate(*round_of(huantai, given), day))
    html = report_letters(with_people(huantai), workbook, templates)[0].html
    assert [one for one in (GREEN, OCHRE, GREY) if f"background:{one}" in html] == [colour]
    assert ("#1f6b43" in html) is (colour == GREEN)


def test_a_report_counts_nothing_that_is_not_there(huantai: Campaign, templates: MailTemplates) -> None:
    """Where all came and passed, nothing is said of missing, late, failed or wrong ones."""
    given = {c: [5] * 20 for c in huantai.communities}
    workbook = Attachment("汇总表.xlsx", consolidate(*round_of(huantai, given), date(2021, 10, 8)))
    leader = report_letters(with_people(huantai), workbook, templates)[0]
    for words in (leader.text, leader.html, leader.chat):
        assert not [
            one for one in ("未报送", "未达标", "逾期", "有误", "不全", "待定", "另有") if one in words
        ]


def test_a_report_of_nothing_has_no_table_of_noughts(huantai: Campaign, templates: MailTemplates) -> None:
    """The first sentence says that nothing came; no town is listed with 0 %, no community as missing."""
    workbook = Attachment("汇总表.xlsx", consolidate(*round_of(huantai, {}), date(2021, 9, 20)))
    leader = report_letters(with_people(huantai), workbook, templates)[0]
    for words in (leader.text, leader.html):
        assert "截至2021年9月20日，尚未收到" in words
        assert "创建名单共21个社区。" in words
        assert not [one for one in ("0.0%", "未报送", "果里镇", "失分指标") if one in words]


def test_a_report_says_whom_to_ask(huantai: Campaign, report: Attachment) -> None:
    """The campaign's contact, where it has one."""
    campaign = replace(with_people(huantai), return_to="王科长，0533-8180000")
    with_contact = report_letters(campaign, report, templates_of(campaign))[0]
    without = report_letters(with_people(huantai), report, templates_of(huantai))[0]
    assert "联系方式：王科长，0533-8180000" in with_contact.text
    assert "联系方式：王科长，0533-8180000" in with_contact.html
    assert "联系方式" not in without.text + without.html


@pytest.mark.parametrize(
    ("score", "headline"),
    [
        (None, "尚未收到可以采用的报送，报送截止日未到；"),
        (3, "报送截止日未到，暂按已报送情况统计："),
    ],
    ids=["nothing came", "some came"],
)
def test_a_report_before_its_time_judges_nobody(
    huantai: Campaign, templates: MailTemplates, score: float | None, headline: str
) -> None:
    """The leader's letter begins as the workbook does: before the deadline no target is missed."""
    given = {c: [score] * 20 for c in huantai.communities[:2] if score}
    data = consolidate(*round_of(huantai, given), date(2021, 9, 20))
    leader, _authority = report_letters(with_people(huantai), Attachment("汇总表.xlsx", data), templates)
    for words in (leader.text, leader.html):
        assert headline in words
        assert "未达到" not in words
        assert "尚未达到" not in words


@pytest.mark.parametrize(
    ("totals", "denominator"),
    [
        pytest.param(
            (None, None, None),
            "注：未提供城市社区总数，达标率以创建名单21个社区为分母，结论仅按创建名单计算。",
            id="no-town",
        ),
        pytest.param(
            (30, None, None),
            "注：部分街道（镇）未提供城市社区总数，全县达标率以创建名单21个社区为分母，结论仅按创建名单计算。",
            id="some-towns",
        ),
        pytest.param((30, 4, 8), "注：达标率以城市社区总数42个社区为分母。", id="every-town"),
    ],
)
def test_the_report_says_what_its_rates_are_a_share_of(
    huantai: Campaign, report: Attachment, totals: tuple[int | None, ...], denominator: str
) -> None:
    """The denominator is named as it is: the roster, the same for want of some towns' totals, or totals."""
    towns = tuple(replace(t, urban_total=n) for t, n in zip(huantai.towns, totals, strict=True))
    campaign = replace(with_people(huantai), towns=towns)
    letter = report_letters(campaign, report, templates_of(campaign))[0]
    assert denominator in letter.text
    assert denominator in letter.html


def noticed(*units: NoticeUnit, content: str = "1") -> CurrentNotice:
    return CurrentNotice(town="索镇", file="a.xlsx", sha256="1", content=content, listed=6, units=units)


WEST = NoticeUnit(name="西镇社区", status="未达标", wanted="差1.5分，须整改9处", tasks=9)
FIVE = NoticeUnit(name="五里社区", status="未报送", wanted="请尽快报送", tasks=0)


def notice(campaign: Campaign, one: CurrentNotice, data: bytes = b"notice") -> Letter:
    """Return the letter with a notice."""
    workbook = Attachment("索镇-整改通知-2021.xlsx", data, Path("report/整改通知/索镇-整改通知-2021.xlsx"))
    (letter,) = notice_letters(campaign, [(one, workbook)], date(2021, 10, 9), templates_of(campaign))
    return letter


def test_a_notice_says_what_is_asked(huantai: Campaign) -> None:
    """By mail and by chat: how much, of which units, as of when, and what to do with the file."""
    letter = notice(huantai, noticed(WEST, FIVE))
    assert (letter.name, letter.subject) == ("索镇", "整改通知：索镇2021年桓台县绿色社区创建，9处须整改")
    for words in (letter.text, letter.html, letter.chat):
        assert "评分截至2021年10月9日的整改通知，你处须整改9处。请逐条填写“整改任务”" in words
        assert "差1.5分，须整改9处" in words
        assert "请尽快报送" in words
    assert "6个社区中，以下2个有事项须办理" in letter.text
    assert "1. 西镇社区（未达标）：差1.5分，须整改9处\n2. 五里社区（未报送）：请尽快报送\n" in letter.text
    assert letter.chat.endswith("请随文发送 report/整改通知/索镇-整改通知-2021.xlsx，本行不必粘贴）\n")


def test_a_notice_without_tasks_asks_for_none(huantai: Campaign) -> None:
    """A town that only has to return its forms has no list to fill in."""
    letter = notice(huantai, noticed(FIVE))
    assert letter.subject == "整改通知：索镇2021年桓台县绿色社区创建，请办理"
    for words in (letter.text, letter.html, letter.chat):
        assert "整改任务" not in words
        assert "请尽快报送" in words


def test_a_notice_is_another_letter_only_if_it_holds_something_else(huantai: Campaign) -> None:
    """What was typed into it since is no reason to send it again."""
    sent = notice(huantai, noticed(WEST)).content_hash
    assert notice(huantai, noticed(WEST), b"typed into").content_hash == sent
    assert notice(huantai, noticed(WEST, content="2")).content_hash != sent


def test_a_unit_without_a_town_is_not_counted(huantai: Campaign) -> None:
    """Its notice is about itself."""
    campaign = of_one_name(huantai)
    letter = notice(campaign, noticed(replace(WEST, name="索镇")))
    assert "有事项须办理" not in letter.text + letter.html
    assert "索镇（未达标）：差1.5分" in letter.text


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

    assert workbook_hash(saved("one")) == workbook_hash(saved("two"))
    assert workbook_hash(saved("one")) != workbook_hash(saved("changed"))
    assert workbook_hash(b"no zip") != workbook_hash(b"another")


def test_a_report_says_what_is_vetoed_and_the_grades(huantai: Campaign) -> None:
    """As its workbook states them."""
    campaign = mixed(with_people(huantai))
    one, two, *_rest = campaign.communities
    given: dict[Community, list[Typed]] = {one: FULL, two: [*FULL[:6], "不符合"]}
    workbook = Attachment("汇总表.xlsx", consolidate(*round_of(campaign, given), date(2021, 10, 8)))
    leader = report_letters(campaign, workbook, templates_of(campaign))[0]
    for words in (leader.text, leader.html):
        assert "未达标1个（其中否决1个）" in words
        assert "等次：优秀1个。" in words
        assert f"{two.name}（否决：第T1条不符合）" in words
