"""What units have to put right, beside lost points."""

from decimal import Decimal

from greenxl.campaign.model import Answer, Campaign
from greenxl.report.book import consolidate
from greenxl.report.sheets.rectification import rectification_table
from greenxl.report.sheets.tasks import least_words, tasks_of
from tests.tools.programmes import FULL, Typed, mixed
from tests.tools.reports import DAY, cells, numbered
from tests.tools.rounds import round_of


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


def test_texts_stand_beside_the_lost_points(huantai: Campaign) -> None:
    """What the town wrote as the reason, to the letter, and never as a formula."""
    campaign = mixed(huantai)
    first = campaign.communities[0]
    typed: list[Typed] = [15, *FULL[1:]]
    reasons: list[Typed] = ["=1+1", *[None] * 6]
    made = round_of(campaign, {first: typed}, {first: {"县核定分": typed, "扣分原因": reasons}})
    table = rectification_table(campaign, tasks_of(campaign, made[1]))
    (row,) = numbered(cells(consolidate(*made, DAY), "整改清单", values=False)[table.header_row + 1 :])
    assert row[table.place("entry 扣分原因")] == "=1+1"
    assert row[table.place("departments")] == "牵头：县水利局；县住建局"
