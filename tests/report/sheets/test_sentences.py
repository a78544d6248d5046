"""The sentences of the first page: verdict, counts, caveats, reporting, and what changed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign, Community
from greenxl.report.book import consolidate
from greenxl.report.comparison import Change, Previous, compare
from greenxl.report.layout import leader_sheets, sheet_names
from greenxl.report.sheets.sentences import (
    Live,
    Part,
    caveats,
    counts,
    formula_of,
    percent_words,
    reporting,
    since,
    verdict,
    words_of,
)
from tests.tools.office import Office
from tests.tools.reports import DAY, all_of, cells, earlier
from tests.tools.rounds import Given, round_of


def test_a_live_sentence_is_one_formula() -> None:
    """Words are quoted, expressions are not, and it reads as its parts do now."""
    parts: list[Part] = ['a "b"', Live("A1", "7"), "c"]
    assert formula_of(parts) == '="a ""b"""&A1&"c"'
    assert words_of(parts) == 'a "b"7c'


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (0, "未达到2021年30%的目标：达标率0.0%（0/21，按创建名单口径），需7个，还差7个。"),
        (6, "未达到2021年30%的目标：达标率28.6%（6/21，按创建名单口径），需7个，还差1个。"),
        (7, "已达到2021年30%的目标：达标率33.3%（7/21，按创建名单口径），需7个，恰好达到。"),
        (9, "已达到2021年30%的目标：达标率42.9%（9/21，按创建名单口径），需7个，多2个。"),
    ],
    ids=["none", "one less", "just met", "two more"],
)
def test_the_first_sentence_is_the_verdict(huantai: Campaign, passed: int, words: str) -> None:
    """Met or not, the rate with its counts, and by how much; 以上 includes the bound."""
    given = all_of(3, huantai.communities[passed:]) | all_of(5, huantai.communities[:passed])
    assert words_of(verdict(*round_of(huantai, given), DAY)) == words


def test_the_verdict_is_made_of_live_figures(huantai: Campaign) -> None:
    """Every number in it is a reference, so that it follows a correction of the scores."""
    formula = formula_of(verdict(*round_of(huantai, all_of(3, huantai.communities)), DAY))
    assert formula.startswith("""=IF('街道（镇）汇总'!$B$12>=0,"已达到","未达到")&"2021年"&""")
    assert formula.endswith(
        """IF('街道（镇）汇总'!$B$12>0,"，多"&'街道（镇）汇总'!$B$12&"个","""
        """IF('街道（镇）汇总'!$B$12=0,"，恰好达到","，还差"&-'街道（镇）汇总'!$B$12&"个"))&"。\""""
    )


def test_there_is_no_verdict_without_a_target(other: Campaign) -> None:
    """A year without a target gets a rate on the urban total, and no verdict."""
    full = [float(c.points) for c in other.criteria]
    made = round_of(other, {other.communities[0]: full})
    words = "达标率12.5%（1/8）；2023年没有规定目标，不作结论。"
    assert words_of(verdict(*made, date(2024, 1, 1))) == words
    so_far = f"报送截止日未到，暂按已报送情况统计：{words}"
    assert words_of(verdict(*made, DAY)) == so_far


@pytest.mark.parametrize(
    ("day", "passed", "words"),
    [
        (
            29,
            6,
            "报送截止日未到，暂按已报送情况统计：达标率28.6%（6/21，按创建名单口径）；2021年30%的目标需7个，还差1个。",
        ),
        (
            30,
            9,
            "报送截止日未过，暂按已报送情况统计：达标率42.9%（9/21，按创建名单口径）；2021年30%的目标需7个，多2个。",
        ),
    ],
    ids=["before the deadline", "on the day"],
)
def test_before_the_deadline_nothing_is_missed(huantai: Campaign, day: int, passed: int, words: str) -> None:
    """While returns may still come in time, the page counts what came and judges nobody."""
    made = round_of(huantai, all_of(5, huantai.communities[:passed]))
    assert words_of(verdict(*made, date(2021, 9, day))) == words


