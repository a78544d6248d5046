"""What a town still owes: counted by the cell, said in its own words, about its own files."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding, finding
from greenxl.form.layout import IDENTITY_SHEET
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.rounds.owed import owed_by, towns_by_file
from greenxl.scoring.choosing import Choice, Status
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.rounds import round_of

TOWN = "果里镇"


def only(huantai: Campaign, status: Status, *findings: Finding) -> Round:
    """Return a round of which only 果里镇's one community is known, with these findings."""
    [community] = huantai.communities_of(TOWN)
    own = tuple(one.at(town=TOWN, community=community.name) for one in findings)
    return Round(
        campaign=huantai,
        choices=(Choice(community, status, None),),
        entries=(),
        findings=own,
        checked=(),
    )


def blank(file: str, *cells: str) -> list[Finding]:
    return [
        finding("score-blank", file, "鸿嘉社区", cell, criterion=number, points="5")
        for number, cell in enumerate(cells, 1)
    ]


def test_a_town_owes_what_is_missing_wrong_or_unusable(result: Round, huantai: Campaign) -> None:
    """Missing names, wrong communities and broken files are owed by their town; who is done owes nothing."""
    town, village, other = owed_by(result, huantai.towns)
    assert (town.missing, [one.community for one in town.wrong]) == (("玫瑰城社区",), ["宝发社区"])
    assert not village
    assert (other.missing, other.wrong) == (("五里社区",), ())
    assert other.files == ("坏.xlsx：文件是空的（0 字节）。请对方重新发送。",)
    assert other.places == 1


@pytest.mark.parametrize(
    ("findings", "places"),
    [
        pytest.param(blank("a.xlsx", "E4", "E5"), 2, id="two cells"),
        pytest.param([*blank("a.xlsx", "E4"), *blank("b.xlsx", "E4")], 1, id="one cell in two returns"),
        pytest.param(
            [finding("returns-differ", "a.xlsx", "鸿嘉社区", cells=["E4", "E5"], files="a、b")],
            2,
            id="cells in which returns differ",
        ),
        pytest.param([finding("community-unnamed", "a.xlsx", "鸿嘉社区")], 1, id="a whole sheet"),
    ],
)
def test_what_is_wrong_is_counted_by_the_cell(
    huantai: Campaign, findings: list[Finding], places: int
) -> None:
    """A cell counts once however often it is wrong; a sheet or file as a whole is one place."""
    [owed] = owed_by(only(huantai, Status.INVALID, *findings), [huantai.towns[1]])
    assert owed.places == owed.wrong[0].places == places


def test_a_town_reads_its_own_words(huantai: Campaign) -> None:
    """Like findings are one line; a contradiction names some cells and none of our files."""
    cells = [f"E{row}" for row in range(4, 10)]
    differ = finding("returns-differ", "a.xlsx", "鸿嘉社区", cells=cells, files="收到/a.xlsx；收到/b.xlsx")
    [owed] = owed_by(only(huantai, Status.CONFLICT, *blank("a.xlsx", "E4", "E5"), differ), [huantai.towns[1]])
    assert owed.wrong[0].status == "重复待定"
    assert owed.wrong[0].lines == (
        "E4、E5：第1、2条没有填得分。请填 0 到各条标准分之间的数字，没有做到的填 0。",
        "收到的报送不止一份，而且得分不同（E4、E5、E6、E7等6处），都暂不计入。请确认以哪一份为准，重新报送。",
    )


def test_warnings_are_not_owed(huantai: Campaign) -> None:
    """Only an error has to be corrected."""
    hidden = finding("sheet-hidden", "a.xlsx", "鸿嘉社区")
    [owed] = owed_by(only(huantai, Status.PASSED, hidden), [huantai.towns[1]])
    assert not owed
    assert owed.places == 0


def test_a_file_is_of_the_towns_whose_communities_it_holds(
    huantai: Campaign, returned: Path, tmp_path: Path
) -> None:
    """A workbook typed by hand says no town and lies in no town's folder: its communities tell."""
    book = openpyxl.load_workbook(returned / "城区街道" / "城区街道-评分表-2021.xlsx")
    book.remove(book[IDENTITY_SHEET])
    book.save(tmp_path / "手工.xlsx")
    found = towns_by_file(evaluate(huantai, [returned, tmp_path / "手工.xlsx"]))
    assert {Path(file).name: towns for file, towns in found.items()} == {
        "手工.xlsx": {"城区街道"},
        "城区街道-评分表-2021.xlsx": {"城区街道"},
        "果里镇-评分表-2021.xls": {"果里镇"},
        "索镇-评分表-2021.ods": {"索镇"},
        "坏.xlsx": {"索镇"},
    }


def test_a_file_in_a_folder_named_by_an_address_is_its_towns(huantai: Campaign, tmp_path: Path) -> None:
    """Collected files that say no town lie in a folder named for their sender, which tells the town."""
    campaign = replace(
        huantai, towns=tuple(replace(t, email=f"T{n}@x.cn") for n, t in enumerate(huantai.towns))
    )
    (tmp_path / "t1@x.cn").mkdir()
    (tmp_path / "t1@x.cn" / "a.xlsx").write_bytes(b"")
    found = owed_by(evaluate(campaign, [tmp_path]), campaign.towns)
    assert [len(one.files) for one in found] == [0, 1, 0]


def test_what_only_another_level_scored_is_to_be_decided(huantai: Campaign) -> None:
    """Nothing in it is wrong: it is owed apart from what has to be corrected."""
    campaign = mixed(huantai)
    one, two, *_rest = campaign.communities
    blank: list[Typed] = [None] * 7
    result, _tables = round_of(
        campaign,
        {one: blank, two: [*FULL[:6], None]},
        {one: {"自评分": FULL, "县核定分": blank}},
    )
    [town] = owed_by(result, campaign.towns)
    assert town.undecided == (one.name,)
    assert [(wrong.community, wrong.status) for wrong in town.wrong] == [(two.name, "填报不全")]


def test_what_is_wrong_beside_a_blank_column_is_owed_too(huantai: Campaign) -> None:
    """A unit that is to be decided has its errors listed, under what it is; the column alone is owed, too."""
    campaign = mixed(huantai)
    one = campaign.communities[0]
    blank: list[Typed] = [None] * 7
    result, _tables = round_of(campaign, {one: blank}, {one: {"自评分": FULL, "县核定分": blank}})
    [alone] = owed_by(result, campaign.towns)
    assert (bool(alone), alone.to_correct) == (True, False)
    fault = finding("nothing-applies", "a.xlsx", one.name, "E4").at(town=one.town, community=one.name)
    [both] = owed_by(replace(result, findings=(fault,)), campaign.towns)
    assert both.undecided == (one.name,)
    assert [(wrong.status, wrong.places) for wrong in both.wrong] == [("填报不全（待核定）", 1)]
