"""Conditions, bonus and deductions on 指标分析."""

from greenxl.campaign.model import Campaign
from greenxl.report.book import consolidate
from greenxl.report.sheets.criteria import criteria_table
from greenxl.report.sheets.unscored import unscored, unscored_height
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY, cells
from tests.tools.rounds import round_of


def test_what_is_outside_the_full_mark_is_counted_apart(huantai: Campaign) -> None:
    """How many were answered, how many are not fulfilled, have a bonus or a deduction, and their sum."""
    campaign = mixed(huantai)
    one, two, three, *_rest = campaign.communities
    bad: list[Typed] = [*FULL[:4], 4.5, 2, "不符合"]
    unfinished: list[Typed] = [*FULL[:4], None, None, None]
    made = round_of(campaign, {one: bad, two: FULL, three: unfinished})
    found = [(row.criterion.label, row.answered, row.met, row.amount) for row in unscored(campaign, made[1])]
    name = one.name
    assert [(label, answered, met) for label, answered, met, _amount in found] == [
        ("B1", 2, (name,)),
        ("K1", 2, (name,)),
        ("T1", 2, (name,)),
    ]
    rows = cells(consolidate(*made, DAY), "指标分析")
    table = criteria_table(campaign)
    under = rows[table.last_row + 3 : table.last_row + 6]
    places = [table.place(column) for column in ("points", "scored", "average", "lost", "losers")]
    assert [[row[place] for place in places] for row in under] == [
        ["加≤5", 2, "获加分", 4.5, 1],
        ["扣≤8", 2, "被扣分", 2, 1],
        ["条件", 2, "不符合", None, 1],
    ]


def test_the_criteria_of_the_full_mark_are_alone_in_the_table(huantai: Campaign) -> None:
    """Nothing else has a loss rate."""
    campaign = mixed(huantai)
    _result, tables = round_of(campaign, {campaign.communities[0]: FULL})
    assert [row.criterion.label for row in tables.criteria] == ["1.1", "1.2", "2.1", "2.2"]
    assert criteria_table(campaign).length == 4


def test_a_campaign_without_any_has_none(huantai: Campaign) -> None:
    """The table of the plan's twenty is alone on its sheet."""
    made = round_of(huantai, {})
    assert list(unscored(huantai, made[1])) == []
    assert unscored_height(criteria_table(huantai), huantai, made[1]) == 0
    assert len(cells(consolidate(*made, DAY), "指标分析")) == criteria_table(huantai).last_row + 1
