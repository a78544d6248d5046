"""Counts, rates, ranks and losses are exact decimals, and a missing return is never a zero."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Basis, Campaign
from greenxl.form.layout import Identity
from greenxl.returns.model import ScoreSheet
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.choosing import Choice, Status, choose, status_of
from greenxl.scoring.score import Mark, Score
from greenxl.scoring.sheet_facts import facts_of
from greenxl.scoring.tables import Tables, average, build
from tests.tools.cells import cell
from tests.tools.river import GOOD, river, with_columns
from tests.tools.rounds import of_counties, round_of
from tests.tools.score_sheets import Scored, score_sheet


def choices(campaign: Campaign, scores: dict[str, list[str | None]]) -> list[Choice]:
    made = []
    for community in campaign.communities:
        given = scores.get(community.name)
        if given is None:
            made.append(Choice(community, Status.MISSING, None))
            continue
        values = tuple(Score(Mark.BLANK) if v is None else Score(Mark.ACCEPTED, Decimal(v)) for v in given)
        sheet = ScoreSheet(
            file="f.xlsx",
            sha256="0" * 64,
            sheet=community.name,
            community=None,
            town=None,
            lines=(),
            total=None,
            identity=Identity("1", "", "", "", ""),
        )
        verdict = rules.judge([score.value for score in values], campaign)
        checked = Checked(facts_of(sheet), community, values, (), verdict)
        made.append(Choice(community, status_of(checked), checked))
    return made


def built(campaign: Campaign, scores: dict[str, list[str | None]]) -> Tables:
    return build(campaign, choices(campaign, scores))


@pytest.mark.parametrize(
    ("scores", "status", "total"),
    [
        (["5"] * 16 + ["0"] * 4, "passed", "80"),
        (["5"] * 15 + ["4.99"] + ["0"] * 4, "failed", "79.99"),
        (["4.1"] * 10 + ["3.9"] * 10, "passed", "80"),
        (["4.01", "3.99"] * 10, "passed", "80"),
        (["0"] * 20, "failed", "0"),
        (["5"] * 19 + [None], "incomplete", None),
    ],
    ids=["sixteen fives", "79.99", "tenths", "hundredths", "zeros", "one blank"],
)
def test_totals_are_exact_and_decide_at_the_bound(
    huantai: Campaign, scores: list[str | None], status: str, total: str | None
) -> None:
    """80 passes, 79.99 fails, and no float noise decides; an incomplete sheet has no total."""
    row = built(huantai, {"宝龙社区": scores}).communities[0]
    assert row.status == status
    assert row.total == (None if total is None else Decimal(total))
    assert row.judged is (total is not None)


def test_every_community_has_a_row_in_roster_order(huantai: Campaign) -> None:
    """What was accepted by criterion, and where it comes from; a missing one has neither."""
    tables = built(huantai, {"西苑社区": ["5", None, *["4.5"] * 18]})
    assert [row.community for row in tables.communities] == list(huantai.communities)
    missing, given = tables.communities[:2]
    assert (missing.scores, missing.file, missing.sheet) == ((None,) * 20, None, None)
    assert given.scores == (Decimal(5), None, *[Decimal("4.5")] * 18)
    assert (given.file, given.sheet) == ("f.xlsx", "西苑社区")


def test_three_counts_are_never_mixed(huantai: Campaign) -> None:
    """Listed, participating and passed are three things, per town and county, on the roster."""
    tables = built(
        huantai,
        {
            "宝龙社区": ["5"] * 20,
            "西苑社区": ["5"] * 19 + [None],
            "鸿嘉社区": ["1"] * 20,
            "永安社区": ["4"] * 20,
        },
    )
    county = tables.county
    assert (county.listed, county.participating, county.passed) == (21, 4, 2)
    assert county.statuses[Status.MISSING] == 17
    assert (county.denominator, county.denominator_basis) == (21, Basis.ROSTER)
    assert county.pass_rate == 2 / 21
    assert county.target_met is False
    assert {town.name: town.participating for town in tables.towns} == {"城区街道": 2, "果里镇": 1, "索镇": 1}


def test_figures_have_the_names_of_the_json_document(huantai: Campaign) -> None:
    """They are the same for a town and for the county, which has its target besides."""
    tables = built(huantai, {"鸿嘉社区": ["5"] * 20})
    of_town = {
        "listed": 1,
        "participating": 1,
        "passed": 1,
        "failed": 0,
        "incomplete": 0,
        "invalid": 0,
        "conflict": 0,
        "missing": 0,
        "denominator": 1,
        "denominator_basis": "roster",
        "participation_rate": 1.0,
        "pass_rate": 1.0,
    }
    assert tables.towns[1].figures() == of_town
    assert tables.county.figures().keys() - of_town.keys() == {"target_percent", "target_met"}


def test_urban_totals_are_the_denominator_where_stated(other: Campaign) -> None:
    """Three and five urban communities make eight; the year has no target, so there is no verdict."""
    full: list[str | None] = [str(c.points) for c in other.criteria]
    tables = built(other, {"新桥社区": full})
    assert (tables.county.denominator, tables.county.denominator_basis) == (8, Basis.URBAN_TOTAL)
    assert (tables.county.target_percent, tables.county.target_met) == (None, None)
    assert [town.pass_rate for town in tables.towns if town.name == "东城街"] == [1 / 3]
    assert tables.towns_without_total == []


def test_the_roster_is_the_denominator_where_a_town_states_no_total(other: Campaign) -> None:
    """The town that states its own keeps it; the county never adds what are different things."""
    stated, *unstated = other.towns
    towns = (stated, *(replace(town, urban_total=None) for town in unstated))
    tables = built(replace(other, towns=towns), {})
    listed = len(other.communities)
    assert (tables.county.denominator, tables.county.denominator_basis) == (listed, Basis.ROSTER)
    assert tables.towns[0].denominator == stated.urban_total
    assert tables.towns_without_total == [town.name for town in unstated]


def test_a_subtotal_needs_its_whole_group(huantai: Campaign) -> None:
    """A blank leaves its group without a subtotal, and the others with theirs."""
    row = built(huantai, {"宝龙社区": [None, *["4.5"] * 19]}).communities[0]
    assert row.subtotals == (None, Decimal("22.5"), Decimal(18), Decimal("13.5"), Decimal(18))


def test_ties_share_a_rank(huantai: Campaign) -> None:
    """Two firsts are followed by a third."""
    tables = built(huantai, {"宝龙社区": ["5"] * 20, "西苑社区": ["5"] * 20, "兴华社区": ["4"] * 20})
    assert [row.rank for row in tables.communities if row.rank is not None] == [1, 1, 3]


def test_averages_are_of_the_totals_that_there_are(huantai: Campaign) -> None:
    """Of the town, and of the county; what is incomplete or missing is no zero among them."""
    tables = built(
        huantai,
        {"宝龙社区": ["5"] * 20, "西苑社区": ["4"] * 20, "兴华社区": [None] * 20, "永安社区": ["3"] * 20},
    )
    assert [town.average for town in tables.towns] == [Decimal(90), None, Decimal(60)]
    assert tables.county.average == Decimal(80)
    assert tables.totals == [Decimal(100), Decimal(80), Decimal(60)]


@pytest.mark.parametrize(
    ("values", "rounded"),
    [([], None), (["1", "2"], "1.5"), (["0.02", "0.03"], "0.03"), (["1", "1", "2"], "1.33")],
    ids=["none", "exact", "a half goes upwards", "a third"],
)
def test_an_average_is_rounded_as_a_sheet_rounds_it(values: list[str], rounded: str | None) -> None:
    """To hundredths, as ROUND(AVERAGE(…), 2)."""
    assert average([Decimal(value) for value in values]) == (rounded and Decimal(rounded))


def test_losses_are_counted_per_criterion_and_listed_heaviest_first(huantai: Campaign) -> None:
    """Average, loss rate and losers rest on the communities that were scored; each loss is a row."""
    tables = built(
        huantai, {"宝龙社区": ["5", "3", "4.5", *["5"] * 17], "西苑社区": ["5", "5", None, *["5"] * 17]}
    )
    _first, second, third, *_others = tables.criteria
    assert (second.criterion, second.scored, second.lost) == (huantai.criteria[1], 2, Decimal(2))
    assert (second.losers, second.average, second.loss_rate) == (("宝龙社区",), 4, 0.2)
    assert (third.scored, third.average) == (1, 4.5)
    assert listed(tables) == [("宝龙社区", 2, "2"), ("宝龙社区", 3, "0.5")]
    assert [loss.score for loss in tables.losses] == [Decimal(3), Decimal("4.5")]


def listed(tables: Tables) -> list[tuple[str, int, str]]:
    return [(loss.community.name, loss.criterion.number, str(loss.lost)) for loss in tables.losses]


def test_losses_are_in_the_order_of_towns_and_roster(huantai: Campaign) -> None:
    """Of each community the heaviest first, down to a hundredth of a point."""
    towns = tuple(reversed(huantai.towns))
    scores: dict[str, list[str | None]] = {
        "宝龙社区": ["4.99", *["5"] * 19],
        "新民社区": ["4", "4", "3", *["5"] * 17],
        "永安社区": [*["5"] * 19, "0"],
    }
    assert listed(built(replace(huantai, towns=towns), scores)) == [
        ("永安社区", 20, "5"),
        ("新民社区", 3, "2"),
        ("新民社区", 1, "1"),
        ("新民社区", 2, "1"),
        ("宝龙社区", 1, "0.01"),
    ]


def test_nothing_returned_gives_empty_figures_not_zeros(huantai: Campaign) -> None:
    """No average, no rank, no loss; the rates are 0 of the roster."""
    tables = built(huantai, {})
    assert {(row.total, row.rank) for row in tables.communities} == {(None, None)}
    assert all(row.average is None and row.loss_rate is None and not row.lost for row in tables.criteria)
    assert list(tables.losses) == []
    assert (tables.county.pass_rate, tables.county.average) == (0, None)


# Other programmes


def of_river(campaign: Campaign, *given: Sequence[Scored]) -> Tables:
    """Return the tables of a round in which the first communities returned these."""
    pairs = zip(campaign.communities, given, strict=False)
    checked = [check(score_sheet(one, campaign, scores), campaign) for one, scores in pairs]
    return build(campaign, choose(checked, campaign).choices)


VETOED = (10.0, "是", 20.0, 60.0, 5.0, 0.0, "不符合")
"""105, and failed."""
SCALED = (9.0, "不适用", 15.0, "不适用", 1.0, 0.0, "符合")
"""24 of 30, and so 80, and one of bonus."""


def test_a_row_has_all_that_answers_come_to(huantai: Campaign) -> None:
    """Answers as they are, numbers among them, bonus and deduction, the grade, what does not apply."""
    good, scaled = of_river(river(huantai), GOOD, SCALED).communities[:2]
    assert good.answers[1:] == (*map(Decimal, (10, 20, 50, 2, 1)), Answer.FULFILLED)
    assert good.scores[-2:] == (Decimal(1), None)
    assert (good.bonus, good.deduction, good.grade) == (Decimal(2), Decimal(1), "优秀")
    assert (good.subtotals, good.not_applicable) == ((Decimal("19.5"), Decimal(70), None, None), ())
    assert (scaled.total, scaled.not_applicable, scaled.grade) == (Decimal(81), (2, 4), "良好")


def test_what_is_vetoed_keeps_its_total_without_rank_and_grade(huantai: Campaign) -> None:
    """The first of those that are ranked is the first."""
    tables = of_river(river(huantai), VETOED, GOOD, SCALED)
    assert [(row.total, row.rank, row.grade) for row in tables.communities[:3]] == [
        (Decimal(105), None, None),
        (Decimal("90.5"), 1, "优秀"),
        (Decimal(81), 2, "良好"),
    ]
    assert [veto.words for veto in tables.communities[0].vetoes] == ["第T1条不符合"]
    assert tables.communities[0].status == "failed"


def test_vetoed_units_and_grades_are_counted(huantai: Campaign) -> None:
    """By town and in all, every grade of the campaign, 0 where nobody has it."""
    tables = of_river(river(huantai), VETOED, GOOD, GOOD)
    assert (tables.county.vetoed, tables.county.grades) == (1, {"优秀": 2, "良好": 0})
    assert (tables.towns[0].vetoed, tables.towns[0].grades) == (1, {"优秀": 2, "良好": 0})
    assert (tables.towns[1].vetoed, tables.towns[1].grades) == (0, {"优秀": 0, "良好": 0})
    assert of_river(huantai).county.grades == {}


def test_losses_are_of_scores_alone(huantai: Campaign) -> None:
    """Neither a deduction, a bonus nor a condition loses points; what does not apply is no score."""
    low = (9.5, "否", 20.0, "不适用", 0.0, 10.0, "不符合")
    tables = of_river(river(huantai), low, GOOD)
    assert [row.criterion.label for row in tables.criteria] == ["1.1", "1.2", "2.1", "2.2"]
    assert [(row.scored, row.lost) for row in tables.criteria] == [
        (2, Decimal(1)),
        (2, Decimal(10)),
        (2, Decimal(0)),
        (1, Decimal(10)),
    ]
    assert [(one.criterion.label, one.lost) for one in tables.losses] == [
        ("1.2", Decimal(10)),
        ("1.1", Decimal("0.5")),
        ("2.2", Decimal(10)),
        ("1.1", Decimal("0.5")),
    ]


def test_texts_and_other_scores_go_with_the_rows(huantai: Campaign) -> None:
    """Each loss has what was written beside it, in the order of the campaign's columns."""
    campaign = with_columns(huantai)
    sheet = score_sheet(campaign.communities[0], campaign, GOOD)
    lines = tuple(
        replace(
            line,
            columns=(cell("G4", 7.0 if line.number == 1 else None), None, line.score),
            entries=(cell("I4", f"原因{line.number}"), cell("J4", "照片" if line.number == 4 else None)),
        )
        for line in sheet.lines
    )
    checked = check(replace(sheet, lines=lines), campaign)
    tables = build(campaign, choose([checked], campaign).choices)
    assert [one.entries for one in tables.losses] == [("原因4", "照片"), ("原因1", "")]
    first, missing = tables.communities[:2]
    assert first.columns["自评分"] == (Decimal(7), *[None] * 6)
    assert first.columns["县核定分"] == first.answers
    assert first.entries["佐证材料"] == ("", "", "", "照片", "", "", "")
    assert (missing.columns, missing.entries) == ({}, {})


