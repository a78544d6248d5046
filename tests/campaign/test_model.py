"""What a campaign answers: its communities by any spelling, the hash of its standard, its target."""

from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign, Criterion, Kind, Town, plain


@pytest.mark.parametrize(
    "spelling",
    ["永安社区", " 永安 社区", "索镇-永安社区", "桓台县索镇永安社区", "永安社区居委会", "永安"],
)
def test_a_community_is_found_however_it_is_written(huantai: Campaign, spelling: str) -> None:
    """With its town, with its committee, without 社区."""
    assert [c.name for c in huantai.find_communities(spelling)] == ["永安社区"]


@pytest.mark.parametrize("spelling", ["", "安", "索镇", "永安小区", "城区街道永安社区"])
def test_nothing_is_guessed(huantai: Campaign, spelling: str) -> None:
    """A town, one character and a community of another town name no community."""
    assert huantai.find_communities(spelling) == ()


def test_campaigns_of_one_code_and_year_are_not_confused(huantai: Campaign) -> None:
    """What is remembered of one is not of the other."""
    other = replace(huantai, communities=huantai.communities[:1])
    assert huantai.find_communities("索镇-永安社区")
    assert other.find_communities("索镇-永安社区") == ()
    assert huantai.find_communities("索镇-永安社区")


def test_what_names_meant_is_kept_within_bounds(huantai: Campaign) -> None:
    """Returns hold any number of texts, of any length."""
    campaign = replace(huantai)
    assert campaign.find_communities("无" * 2_000) == ()
    assert not campaign._usages
    for number in range(1_000):
        assert campaign.find_communities(f"无此{number}") == ()
    assert 0 < len(campaign._usages) < 300


def test_one_name_may_be_several_communities(other: Campaign) -> None:
    """Each in a town of its own; the caller says which."""
    assert [c.town for c in other.find_communities("莲塘社区")] == ["东城街", "洲心街"]
    assert other.find_communities("沙田 村")[0].name == "沙田社区"


def test_a_town_is_found_by_name_and_alias(huantai: Campaign) -> None:
    """Spaces of any kind do not count."""
    assert [t and t.name for t in map(huantai.find_town, ("索\xa0\xa0镇", "索镇街道", "张店区"))] == [
        *("索镇", "索镇", None)
    ]


def test_communities_are_had_by_town_and_number(huantai: Campaign) -> None:
    """A number or a town that is not in the roster has none."""
    assert len(huantai.communities_of("城区街道")) == 14
    assert huantai.communities_of("张店区") == ()
    sixteen = huantai.community_numbered(16)
    assert sixteen is not None
    assert sixteen.name == "永安社区"
    assert huantai.community_numbered(22) is None
    assert huantai.community_numbered(None) is None


def test_the_hash_of_the_standard_changes_with_any_point(huantai: Campaign) -> None:
    """It stands for texts and points: one other point is another hash, a line break is not."""
    first, *groups = huantai.groups
    dearer = replace(first.criteria[0], points=Decimal("5.5"))
    changed = replace(first, criteria=(dearer, *first.criteria[1:]))
    assert replace(huantai, groups=(changed, *groups)).standard_hash != huantai.standard_hash
    broken = replace(first, name=first.title)
    assert replace(huantai, groups=(broken, *groups)).standard_hash == huantai.standard_hash


def test_the_target_is_that_of_the_year(huantai: Campaign) -> None:
    """None in a year for which the plan sets none."""
    found = [replace(huantai, year=year).target_percent for year in (2021, 2022, 2023)]
    assert found == [30, 60, None]


@pytest.mark.parametrize(
    ("value", "text"), [("80.00", "80"), ("100", "100"), ("7.50", "7.5"), ("1E+2", "100"), (None, "")]
)
def test_a_decimal_is_written_plainly(value: str | None, text: str) -> None:
    """No trailing zeros, no exponent."""
    assert plain(None if value is None else Decimal(value)) == text


@pytest.mark.parametrize(
    ("unit", "name", "found"),
    [
        ("村", "永安", "永安村"),
        ("村", "永安村", "永安村"),
        ("村", "新民村", "新民"),
        ("村", "索镇永安", "永安村"),
        ("村", "永安社区", None),
        ("村", "村", None),
        ("学校", "新民学校", "新民"),
        ("社区", "新民村", None),
    ],
)
def test_other_units_are_known_with_their_word_and_without(
    huantai: Campaign, unit: str, name: str, found: str | None
) -> None:
    """Behind the name, whichever way the roster has it; no other word is."""
    first, second, *_others = huantai.communities_of("索镇")
    own = (replace(first, name="永安村"), replace(second, name="新民"))
    campaign = replace(huantai, unit=unit, communities=own)
    assert [one.name for one in campaign.find_communities(name)] == ([found] if found else [])


def test_where_there_are_no_towns_a_unit_is_known_by_its_usual_names(huantai: Campaign) -> None:
    """Each unit is a town of its own name, and is found as the unit all the same."""
    first, *_others = huantai.communities
    campaign = replace(
        huantai,
        unit="村",
        parent="",
        communities=(replace(first, name="永安村", town="永安村"),),
        towns=(Town("永安村"),),
    )
    for name in ("永安村", "永安", "桓台县永安村"):
        assert [one.name for one in campaign.find_communities(name)] == ["永安村"]


def test_the_counting_column_is_one_of_the_score_columns_however_it_is_spelled(huantai: Campaign) -> None:
    """Whoever compares headings finds it among them."""
    campaign = replace(huantai, score_columns=("自评分", "县核定分"), counting_column="县 核定分")
    assert campaign.counting_heading == "县核定分"
    assert campaign.has_levels
    alone = replace(huantai, score_columns=("县核定分",))
    assert (alone.counting_heading, alone.has_levels) == ("县核定分", False)
    assert huantai.counting_heading == huantai.labels.score


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("", "第3条"),
        ("1.10", "第1.10条"),
        ("C12", "第C12条"),
        ("三", "第三条"),
        ("否1", "否1"),
        ("一、1", "一、1"),
    ],
    ids=["ours", "1.10", "C12", "a Chinese numeral", "a word", "a part of one"],
)
def test_a_criterion_is_called_by_its_number_or_by_its_word(label: str, name: str) -> None:
    """第否1条 is no Chinese; what fails it is worded with the name."""
    criterion = Criterion(3, 0, "条文", Decimal(0), label=label, kind=Kind.CONDITION, veto=Decimal(1))
    assert criterion.name == name
    assert rules.Veto(criterion, None).words == f"{name}不符合"
