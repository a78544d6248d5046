"""Which community a sheet is for: by its label, its own name, what it was issued for; never by a guess."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign, Town
from greenxl.form.layout import Identity
from greenxl.returns.model import ScoreSheet
from greenxl.scoring.identification import identify
from tests.tools.cells import cell
from tests.tools.score_sheets import score_sheet

TOWN = "索镇"
NAME = "永安社区"
NUMBER = 16


def sheet(
    *,
    name: str = "Sheet1",
    label: str | None = None,
    town: str | None = None,
    also: str | None = None,
    issued: dict[str, int] | None = None,
    issued_to: str = TOWN,
) -> ScoreSheet:
    """Return a sheet that bears these names; ``issued`` are the sheets of its workbook's identity."""
    identity = None if issued is None else Identity("1", "huantai-2021", "", "2021", issued_to, issued)
    return ScoreSheet(
        file="a.xlsx",
        sha256="0" * 64,
        sheet=name,
        community=None if label is None else cell("B2", label),
        town=None if town is None else cell("E2", town),
        lines=(),
        total=None,
        identity=identity,
        named_too=() if also is None else (cell("B3", also),),
    )


def found(one: ScoreSheet, campaign: Campaign) -> tuple[str | None, list[tuple[str, str]]]:
    """Return the community's name, and the findings by code and cell."""
    community, findings = identify(one, campaign)
    return community.name if community else None, [(f.code, f.cell) for f in findings]


def test_the_sample_community_is_where_the_tests_suppose_it(huantai: Campaign) -> None:
    """永安社区 of 索镇 has number 16 in the roster."""
    community = huantai.community_numbered(NUMBER)
    assert community
    assert (community.name, community.town) == (NAME, TOWN)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(sheet(label=NAME), id="by its label"),
        pytest.param(sheet(label="永 安　社区"), id="by its label, however it is spaced"),
        pytest.param(sheet(name=NAME), id="by the name of the sheet"),
        pytest.param(sheet(name=f"{NAME} (2)"), id="by the name of a copied sheet"),
        pytest.param(sheet(name=f"3.{NAME}"), id="by the name of a counted sheet"),
        pytest.param(sheet(name="一", issued={"一": NUMBER}), id="by what it was issued for"),
        pytest.param(sheet(name="一", label="　", issued={"一": NUMBER}), id="a blank label says nothing"),
        pytest.param(sheet(name=NAME, label=NAME, issued={NAME: NUMBER}), id="by all of them"),
    ],
)
def test_a_community_is_known(huantai: Campaign, one: ScoreSheet) -> None:
    """Any of its names is enough, and nothing is said of it."""
    assert found(one, huantai) == (NAME, [])


@pytest.mark.parametrize(
    ("one", "finding"),
    [
        pytest.param(sheet(), ("community-unnamed", ""), id="no name"),
        pytest.param(sheet(label="永按社区"), ("community-unknown", "B2"), id="a name outside the roster"),
        pytest.param(
            sheet(label="宝龙社区", town=TOWN),
            ("community-other-town", "B2"),
            id="of another town by the sheet",
        ),
        pytest.param(
            sheet(label="宝龙社区", issued={}),
            ("community-other-town", "B2"),
            id="of another town by identity",
        ),
        pytest.param(sheet(label=NAME, also="永和社区"), ("community-twice", "B2"), id="two names on it"),
        pytest.param(
            sheet(label=NAME, name="永和社区"), ("community-label-differs", "B2"), id="named for another"
        ),
        pytest.param(
            sheet(label=NAME, name="一", issued={"一": 17}),
            ("community-label-differs", "B2"),
            id="issued for another",
        ),
    ],
)
def test_a_community_that_is_not_plain_is_nobody_s(
    huantai: Campaign, one: ScoreSheet, finding: tuple[str, str]
) -> None:
    """The sheet counts for none, and the finding is at the name that is in doubt."""
    assert found(one, huantai) == (None, [finding])


def test_the_message_names_the_nearest_of_the_town(huantai: Campaign) -> None:
    """An unknown name is answered with those it may be, of the workbook's own town."""
    _community, [one] = identify(sheet(label="永按社区", town=TOWN), huantai)
    assert one.message("en").endswith("such as 永安社区、永和社区、赵家社区.")
    _community, [one] = identify(sheet(label="甲乙丙丁", issued={}, issued_to="果里镇"), huantai)
    assert one.message("en").endswith("such as 鸿嘉社区、….")


def test_a_listed_alias_is_a_name(other: Campaign) -> None:
    """沙田村 is 沙田社区 because the campaign says so, and so is what it lists of the towns."""
    community, findings = identify(sheet(label="沙田村", town="洲心街道办事处"), other)
    assert community
    assert (community.name, findings) == ("沙田社区", [])


def test_a_name_of_two_towns_needs_the_town(other: Campaign) -> None:
    """The town settles it; without one the towns are named."""
    [first, second] = other.find_communities("莲塘社区")
    community, findings = identify(sheet(label="莲塘社区", town=second.town), other)
    assert (community, findings) == (second, [])
    community, [one] = identify(sheet(label="莲塘社区"), other)
    assert community is None
    assert dict(one.values)["towns"] == f"{first.town}、{second.town}"


def test_an_unknown_town_is_a_warning_and_the_community_counts(huantai: Campaign) -> None:
    """The community's own town counts."""
    assert found(sheet(label=NAME, town="索家镇"), huantai) == (NAME, [("town-unknown", "E2")])


def test_the_town_of_the_identity_outweighs_the_one_typed(huantai: Campaign) -> None:
    """What was distributed is sure; what is typed may be wrong."""
    assert found(sheet(label=NAME, town="果里镇", issued={}), huantai) == (NAME, [])


def test_a_renamed_sheet_is_a_note(huantai: Campaign) -> None:
    """Its label tells the community; the note tells what the sheet was called."""
    community, [note] = identify(sheet(label=NAME, name="最终版", issued={NAME: NUMBER}), huantai)
    assert community
    assert (note.code, dict(note.values)) == ("sheet-renamed", {"wanted": NAME})


def test_where_there_are_no_towns_a_unit_is_no_other_town_s(huantai: Campaign) -> None:
    """Another unit's name on a unit's own workbook is a contradiction, not a matter of towns."""
    first, second, *_others = huantai.communities
    own = tuple(replace(one, town=one.name) for one in (first, second))
    campaign = replace(huantai, parent="", communities=own, towns=tuple(Town(one.name) for one in own))
    sheet = score_sheet(own[0], campaign, label=second.name)
    community, [found] = identify(sheet, campaign)
    assert (community, found.code) == (None, "community-label-differs")
