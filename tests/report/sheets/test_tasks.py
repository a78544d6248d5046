"""What units have to put right, beside lost points."""

from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign.model import Answer, Campaign
from greenxl.report.sheets.tasks import concerns_of, least_words, matters, short_of_passing, tasks_of
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.rounds import drawn, large, round_of


def test_what_fails_a_unit_comes_first_and_deductions_last(huantai: Campaign) -> None:
    """The least score of a group and conditions, lost points from the most on, deductions."""
    campaign = mixed(huantai)
    typed: list[Typed] = [15, "否", 0, 5, 2, 3, "不符合"]
    result, tables = round_of(campaign, {campaign.communities[0]: typed})
    found = tasks_of(campaign, tables)
    assert [(t.criterion.label if t.criterion else t.group.title, t.answer, t.lost) for t in found] == [
        ("社区环境", Decimal(5), None),
        ("T1", Answer.UNFULFILLED, None),
        ("1.2", Decimal(0), Decimal(40)),
        ("2.2", Decimal(5), Decimal(25)),
        ("2.1", Decimal(0), Decimal(10)),
        ("1.1", Decimal(15), Decimal(5)),
        ("K1", Decimal(3), None),
    ]
    assert [t.fails for t in found] == ["“社区环境”低于12分", "第T1条不符合", "第1.2条0分", "", "", "", ""]
    assert [t.deducted for t in found if t.deducted] == [Decimal(3)]
    assert least_words(campaign.groups[1]) == "本项得分不低于12分"


def test_a_full_score_with_a_bonus_leaves_nothing_to_do(huantai: Campaign) -> None:
    """A bonus that is not had is no loss."""
    campaign = mixed(huantai)
    _result, tables = round_of(campaign, {campaign.communities[0]: FULL})
    assert tasks_of(campaign, tables) == []


@pytest.mark.parametrize(
    ("share", "scores", "numbers"),
    [
        (40, [3, 3.01, 2, *[5] * 17], [3, 1]),
        (60, [3, 3.01, 2, *[5] * 17], [3]),
        (40, [3, 3.01, 2, *[3.5] * 17], [3, 1, 2, *range(4, 21)]),
    ],
    ids=["at-least-the-share", "another-share", "all-of-a-unit-that-failed"],
)
def test_the_losses_that_matter(
    huantai: Campaign, share: int, scores: list[float], numbers: list[int]
) -> None:
    """Those of the campaign's share of a criterion's points or more, the bound included."""
    campaign = replace(huantai, notice_share=share)
    _result, tables = round_of(campaign, {campaign.communities[0]: scores})
    row = tables.communities[0]
    found = [task for task in tasks_of(campaign, tables) if matters(task, row, campaign)]
    numbered = [task.criterion.number for task in found if task.criterion]
    assert (numbered[:1], sorted(numbered)) == (numbers[:1], sorted(numbers))


def test_an_unfulfilled_condition_matters(huantai: Campaign) -> None:
    """Though it has no points, and the unit is not judged while something is blank."""
    campaign = mixed(huantai)
    typed: list[Typed] = [*FULL[:4], None, None, "不符合"]
    _result, tables = round_of(campaign, {campaign.communities[0]: typed})
    [task] = tasks_of(campaign, tables)
    assert (task.answer, task.fails) == (Answer.UNFULFILLED, "")
    assert matters(task, tables.communities[0], campaign)


def test_what_is_missing_to_pass(huantai: Campaign) -> None:
    """In points of the total as it is shown; nothing where it is enough, or where there is none."""
    one, two, three, *_rest = huantai.communities
    _result, tables = round_of(huantai, {one: [3.9] * 20, two: [4] * 20, three: [None, *[5] * 19]})
    found = [short_of_passing(row, huantai) for row in tables.communities[:3]]
    assert found == [Decimal(2), 0, 0]


def test_a_concern_is_a_criterion_of_all_units(huantai: Campaign) -> None:
    """In the order of the standard, the worst unit first."""
    one, two, *_rest = huantai.communities
    _result, tables = round_of(huantai, {one: [4, *[5] * 18, 4], two: [3, *[5] * 19]})
    found = concerns_of(tasks_of(huantai, tables), huantai)
    assert [
        (concern.criterion.number, [task.community.name for task in concern.tasks])
        for concern in found
        if concern.criterion
    ] == [(1, [two.name, one.name]), (20, [one.name])]


def test_lost_points_are_those_of_the_tables(huantai: Campaign) -> None:
    """Each once, in the same order."""
    campaign = large(huantai)
    _result, tables = round_of(campaign, drawn(campaign, 1))
    found = [(one.community, one.criterion, one.answer, one.lost) for one in tasks_of(campaign, tables)]
    assert found == [(one.community, one.criterion, one.score, one.lost) for one in tables.losses]