def test_a_standard_of_conditions_and_one_score_can_be_counted(huantai: Campaign) -> None:
    """Nobody returned anything, and there is little to score."""
    campaign = river(huantai)
    first, *others = campaign.groups
    few = replace(campaign, groups=(replace(first, criteria=first.criteria[:1]), others[-1]))
    numbered = tuple(replace(c, number=n) for n, c in enumerate(few.criteria, 1))
    groups = tuple(replace(g, criteria=(c,)) for g, c in zip(few.groups, numbered, strict=True))
    tables = of_river(replace(campaign, groups=groups))
    assert (len(tables.criteria), len(tables.losses)) == (1, 0)


def test_a_county_among_several_is_its_towns_together(huantai: Campaign) -> None:
    """Counts add up; its denominator is its towns' totals if each states one, the whole's if all do."""
    campaign = of_counties(huantai, 2, 2)
    first, second, *others = campaign.towns
    towns = (replace(first, urban_total=10), replace(second, urban_total=5), *others)
    campaign = replace(campaign, towns=towns)
    _result, tables = round_of(
        campaign, {campaign.communities[0]: [5] * 20, campaign.communities[5]: [3] * 20}
    )
    found = [(row.name, row.listed, row.passed, row.denominator, row.average) for row in tables.districts]
    assert found == [("第1县", 4, 1, 15, Decimal(100)), ("第2县", 4, 0, 4, Decimal(60))]
    assert (tables.county.listed, tables.county.denominator, tables.county.average) == (8, 8, Decimal(80))
    assert [row.denominator_basis for row in tables.districts] == [Basis.URBAN_TOTAL, Basis.ROSTER]


def test_a_campaign_of_one_county_has_no_counties(huantai: Campaign) -> None:
    """Nothing is counted twice."""
    assert round_of(huantai, {})[1].districts == ()
