"""Where a file came from: whether it is called as a copy, and which town's folder it lies in."""

from dataclasses import replace

import pytest

from greenxl.campaign.model import Campaign
from greenxl.rounds.origin import foreign, is_copy, town_of_folder
from greenxl.scoring.checking import Checked, check
from tests.tools.score_sheets import score_sheet


@pytest.mark.parametrize(
    "name",
    [
        "索镇(1).xlsx",
        "索镇（2）.xlsx",
        "索镇 (10).xlsx",
        "索镇(1)(1).xlsx",
        "索镇 - 副本.xlsx",
        "索镇-副本(2).xlsx",
        "索镇 - 副本 (3).xlsx",
        "副本索镇.xlsx",
        "索镇 - Copy.xlsx",
        "Copy of 索镇.xlsx",
    ],
)
def test_names_that_browsers_and_desktops_give_to_copies(name: str) -> None:
    """Wherever they lie."""
    assert is_copy(name)
    assert is_copy(f"returned/索镇/{name}")


@pytest.mark.parametrize(
    "name",
    [
        "索镇.xlsx",
        "索镇-评分表-2021.xlsx",
        "索镇(2021).xlsx",
        "索镇（永安社区）.xlsx",
        "hardcopy.xlsx",
        "1.xlsx",
    ],
)
def test_names_of_their_own(name: str) -> None:
    """A year, a community or a number that stands alone makes no copy, nor does the folder's name."""
    assert not is_copy(name)
    assert not is_copy(f"returned(1)/{name}")


def with_address(campaign: Campaign) -> Campaign:
    towns = (replace(town, email=f"{town.name}@Example.cn") for town in campaign.towns)
    return replace(campaign, towns=tuple(towns))


@pytest.mark.parametrize(
    ("file", "town"),
    [
        ("returned/索镇/a.xlsx", "索镇"),
        ("returned/索 镇/永安社区/a.xlsx", "索镇"),
        ("索镇/果里镇/a.xlsx", "果里镇"),
        ("returned.zip/索镇/a.xlsx", "索镇"),
        ("returned/索镇@example.cn/a.xlsx", "索镇"),
        ("returned/索镇.xlsx", None),
        ("returned/火星镇/a.xlsx", None),
        ("索镇", None),
    ],
)
def test_a_folder_called_after_a_town_is_its_own(huantai: Campaign, file: str, town: str | None) -> None:
    """By its name, or by the mail address under which its returns were collected; the innermost counts."""
    assert town_of_folder(file, with_address(huantai)) == town


def sheet_from(campaign: Campaign, file: str) -> Checked:
    """Return 鸿嘉社区's sheet without an identity, as it came in a file."""
    [community] = campaign.find_communities("鸿嘉社区")
    return check(replace(score_sheet(community, campaign, file=file), identity=None), campaign)


def test_a_community_from_the_folder_of_another_town_is_told(huantai: Campaign) -> None:
    """It counts, with a warning that bears the community's own town."""
    [one] = foreign(sheet_from(huantai, "returned/索镇/a.xlsx"), huantai)
    assert (one.code, one.severity, one.town, one.community) == (
        "town-differs",
        "warning",
        "果里镇",
        "鸿嘉社区",
    )
    assert one.message("en") == (
        "The file came from 索镇, but the community belongs to 果里镇; it was read for the community. "
        "Check that 索镇 returned the right workbook."
    )


@pytest.mark.parametrize("file", ["returned/果里镇/a.xlsx", "returned/a.xlsx", "returned/镇/a.xlsx"])
def test_a_community_from_its_own_town_or_from_nowhere_is_not(huantai: Campaign, file: str) -> None:
    """Only a folder that is called after a town says anything."""
    assert list(foreign(sheet_from(huantai, file), huantai)) == []


def test_a_sheet_of_no_community_came_from_nowhere(huantai: Campaign) -> None:
    """That it is nobody's is told already."""
    nobody = replace(sheet_from(huantai, "returned/索镇/a.xlsx"), community=None)
    assert list(foreign(nobody, huantai)) == []
