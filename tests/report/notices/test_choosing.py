"""Which losses a notice holds, and what it says that a unit lacks."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign, Group
from greenxl.report.notices.choosing import (
    DepartmentNotice,
    TownNotice,
    UnitNotice,
    department_notices,
    town_notices,
)
from greenxl.workbooks.cells import Value
from tests.tools.river import GOOD, river
from tests.tools.rounds import Given, round_of, small


def notices(campaign: Campaign, given: Given) -> list[TownNotice]:
    return town_notices(campaign, round_of(campaign, given)[1])


def unit_of(campaign: Campaign, scores: Sequence[Value]) -> UnitNotice:
    """Return the notice of the first unit, which was scored so; the others returned nothing."""
    first = campaign.communities[0]
    town = next(one for one in notices(campaign, {first: scores}) if one.town == first.town)
    return town.units[0]


def numbers(unit: UnitNotice) -> list[int]:
    return [task.criterion.number if task.criterion else 0 for task in unit.tasks]


@pytest.mark.parametrize(
    ("share", "listed"),
    [
        pytest.param(40, [3, 5, 4], id="two-of-five-is-forty-percent"),
        pytest.param(41, [3, 5], id="a-percent-more"),
        pytest.param(100, [3], id="only-a-zero"),
        pytest.param(1, [3, 5, 4, 6], id="nearly-all"),
    ],
)
def test_of_a_unit_that_passed_only_heavy_losses_are_listed(
    huantai: Campaign, share: int, listed: list[int]
) -> None:
    """A loss counts from the share of its criterion’s points on, that included; the worst first."""
    scores = [5.0] * 20
    scores[2], scores[3], scores[4], scores[5] = 0, 3, 2, 4.9
    assert numbers(unit_of(replace(huantai, notice_share=share), scores)) == listed


def test_of_a_unit_that_failed_every_loss_is_listed(huantai: Campaign) -> None:
    """A hundredth that is lost counts, too, and it is said how much is missing to pass."""
    unit = unit_of(huantai, [4.99, *[5] * 10, *[2.5] * 9])
    assert numbers(unit) == [*range(12, 21), 1]
    assert (unit.wanted, unit.lost) == ("差2.51分", Decimal("22.51"))


def test_of_an_incomplete_unit_heavy_losses_are_listed(huantai: Campaign) -> None:
    """It has no verdict yet, so its small losses wait; what is asked first is the rest of its scores."""
    unit = unit_of(huantai, [None, 1, 4, *[5] * 17])
    assert (numbers(unit), unit.wanted) == ([2], "请补填后重新报送")
    assert not unit.is_clear


@pytest.mark.parametrize(
    ("scores", "listed", "wanted"),
    [
        pytest.param(GOOD, [], "无重点失分", id="good"),
        pytest.param((*GOOD[:6], "不符合"), [7, 4, 1, 6], "否决：第T1条不符合", id="condition-not-fulfilled"),
        pytest.param((*GOOD[:2], 0, *GOOD[3:]), [3, 4, 1, 6], "否决：第2.1条0分；差9.5分", id="veto-of-zero"),
        pytest.param((10, "是", 20, 60, 0, 4, "符合"), [6], "重点失分1处", id="heavy-deduction"),
        pytest.param((10, "是", 20, 60, 0, 3.9, "符合"), [], "无重点失分", id="light-deduction"),
        pytest.param((10, "不适用", 20, 60, 0, 0, "符合"), [], "无重点失分", id="not-applicable"),
    ],
)
def test_what_fails_a_unit_is_always_listed_and_first(
    huantai: Campaign, scores: Sequence[Value], listed: list[int], wanted: str
) -> None:
    """Conditions and vetoes come with their words; a deduction weighs as a loss does, a bonus never."""
    unit = unit_of(river(huantai, pass_score=Decimal(80)), scores)
    assert (sorted(numbers(unit)), unit.wanted) == (sorted(listed), wanted)
    assert not unit.tasks or not listed or numbers(unit) == listed


def test_a_condition_is_listed_though_it_fails_nobody(huantai: Campaign) -> None:
    """What is not fulfilled has to be put right also where the unit passed."""
    campaign = river(huantai)
    *others, last = campaign.groups
    mild = replace(last, criteria=tuple(replace(c, veto=None) for c in last.criteria))
    unit = unit_of(replace(campaign, groups=(*others, mild)), (*GOOD[:6], "不符合"))
    assert (numbers(unit), unit.wanted) == ([7], "重点失分1处")


def test_a_group_below_its_least_score_is_listed(huantai: Campaign) -> None:
    """It stands for itself, before the losses of its criteria."""
    first, *others = huantai.groups
    campaign = replace(huantai, groups=(replace(first, minimum=Decimal(18)), *others))
    unit = unit_of(campaign, [4, 4, 4, 4, *[5] * 16])
    assert numbers(unit) == [0, 1, 2, 3, 4]
    assert unit.wanted.startswith("否决：“")


def test_a_total_that_only_looks_high_enough_is_told(huantai: Campaign) -> None:
    """Where criteria do not apply, the exact total may be less than the one that is shown."""
    campaign = river(huantai, pass_score=Decimal("84.5"))
    unit = unit_of(campaign, (9.5, "不适用", 18.0, 48.549, 0, 0, "符合"))
    assert unit.row.status == "invalid"  # three decimals are none
    unit = unit_of(replace(campaign, pass_score=Decimal("66.67")), (10, "不适用", 20, 30, 0, 0, "符合"))
    assert (unit.row.total, unit.wanted) == (Decimal("66.67"), "差不足0.01分")


def test_what_a_town_lacks_is_known(huantai: Campaign) -> None:
    """One that returned nothing is told from one that did; where all passed well there is nothing to say."""
    given = {one: [5] * 20 for one in huantai.communities_of("果里镇")}
    given |= {huantai.communities_of("索镇")[0]: [5] * 20}
    city, village, other = notices(huantai, given)
    assert [one.returned_nothing for one in (city, village, other)] == [True, False, False]
    assert [one.is_clear for one in (city, village, other)] == [False, True, False]
    assert [unit.wanted for unit in other.units] == ["无重点失分", *["请尽快报送"] * 5]
    assert other.statuses == {"passed": 1, "missing": 5}


def led(campaign: Campaign) -> Campaign:
    """Return a campaign of two groups: one is led by 甲局 with 乙局, the other is of 乙局 alone."""
    first, second, *_rest = small(campaign).groups
    groups: tuple[Group, ...] = (
        replace(first, departments=("乙局", "甲局"), lead="甲局"),
        replace(second, departments=("乙局",)),
    )
    return replace(small(campaign), groups=groups, pass_score=Decimal(20))


def seen(notice: DepartmentNotice) -> list[tuple[int, str, int, bool]]:
    return [
        (one.criterion.number, str(one.lost), len(one.tasks), notice.leads(one))
        for one in notice.concerns
        if one.criterion
    ]


def test_a_department_gets_the_criteria_of_its_groups_by_loss(huantai: Campaign) -> None:
    """What several share is with each of them; who leads is known; one without losses gets nothing."""
    campaign = led(huantai)
    one, two, *_others = campaign.communities
    given = {one: [3, *[5] * 8], two: [2, *[5] * 4, 0, *[5] * 3]}
    first, second = department_notices(campaign, notices(campaign, given))
    assert (first.department, seen(first)) == ("甲局", [(1, "5", 2, True)])
    assert (second.department, seen(second)) == ("乙局", [(1, "5", 2, False), (6, "5", 1, False)])
    clear = {unit: [5] * 9 for unit in campaign.communities}
    assert department_notices(campaign, notices(campaign, clear)) == []


def test_what_fails_units_comes_first_for_a_department(huantai: Campaign) -> None:
    """A condition costs no points, and stands above every loss; of one criterion the worst unit is first."""
    campaign = river(huantai)
    one, two, three, *_others = campaign.communities
    given = {one: (*GOOD[:6], "不符合"), two: (*GOOD[:3], 20, *GOOD[4:]), three: (*GOOD[:3], 10, *GOOD[4:])}
    (notice,) = department_notices(campaign, notices(campaign, given))
    assert [concern.criterion and concern.criterion.number for concern in notice.concerns][:2] == [7, 4]
    assert [task.community for task in notice.concerns[1].tasks] == [three, two, one]
