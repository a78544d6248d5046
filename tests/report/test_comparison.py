"""What changed since an earlier workbook: by community, by criterion, whatever else moved."""

from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign, Community, Group
from greenxl.report.comparison import (
    Change,
    Earlier,
    Previous,
    compare,
    departed,
    has_common_community,
    tally,
)
from greenxl.scoring.choosing import Status
from tests.tools.reports import earlier
from tests.tools.rounds import Given, round_of


def compared(previous: Previous, campaign: Campaign, given: Given) -> dict[str, Change]:
    result, _tables = round_of(campaign, given)
    return {c.community.name: c for c in compare(previous, campaign, result.choices)}


@pytest.mark.parametrize(
    ("then", "now", "returned", "passed", "fallen", "difference"),
    [
        (None, [5] * 20, True, True, False, None),
        (None, [3] * 20, True, False, False, None),
        ([3] * 20, [4.5] * 20, False, True, False, Decimal(30)),
        ([4.5] * 20, [3.25] * 20, False, False, True, Decimal(-25)),
        ([4.5] * 20, [5] * 19 + [None], False, False, True, None),
        ([5] * 20, [4.99] * 20, False, False, False, Decimal("-0.2")),
        ([5] * 20, None, False, False, True, None),
        ([5] * 20, [5] * 20, False, False, False, Decimal(0)),
    ],
    ids=["new and passed", "new and failed", "up", "down", "now incomplete", "a little", "gone", "same"],
)
def test_a_community_is_compared_with_itself(
    huantai: Campaign,
    then: list[float] | None,
    now: list[float | None] | None,
    returned: bool,
    passed: bool,
    fallen: bool,
    difference: Decimal | None,
) -> None:
    """Newly returned, newly passed, fallen below, and by how much the total moved."""
    one = huantai.communities[0]
    old = earlier(huantai, {one: then} if then else {})
    change = compared(old, huantai, {one: now} if now else {})[one.name]
    assert (change.newly_returned, change.newly_passed, change.fallen) == (returned, passed, fallen)
    assert change.withdrawn == (now is None)
    assert change.difference == difference


def test_criteria_are_compared_by_their_text(huantai: Campaign) -> None:
    """A criterion that moved to another number is still itself; one of other words is not compared."""
    one = huantai.communities[0]
    old = earlier(huantai, {one: [n / 4 for n in range(20)]})
    first, *rest = huantai.groups
    a, b, c, d = first.criteria
    swapped = (replace(a, text=b.text), replace(b, text=a.text), replace(c, text="全新的标准"), d)
    campaign = replace(huantai, groups=(Group(first.name, first.departments, swapped), *rest))
    scores = compared(old, campaign, {one: [5] * 20})[one.name].scores
    assert [scores.get(n) for n in (1, 2, 3, 4)] == [Decimal("0.25"), Decimal(0), None, Decimal("0.75")]


def test_totals_out_of_another_full_score_are_not_compared(huantai: Campaign) -> None:
    """90 of 100 and 90 of 95 are not the same."""
    one = huantai.communities[0]
    old = earlier(huantai, {one: [4.5] * 20})
    *others, last = huantai.groups
    shorter = replace(huantai, groups=(*others, replace(last, criteria=last.criteria[:-1])))
    change = compared(old, shorter, {one: [4.5] * 19})[one.name]
    assert (change.difference, change.scores[1]) == (None, Decimal("4.5"))


def test_a_roster_may_grow_and_shrink(huantai: Campaign) -> None:
    """A community that was not listed then is new; one that is listed no more is named."""
    old = earlier(huantai, {})
    newcomer = Community(22, "索镇", "新城社区", False)
    campaign = replace(huantai, communities=(*huantai.communities[1:], newcomer))
    changes = compared(old, campaign, {newcomer: [5] * 20})
    assert changes["新城社区"].then is None
    assert changes["新城社区"].newly_passed
    assert departed(old, campaign) == ("宝龙社区",)


def test_nothing_is_compared_with_an_empty_workbook(huantai: Campaign) -> None:
    """Every community is then unlisted."""
    result, _tables = round_of(huantai, {})
    previous = Previous("old.xlsx", "", None, {}, ())
    assert all(change.then is None for change in compare(previous, huantai, result.choices))


def test_communities_of_one_name_are_kept_apart_by_their_towns(huantai: Campaign) -> None:
    """Where one of two namesakes has left the roster, the other keeps its own past."""
    here, there = (
        Community(number, town.name, "和平社区", False) for number, town in enumerate(huantai.towns[:2], 1)
    )
    both = replace(huantai, towns=huantai.towns[:2], communities=(here, there))
    old = earlier(both, {here: [5] * 20, there: [4] * 20})
    for stays, total in ((here, 100), (there, 80)):
        today = replace(both, communities=(stays,))
        change = compared(old, today, {stays: [5] * 20})["和平社区"]
        assert change.then
        assert (change.then.town, change.then.total) == (stays.town, Decimal(total))
        assert departed(old, today) == ("和平社区",)


def test_changes_are_counted(huantai: Campaign) -> None:
    """By the words of the JSON document."""
    one, two, three, *_rest = huantai.communities
    old = earlier(huantai, {one: [3] * 20, two: [5] * 20})
    changes = compared(old, huantai, {one: [5] * 20, two: [3] * 20, three: [4] * 20})
    assert tally(list(changes.values())) == {"newly_returned": 1, "newly_passed": 2, "fallen": 1}


def test_a_workbook_of_another_county_has_no_common_community(huantai: Campaign, other: Campaign) -> None:
    """One is enough: a roster may change almost whole from one year to the next."""
    assert not has_common_community(earlier(other, {}), huantai)
    newcomer = Community(22, "索镇", "新城社区", False)
    campaign = replace(huantai, communities=(huantai.communities[0], newcomer))
    assert has_common_community(earlier(huantai, {}), campaign)


def test_a_name_that_two_towns_have_today_is_neither(huantai: Campaign) -> None:
    """Of a town that is no more: nobody knows which of them it was, but it has not departed."""
    here, there = (
        Community(number, town.name, "和平社区", False) for number, town in enumerate(huantai.towns[:2], 1)
    )
    today = replace(huantai, towns=huantai.towns[:2], communities=(here, there))
    gone = Earlier("撤并镇", "和平社区", Status.PASSED, Decimal(90))
    previous = replace(earlier(huantai, {}), communities=(gone,))
    changes = compare(previous, today, round_of(today, {})[0].choices)
    assert [change.then for change in changes] == [None, None]
    assert departed(previous, today) == ()
