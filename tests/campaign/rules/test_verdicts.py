"""What the consolidated workbook's formulas say of accepted answers is what the functions say."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter.utility import xl_range_abs

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Campaign, Grade, Kind
from greenxl.campaign.rules.totals import amount_formula
from tests.campaign.rules.test_states import computed, sheet_of
from tests.tools.office import Office
from tests.tools.programmes import Typed, answers, programmes, scores_of


def held(campaign: Campaign, typed: list[Typed]) -> list[Typed]:
    """Return what the consolidated workbook holds of a unit: of chosen words the scores that they mean."""
    scores = scores_of(campaign, typed)
    return [one if one is None or isinstance(one, Answer) else float(one) for one in scores]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_workbook_of_any_programme_says_what_the_functions_say(
    office: Office, huantai: Campaign, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Total, veto, grade, verdict and rank of accepted answers, some of them missing."""
    campaign = data.draw(programmes(huantai))
    rows = data.draw(st.lists(answers(campaign), min_size=15, max_size=15))
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    count = len(campaign.criteria)
    totals = xl_range_abs(1, count, len(rows), count)
    vetoes = xl_range_abs(1, count + 1, len(rows), count + 1)

    def row_of(formula: Callable[[rules.ScoreCells], str]) -> Callable[[rules.ScoreCells, Campaign], str]:
        return lambda cells, _campaign: formula(replace(cells, worded=False))

    def got(cells: rules.ScoreCells) -> str:
        return amount_formula(cells, campaign.scored)

    formulas = {
        "total": row_of(lambda c: rules.total_formula(c, got(c), campaign)),
        "veto": row_of(lambda c: rules.veto_formula(c, campaign) if campaign.has_vetoes else '""'),
        "grade": row_of(lambda c: rules.grade_formula(c, campaign)),
        "verdict": row_of(lambda c: f'IF({c.total}="","",{rules.verdict_formula(c, campaign)})'),
        "rank": row_of(lambda c: rules.rank_formula(c.total, totals, c.veto, vetoes)),
        "bonus": row_of(lambda c: rules.bonus_formula(c, campaign) if campaign.of_kind(Kind.BONUS) else '""'),
        "deduction": row_of(
            lambda c: rules.deduction_formula(c, campaign) if campaign.of_kind(Kind.DEDUCTION) else '""'
        ),
    }
    sheet_of(campaign, [held(campaign, typed) for typed in rows], formulas, path)
    verdicts = [rules.judge(scores_of(campaign, typed), campaign) for typed in rows]
    ranks = rules.ranks(None if v.vetoes else v.total for v in verdicts)
    for verdict, rank, found in zip(
        verdicts, ranks, computed(office, path, campaign, len(rows), len(formulas)), strict=True
    ):
        words = "" if verdict.passed is None else rules.verdict_words(verdict.passed, campaign)
        number = "" if verdict.total is None else float(verdict.total)
        wanted: list[Any] = [number, verdict.veto_words, verdict.grade or "", words, rank or ""]
        assert found[:5] == wanted, campaign.groups
        for amount, shown in zip((verdict.bonus, verdict.deduction), found[5:], strict=True):
            assert amount is None or shown == pytest.approx(float(amount))


def one_of(campaign: Campaign, **changes: Any) -> Campaign:
    """Return the campaign with its seventh criterion changed."""
    group = campaign.groups[1]
    criteria = tuple(replace(c, **changes) if c.number == 7 else c for c in group.criteria)
    first, _second, *rest = campaign.groups
    return replace(campaign, groups=(first, replace(group, criteria=criteria), *rest))


def full(campaign: Campaign, **answers: Any) -> list[Any]:
    """Return full scores, but for the criteria that are named (c7=…)."""
    return [answers.get(f"c{c.number}", c.points) for c in campaign.criteria]


def test_a_veto_fails_a_unit_with_a_high_total(huantai: Campaign) -> None:
    """Its total stays, it has no grade, and what failed it is said."""
    campaign = replace(one_of(huantai, veto=Decimal("0.01")), grades=(Grade("优秀", Decimal(90)),))
    verdict = rules.judge(full(campaign, c7=Decimal(0)), campaign)
    assert (verdict.total, verdict.grade) == (Decimal(95), None)
    assert verdict.passed is False
    assert verdict.veto_words == "第7条0分"
    assert rules.state(full(campaign, c7=Decimal(0)), campaign).words == "未达标（否决：第7条0分）"


def test_a_condition_that_is_not_fulfilled_fails_a_unit(huantai: Campaign) -> None:
    """It has no points: the rest is the full mark."""
    campaign = one_of(huantai, kind=Kind.CONDITION, points=Decimal(0), veto=Decimal(1), label="三")
    verdict = rules.judge(full(campaign, c7=Answer.UNFULFILLED), campaign)
    assert campaign.max_score == verdict.total == 95
    assert verdict.veto_words == "第三条不符合"


