"""What each town has to correct: of which of its sheets, told once, in which files."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign, Community
from greenxl.findings import Finding, finding
from greenxl.returns.model import ScoreSheet
from greenxl.rounds.evaluate import Round
from greenxl.scoring.sheet_facts import facts_of
from greenxl.sendback.problems import TownProblems, merged_workbooks, problems_by_town, towns_read
from tests.tools.cells import cell
from tests.tools.rollups import county_of, merged, returned, rolled_up
from tests.tools.rounds import of_counties
from tests.tools.score_sheets import digest, round_of_sheets, score_sheet

TOWN = "索镇"


@pytest.fixture
def communities(huantai: Campaign) -> tuple[Community, ...]:
    return huantai.communities_of(TOWN)


def only(result: Round) -> TownProblems:
    [problems] = problems_by_town(result)
    return problems


def codes(problems: TownProblems) -> list[tuple[str, str, str]]:
    return [(one.code, one.file, one.cell) for one in problems.findings]


def test_a_town_with_a_wrong_cell(huantai: Campaign, communities: tuple[Community, ...]) -> None:
    """Its sheets, its file as it knows it, what to correct and who is missing."""
    sheet = score_sheet(communities[0], huantai, ["五"], file="returned/索镇/a.xlsx")
    problems = only(round_of_sheets(huantai, sheet))
    assert (problems.town, [one.sheet for one in problems.sheets]) == (TOWN, [facts_of(sheet)])
    assert problems.file_names == {"returned/索镇/a.xlsx": "a.xlsx"}
    assert codes(problems) == [("score-text", "returned/索镇/a.xlsx", "E4")]
    assert problems.missing == communities[1:]
    assert problems.originals == {digest("returned/索镇/a.xlsx"): {communities[0].name}}


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        pytest.param([], [], id="nothing wrong"),
        pytest.param(["５"], [], id="a note"),
        pytest.param(
            [],
            [finding("heading-changed", "a.xlsx", "永安社区", "E3", "自评", wanted="得分")],
            id="the county's",
        ),
        pytest.param([], [finding("file-macros", "a.xlsx")], id="a file as a whole"),
    ],
)
def test_a_town_with_nothing_to_correct(
    huantai: Campaign, communities: tuple[Community, ...], scores: list[str], found: list[Finding]
) -> None:
    """Notes, what only the county can judge, and what no cell can mend make no copy."""
    result = round_of_sheets(huantai, score_sheet(communities[0], huantai, scores), found=found)
    assert list(problems_by_town(result)) == []


def test_a_community_that_came_empty_is_not_missing(
    huantai: Campaign, communities: tuple[Community, ...]
) -> None:
    """It is asked for by its own warning."""
    empty = score_sheet(communities[0], huantai, [None] * 20)
    problems = only(round_of_sheets(huantai, empty))
    assert codes(problems) == [("sheet-empty", "a.xlsx", "")]
    assert communities[0] not in problems.missing


def nameless(sheet: ScoreSheet) -> ScoreSheet:
    """Return the sheet under a name that is nobody's, without town and identity."""
    return replace(sheet, sheet="Sheet1", community=cell("B2", "甲乙社区"), town=None, identity=None)


def test_a_sheet_of_no_community_is_its_workbook_s_town_s(
    huantai: Campaign, communities: tuple[Community, ...]
) -> None:
    """By the identity, by the town on the sheet, or because the sheets beside it are all of one town."""
    named = score_sheet(communities[0], huantai)
    unknown = nameless(named)
    issued = replace(unknown, identity=named.identity)
    stated = replace(unknown, town=cell("E2", TOWN))
    for sheets in ([issued], [stated], [named, unknown]):
        problems = only(round_of_sheets(huantai, *sheets))
        assert (problems.town, [one.code for one in problems.findings]) == (TOWN, ["community-unknown"])


@pytest.mark.parametrize("beside", [[], ["索镇", "果里镇"]], ids=["alone", "beside sheets of two towns"])
def test_a_sheet_of_no_town_goes_to_nobody(huantai: Campaign, beside: list[str]) -> None:
    """Where nothing tells the town, no town gets to see another's sheet."""
    named = [score_sheet(huantai.communities_of(town)[0], huantai) for town in beside]
    unknown = nameless(score_sheet(huantai.communities[0], huantai))
    assert list(problems_by_town(round_of_sheets(huantai, *named, unknown))) == []


