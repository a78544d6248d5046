"""What may not be meant is a warning: told once, and the campaign is used."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from greenxl.campaign import example, templates
from greenxl.campaign.checks import load
from greenxl.campaign.lint import warnings_of
from greenxl.campaign.model import Campaign, Grade
from tests.tools.river import river


def told(campaign: Campaign) -> list[str]:
    return [one.line() for one in warnings_of(campaign)]


def test_the_shipped_campaign_has_no_warnings(huantai: Campaign) -> None:
    """Nor has one whose year is the last of its targets."""
    assert told(huantai) == told(replace(huantai, year=2022, deadline=date(2022, 9, 30))) == []


def test_a_deadline_in_another_year_is_told(huantai: Campaign) -> None:
    """A round may end in January; a deadline left from last year is more likely."""
    assert told(replace(huantai, deadline=date(2020, 9, 30))) == [
        "设置: the deadline 2020-09-30 is in another year than the round, 2021. "
        "Correct one of them, unless it is meant so."
    ]


def test_a_year_without_a_target_is_told_where_others_have_one(huantai: Campaign) -> None:
    """A campaign without any target may be meant so."""
    later = replace(huantai, year=2027, deadline=date(2027, 9, 30))
    assert told(later) == [
        "目标: there are targets for 2021、2022, but none for this round’s year 2027, "
        "so that no verdict is given. Add its row, unless it has none."
    ]
    assert told(replace(later, targets=())) == []


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("说明：得分须不低于80分。", "不低于80分"),
        ("８０ 分以上为达标", "80 分以上"),
        ("满分100分，80分（含）以上为达标", "80分(含)以上"),
        ("达标分为80分", "达标分为80分"),
        ("得分≥80分", "≥80分"),
    ],
    ids=["not below", "from", "included", "pass mark", "sign"],
)
def test_a_note_that_states_another_pass_mark_is_told(huantai: Campaign, note: str, found: str) -> None:
    """As a copied note does where only the setting was changed."""
    campaign = replace(huantai, note=note)
    assert told(campaign) == []
    [line] = told(replace(campaign, pass_score=Decimal(85)))
    assert line.startswith(f"设置: the note says {found}, but the pass mark is 85.")


@pytest.mark.parametrize(
    "note",
    ["", "每条5分，满分100分", "90分以上为优秀，不低于85分为达标", "见方案第80页"],
    ids=["empty", "other amounts", "several marks", "no amount"],
)
def test_other_numbers_in_a_note_are_none_of_its_pass_mark(huantai: Campaign, note: str) -> None:
    """A warning that is wrong is soon read no more."""
    assert told(replace(huantai, note=note, pass_score=Decimal(85))) == []


def test_examples_that_are_left_are_told() -> None:
    """In one warning that names their tables."""
    campaign = load(example())
    assert told(campaign) == [
        "examples are still in these tables: "
        "设置、创建标准、创建名单、街道（镇）. Replace them with your own."
    ]
    named = replace(campaign, code="gq", title="标准", county="高青县", authority="高青县住建局")
    assert told(named) == [
        "examples are still in these tables: 创建标准、创建名单、街道（镇）. Replace them with your own."
    ]


def test_units_that_are_their_own_towns_are_examples_of_the_roster_alone() -> None:
    """Where there is no 上级, nobody typed the table of towns."""
    assert told(load(templates()["river-chief"])) == [
        "examples are still in these tables: 设置、创建名单. Replace them with your own."
    ]


def test_a_condition_that_fails_nobody_is_told(huantai: Campaign) -> None:
    """A unit with 不符合 would pass; one with a veto is as it should be."""
    campaign = river(huantai)
    assert told(campaign) == []
    *others, last = campaign.groups
    criteria = tuple(replace(c, veto=None) for c in last.criteria)
    [line] = told(replace(campaign, groups=(*others, replace(last, criteria=criteria))))
    assert line == (
        "创建标准: an answer 不符合 has no consequence in 第T1条: these conditions have no veto. "
        "Write 是 in the column “veto” (否决), unless that is meant."
    )


@pytest.mark.parametrize("name", ["合格", "不合格"])
def test_a_grade_that_is_called_as_the_verdict_is_told(huantai: Campaign, name: str) -> None:
    """In 总览 one word would count two things."""
    campaign = replace(huantai, pass_words=("合格", "不合格"), grades=(Grade("优秀", Decimal(90)),))
    assert told(campaign) == []
    [line] = told(replace(campaign, grades=(*campaign.grades, Grade(name, Decimal(80)))))
    assert line.startswith(f"等次: the grades {name} are called as the verdict is")


@pytest.mark.parametrize("name", templates())
def test_a_shipped_form_has_no_warning_but_of_its_examples(name: str) -> None:
    """Whoever begins with it is not warned of what is not theirs."""
    found = {one.code for one in warnings_of(load(templates()[name]))}
    assert found <= {"example-left"}
