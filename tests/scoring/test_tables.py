"""Counts, rates, ranks and losses are exact, and a missing return is never a zero."""

from dataclasses import replace
from decimal import Decimal

import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.layout import Identity
from greenxl.returns.model import ScoreSheet
from greenxl.scoring.checking import Checked
from greenxl.scoring.choosing import Choice, Status, status_of
from greenxl.scoring.score import Mark, Score
from greenxl.scoring.tables import Tables, build, points


def choices(campaign: Campaign, scores: dict[str, list[str | None]]) -> list[Choice]:
    made = []
    for community in campaign.communities:
        given = scores.get(community.name)
        if given is None:
            made.append(Choice(community, Status.MISSING, None))
            continue
        values = tuple(Score(Mark.BLANK) if v is None else Score(Mark.ACCEPTED, Decimal(v)) for v in given)
        sheet = ScoreSheet(
            "f.xlsx", "0" * 64, community.name, None, None, (), None, Identity("1", "", "", "", "")
        )
        checked = Checked(sheet, community, values, ())
        made.append(Choice(community, status_of(checked, campaign), checked))
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
    row = built(huantai, {"宝龙社区": scores}).communities.iloc[0]
    assert row["status"] == status
    assert points(row["total"]) == (None if total is None else Decimal(total))


def test_three_counts_are_never_mixed(huantai: Campaign) -> None:
    """Listed, participating and passed are told apart, per town and county, on the roster."""
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
    assert (county["listed"], county["participating"], county["passed"], county["missing"]) == (21, 4, 2, 17)
    assert (county["denominator"], county["denominator_basis"]) == (21, "roster")
    assert county["pass_rate"] == 2 / 21
    assert county["target_met"] is False
    assert tables.towns["participating"].to_dict() == {"城区街道": 2, "果里镇": 1, "索镇": 1}


def test_urban_totals_are_the_denominator_where_stated(other: Campaign) -> None:
    """Three and five urban communities make eight; the year has no target, so there is no verdict."""
    full: list[str | None] = [str(c.points) for c in other.criteria]
    tables = built(other, {"新桥社区": full})
    assert (tables.county["denominator"], tables.county["denominator_basis"]) == (8, "urban_total")
    assert tables.county["target_percent"] is None
    assert tables.county["target_met"] is None
    assert tables.towns.loc["东城街", "pass_rate"] == 1 / 3


def test_the_roster_is_the_denominator_where_a_town_states_no_total(other: Campaign) -> None:
    """The town that states its own keeps it; the county never adds what are different things."""
    stated, *unstated = other.towns
    towns = (stated, *(replace(town, urban_total=None) for town in unstated))
    tables = built(replace(other, towns=towns), {})
    listed = len(other.communities)
    assert (tables.county["denominator"], tables.county["denominator_basis"]) == (listed, "roster")
    assert tables.towns.loc[stated.name, "denominator"] == stated.urban_total


def test_a_subtotal_needs_its_whole_group(huantai: Campaign) -> None:
    """A blank leaves its group without a subtotal, and the others with theirs."""
    row = built(huantai, {"宝龙社区": [None, *["4.5"] * 19]}).communities.iloc[0]
    subtotals = [points(row[f"g{number}"]) for number in range(1, 6)]
    assert subtotals == [None, Decimal("22.5"), Decimal(18), Decimal("13.5"), Decimal(18)]


def test_ties_share_a_rank(huantai: Campaign) -> None:
    """Two firsts are followed by a third."""
    tables = built(huantai, {"宝龙社区": ["5"] * 20, "西苑社区": ["5"] * 20, "兴华社区": ["4"] * 20})
    assert tables.communities["rank"].dropna().tolist() == [1, 1, 3]


def test_losses_are_counted_per_criterion_and_listed_heaviest_first(huantai: Campaign) -> None:
    """Average, loss rate and losers rest on the communities that were scored; each loss is a row."""
    tables = built(
        huantai, {"宝龙社区": ["5", "3", "4.5", *["5"] * 17], "西苑社区": ["5", "5", None, *["5"] * 17]}
    )
    second, third = tables.criteria.loc[2], tables.criteria.loc[3]
    assert (second["scored"], second["lost"], second["losers"]) == (2, 200, ("宝龙社区",))
    assert (second["average"], second["loss_rate"]) == (400, 0.2)
    assert (third["scored"], third["average"]) == (1, 450)
    assert tables.losses[["community", "criterion", "lost"]].to_numpy().tolist() == [
        ["宝龙社区", 2, 200],
        ["宝龙社区", 3, 50],
    ]


def test_losses_stand_by_town_and_community(huantai: Campaign) -> None:
    """In the order of the campaign and of the roster, the heaviest first, down to a hundredth of a point."""
    towns = tuple(reversed(huantai.towns))
    scores: dict[str, list[str | None]] = {
        "宝龙社区": ["4.99", *["5"] * 19],
        "新民社区": ["4", "4", "3", *["5"] * 17],
        "永安社区": [*["5"] * 19, "0"],
    }
    tables = built(replace(huantai, towns=towns), scores)
    assert tables.losses[["community", "criterion", "lost"]].to_numpy().tolist() == [
        ["永安社区", 20, 500],
        ["新民社区", 3, 200],
        ["新民社区", 1, 100],
        ["新民社区", 2, 100],
        ["宝龙社区", 1, 1],
    ]
    assert tables.losses.index.tolist() == [0, 1, 2, 3, 4]


def test_nothing_returned_gives_empty_figures_not_zeros(huantai: Campaign) -> None:
    """No average, no rank, no loss; the rates are 0 of the roster."""
    tables = built(huantai, {})
    assert tables.communities["total"].isna().all()
    assert tables.criteria["average"].isna().all()
    assert len(tables.losses) == 0
    assert tables.county["pass_rate"] == 0