def test_a_group_below_its_least_score_fails_a_unit(huantai: Campaign) -> None:
    """The bound passes; a hundredth less fails."""
    groups = (replace(huantai.groups[0], minimum=Decimal(12)), *huantai.groups[1:])
    campaign = replace(huantai, groups=groups)
    low = dict.fromkeys(("c1", "c2"), Decimal(1))
    assert rules.judge(full(campaign, **low), campaign).passed
    verdict = rules.judge(full(campaign, **low | {"c1": Decimal("0.99")}), campaign)
    assert verdict.veto_words == "“建立健全社区人居环境建设和整治机制”低于12分"


@pytest.mark.parametrize(("lost", "passed"), [("15", True), ("15.01", False), ("14.99", True)])
def test_what_does_not_apply_scales_the_total_and_never_rounds_the_verdict(
    huantai: Campaign, lost: str, passed: bool
) -> None:
    """Out of 95 points 76 are the 80 of 100 that pass; 75.99 are 79.989… and do not."""
    campaign = one_of(huantai, not_applicable=True)
    less = Decimal(lost) + 4
    scores = full(campaign, c7=Answer.NOT_APPLICABLE)
    for place in (0, 1, 2, 3):
        taken = min(less, Decimal(5))
        scores[place] -= taken
        less -= taken
    assert rules.judge(scores, campaign).passed is passed


def test_a_scaled_total_just_below_the_mark_fails_though_it_is_shown_as_the_mark(huantai: Campaign) -> None:
    """2 of 3 applicable points are 66.666… of 100, shown as 66.67, and less than 66.67."""
    group = replace(huantai.groups[0], criteria=huantai.groups[0].criteria[:2])
    first, second = group.criteria
    asked = replace(first, points=Decimal(3))
    group = replace(group, criteria=(asked, replace(second, points=Decimal(97), not_applicable=True)))
    campaign = replace(huantai, groups=(group,), pass_score=Decimal("66.67"))
    verdict = rules.judge([Decimal(2), Answer.NOT_APPLICABLE], campaign)
    assert verdict.total == Decimal("66.67")
    assert verdict.passed is False
    assert rules.judge([Decimal("2.01"), Answer.NOT_APPLICABLE], campaign).passed


def test_bonus_is_capped_and_a_deduction_leaves_no_negative_total(huantai: Campaign) -> None:
    """Both stand outside the full mark; a total may be above it."""
    bonus = one_of(huantai, kind=Kind.BONUS, points=Decimal(10))
    assert rules.judge(full(bonus), bonus).total == 105
    capped = replace(bonus, bonus_cap=Decimal(3))
    verdict = rules.judge(full(capped), capped)
    assert verdict.total == 98
    assert verdict.bonus == 3
    less = one_of(huantai, kind=Kind.DEDUCTION, points=Decimal(50))
    nothing = [Decimal(0)] * 6 + [Decimal(50)] + [Decimal(0)] * 13
    assert rules.judge(nothing, less).total == 0
    assert rules.judge(full(less, c7=Decimal(20)), less).deduction == 20


def test_a_grade_begins_at_its_least_total(huantai: Campaign) -> None:
    """The bound included; below the last one there is none."""
    campaign = replace(huantai, grades=(Grade("优秀", Decimal(95)), Grade("良好", Decimal(80))))
    for lost, grade in ((Decimal(5), "优秀"), (Decimal("5.01"), "良好"), (Decimal("20.01"), None)):
        scores = full(campaign)
        for place in range(5):
            scores[place] -= min(lost, Decimal(5))
            lost -= min(lost, Decimal(5))
        assert rules.judge(scores, campaign).grade == grade


@given(st.lists(st.integers(0, 500).map(lambda n: Decimal(n) / 100), min_size=20, max_size=20))
def test_a_total_is_exact(huantai: Campaign, scores: list[Decimal]) -> None:
    """To the hundredth, whatever the order, and the subtotals add up to it."""
    verdict = rules.judge(scores, huantai)
    assert verdict.total == Decimal(sum(int(score * 100) for score in scores)) / 100
    assert sum((s for s in verdict.subtotals if s is not None), Decimal(0)) == verdict.total
    assert verdict.passed == (verdict.total >= 80)
    assert verdict.total == rules.state(scores, huantai).total


@given(
    st.lists(st.integers(0, 500).map(lambda n: Decimal(n) / 100), min_size=20, max_size=20),
    st.integers(0, 19),
)
def test_a_missing_score_leaves_no_total(huantai: Campaign, scores: list[Decimal], missing: int) -> None:
    """Neither total nor verdict, and no subtotal of its group."""
    holed: list[Decimal | None] = [*scores[:missing], None, *scores[missing + 1 :]]
    verdict = rules.judge(holed, huantai)
    assert (verdict.total, verdict.passed) == (None, None)
    group = huantai.criteria[missing].group
    assert [s is None for s in verdict.subtotals] == [index == group for index in range(5)]


def test_equal_totals_share_a_rank() -> None:
    """As RANK does: the next place is left out, and what has no total has no rank."""
    totals = [Decimal(90), None, Decimal("90.00"), Decimal(80), Decimal(100)]
    assert rules.ranks(totals) == [2, None, 2, 4, 1]