@pytest.mark.parametrize(
    ("day", "files", "words"),
    [
        (date(2021, 9, 20), False, "尚未收到报送，报送截止日未到；2021年30%的目标需7个达标。"),
        (date(2021, 10, 9), False, "尚未收到报送，报送截止日已过9天；2021年30%的目标需7个达标。"),
        (date(2021, 10, 9), True, "尚未收到可以采用的报送，报送截止日已过9天；2021年30%的目标需7个达标。"),
    ],
    ids=["before the deadline", "after it", "after it, but files came"],
)
def test_without_a_return_there_is_nothing_to_judge(
    huantai: Campaign, day: date, files: bool, words: str
) -> None:
    """Neither before the deadline nor after it; files that could not be used are not kept quiet about."""
    result, tables = round_of(huantai, {})
    assert words_of(verdict(result if files else replace(result, entries=()), tables, day)) == words


def test_without_a_return_and_a_target_the_page_says_both(other: Campaign) -> None:
    """The year has no target, and nothing came."""
    result, tables = round_of(other, {})
    words = words_of(verdict(replace(result, entries=()), tables, DAY))
    assert words == "尚未收到报送，报送截止日未到；2023年没有规定目标，不作结论。"


@pytest.mark.parametrize(
    ("passed", "failed", "words"),
    [
        (0, 0, "全县创建名单4个社区，尚无一个报送。"),
        (1, 0, "全县创建名单4个社区，参与1个（参与率12.5%），达标1个，没有未达标的，其余3个尚无结论。"),
        (1, 2, "全县创建名单4个社区，参与3个（参与率37.5%），达标1个，未达标2个，其余1个尚无结论。"),
        (2, 2, "全县创建名单4个社区，参与4个（参与率50.0%），达标2个，未达标2个，全部已有结论。"),
        (4, 0, "全县创建名单4个社区，参与4个（参与率50.0%），全部达标。"),
    ],
    ids=["nothing returned", "none failed", "some open", "none open", "all passed"],
)
def test_the_second_sentence_counts(
    office: Office, tmp_path: Path, other: Campaign, passed: int, failed: int, words: str
) -> None:
    """Listed, participating, passed, failed, and how many are still open; an office reads the same."""
    full = [float(c.points) for c in other.criteria]
    given = dict.fromkeys(other.communities[:passed], full)
    given |= dict.fromkeys(other.communities[passed : passed + failed], [0.0] * len(full))
    result, tables = round_of(other, given)
    assert words_of(counts(other, tables.county)) == words
    new, anew = tmp_path / "new.xlsx", tmp_path / "anew.xlsx"
    new.write_bytes(consolidate(result, tables, DAY))
    office.recalculate(new, anew)
    assert words in [row[0] for row in cells(anew.read_bytes(), "总览")]


def test_rates_are_rounded_as_the_sheet_rounds_them() -> None:
    """A half goes upwards: 1 of 16 is 6.25 %, shown as 6.3 %."""
    assert [percent_words(1, 16), percent_words(1, 3), percent_words(21, 21)] == ["6.3%", "33.3%", "100.0%"]


def test_caveats_say_what_the_rates_are_of(huantai: Campaign, other: Campaign) -> None:
    """Of the roster, of all urban communities, or of both kinds; without a target there is no verdict."""
    _result, tables = round_of(huantai, {})
    assert caveats(huantai, tables) == (
        "达标：得分齐全且合计不低于80分。方案未给出城市社区总数，比率以创建名单21个社区为分母，"
        "结论仅按创建名单口径。未报送的社区不按0分计，仍在分母内。"
    )
    _result, tables = round_of(other, {})
    assert caveats(other, tables) == (
        "达标：得分齐全且合计不低于70分。方案没有规定2023年的目标，不作结论。"
        "比率以城市社区总数8个为分母。未报送的社区不按0分计，仍在分母内。"
    )
    first, *rest = huantai.towns
    campaign = replace(huantai, towns=(replace(first, urban_total=20), *rest))
    _result, tables = round_of(campaign, {})
    assert caveats(campaign, tables) == (
        "达标：得分齐全且合计不低于80分。部分街道（镇）未提供城市社区总数（果里镇、索镇），"
        "全县以创建名单21个社区为分母；其余街道（镇）按各自城市社区总数计算，"
        "各街道（镇）分母相加为27个，与全县分母不一致，结论仅按创建名单口径。未报送的社区不按0分计，仍在分母内。"
    )