def test_of_two_equal_returns_the_one_that_counts_is_corrected(
    huantai: Campaign, communities: tuple[Community, ...]
) -> None:
    """Its twin is told no second time, and is replaced with it."""
    twins = [score_sheet(communities[0], huantai, ["五"], file=name) for name in ("a.xlsx", "b.xlsx")]
    problems = only(round_of_sheets(huantai, *twins))
    assert codes(problems) == [("score-text", "a.xlsx", "E4")]
    assert problems.originals == {digest(name): {communities[0].name} for name in ("a.xlsx", "b.xlsx")}


def test_returns_that_differ(huantai: Campaign, communities: tuple[Community, ...]) -> None:
    """A finding for each criterion in dispute says what each has; a fault that both share comes once."""
    first = score_sheet(communities[0], huantai, [5.0, "五", None, 4.0], file="一/a.xlsx")
    second = score_sheet(communities[0], huantai, [3.0, "五", 1.0, 4.0], file="二/a.xlsx")
    problems = only(round_of_sheets(huantai, first, second))
    assert codes(problems) == [
        ("score-text", "一/a.xlsx", "E5"),
        ("score-differs", "一/a.xlsx", ""),
        ("score-differs", "一/a.xlsx", ""),
    ]
    disputed = problems.findings[1:]
    assert [(one.criterion, one.found) for one in disputed] == [(1, "5／3"), (3, "空／1")]
    assert [dict(one.values)["files"] for one in disputed] == [
        "一/a.xlsx：5；二/a.xlsx：3",
        "一/a.xlsx：空；二/a.xlsx：1",
    ]
    assert {(one.town, one.community) for one in problems.findings} == {(TOWN, communities[0].name)}


def test_what_a_copy_replaced_takes_no_part(huantai: Campaign, communities: tuple[Community, ...]) -> None:
    """The next copy is made from the first alone, and names every file before it."""
    old = score_sheet(communities[0], huantai, ["五"], file="a.xlsx")
    copy = score_sheet(
        communities[0], huantai, ["六"], file="b.xlsx", supersedes=(digest("a.xlsx"), digest("lost.xlsx"))
    )
    problems = only(round_of_sheets(huantai, old, copy))
    assert codes(problems) == [("score-text", "b.xlsx", "E4")]
    assert set(problems.originals) == set(map(digest, ("a.xlsx", "b.xlsx", "lost.xlsx")))


def test_what_the_files_held_besides_is_known(huantai: Campaign, communities: tuple[Community, ...]) -> None:
    """Macros and other sheets of the town's own files, not of another's."""
    beside = [
        finding("sheet-ignored", "a.xlsx", "备注"),
        finding("file-macros", "a.xlsx"),
        finding("file-macros", "another.xlsx"),
    ]
    wrong = score_sheet(communities[0], huantai, ["五"])
    problems = only(round_of_sheets(huantai, wrong, found=beside))
    assert [one.left_out() for one in problems.left_out] == ["工作表“备注”", "宏"]


def test_each_town_has_its_own(huantai: Campaign) -> None:
    """In campaign order, from one workbook of both too."""
    sheets = [score_sheet(huantai.communities_of(town)[0], huantai, ["五"]) for town in (TOWN, "果里镇")]
    found = list(problems_by_town(round_of_sheets(huantai, *sheets)))
    assert [one.town for one in found] == ["果里镇", TOWN]
    assert [len(one.sheets) for one in found] == [1, 1]


def test_a_county_s_own_returns_are_not_asked_back_from_above(huantai: Campaign) -> None:
    """What came in its consolidated workbook it has corrected itself; a town that came directly is asked."""
    city = of_counties(huantai, 2, 1)
    county = county_of(city, "第1县", ("第1县1街道",))
    inside, direct = (score_sheet(city.communities[place], city, ["五"], file=f"{place}") for place in (0, 2))
    below = merged(county, returned(county, [inside]))
    made = merged(city, rolled_up(below, city), returned(city, [direct]))
    assert [one.town for one in problems_by_town(made)] == ["第2县1街道"]
    assert towns_read(made) == {"第2县1街道"}
    assert merged_workbooks(made) == ["第1县汇总.xlsx"]