@pytest.mark.parametrize(
    ("day", "words"),
    [(29, "距截止还有1天"), (30, "当日截止")],
    ids=["before the deadline", "on the day"],
)
def test_reporting_counts_the_days(huantai: Campaign, day: int, words: str) -> None:
    """And the files, the findings and who is missing."""
    result, tables = round_of(huantai, {})
    files, deadline = reporting(result, tables, date(2021, 9, day), sheet_names(huantai))
    assert files == "填报质量：收到文件4个（读取3个、拒收1个）；没有发现问题。"
    assert deadline == f"报送时限：2021年9月30日（截至2021年9月{day}日，{words}）；未报送21个社区。"


def test_reporting_says_what_there_is(huantai: Campaign) -> None:
    """Of the findings only those that are, and where they are only if that sheet is in the workbook."""
    one, *others = huantai.communities
    result, tables = round_of(huantai, {one: ["五", *[5] * 19], **all_of(5, others)})
    for sheets, where in ((sheet_names(huantai), "，详见“问题清单”"), (leader_sheets(huantai), "")):
        files, deadline = reporting(result, tables, DAY, sheets)
        assert files == f"填报质量：收到文件4个（读取3个、拒收1个）；发现错误1条{where}。"
    assert deadline == "报送时限：2021年9月30日（截至2021年10月9日，已逾期9天）；全部已报送。"
    files, _deadline = reporting(replace(result, entries=(), findings=()), tables, DAY, ())
    assert files == "填报质量：没有收到文件；没有发现问题。"


def changes(previous: Previous, campaign: Campaign, given: Given) -> tuple[Change, ...]:
    result, _tables = round_of(campaign, given)
    return compare(previous, campaign, result.choices)


def test_what_changed_is_counted(huantai: Campaign) -> None:
    """Newly returned, passed, fallen, up and down, and how many did not change."""
    one, two, three, four, *_rest = huantai.communities
    previous = earlier(huantai, {one: [3] * 20, two: [5] * 20, four: [4] * 20})
    now = {one: [5] * 20, two: [3] * 20, three: [1] * 20, four: [4] * 20}
    sentence = since(huantai, previous, changes(previous, huantai, now))
    assert words_of(sentence) == (
        "与上次（2021年9月1日）相比：新报送1个，新达标1个，不再达标1个，"
        "合计分值上升1个，合计分值下降1个，其余18个没有变化。"
    )


def test_the_roster_may_have_changed(huantai: Campaign) -> None:
    """Who is new on it, who is no more; a status that neither came in nor passed is another change."""
    one, two, three, *others = huantai.communities
    previous = earlier(huantai, {one: [4] * 20, two: [None, *[4] * 19]})
    newcomer = Community(22, "索镇", "新城社区", False)
    campaign = replace(huantai, communities=(one, two, *others, newcomer))
    sentence = since(campaign, previous, changes(previous, campaign, {one: [4] * 20, two: [3] * 20}))
    assert words_of(sentence).partition("：")[2] == "新列入1个，其他变化1个，不再列入1个，其余19个没有变化。"
    assert three not in campaign.communities


def test_what_did_not_change_is_left_out(office: Office, tmp_path: Path, huantai: Campaign) -> None:
    """No zeros beside what improved; that nothing changed is in words; an office computes the same."""
    one, two, *_rest = huantai.communities
    previous = earlier(huantai, {one: [4] * 20})
    for given, words in (
        ({one: [4] * 20, two: [5] * 20}, "新报送1个，新达标1个，其余20个没有变化。"),
        ({one: [4] * 20}, "状态和合计分值都没有变化。"),
        ({}, "转为未报送1个，不再达标1个，其余20个没有变化。"),
    ):
        new, anew = tmp_path / "new.xlsx", tmp_path / "anew.xlsx"
        new.write_bytes(consolidate(*round_of(huantai, given), DAY, previous))
        office.recalculate(new, anew)
        assert [since_line(path) for path in (new, anew)] == [words] * 2


def since_line(path: Path) -> str:
    rows = cells(path.read_bytes(), "总览")
    [line] = (str(row[0]) for row in rows if str(row[0]).startswith("与上次"))
    return line.split("：", 1)[1]
