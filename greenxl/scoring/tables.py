"""What counts, as records: communities, towns, county, criteria, lost points. Pure.

pandas counts and sorts, on whole hundredths in nullable integers (``Int64``), so that sums are exact. It
stays inside: the records that come out hold exact decimals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from greenxl.campaign import rules
from greenxl.campaign.model import Basis, Campaign, Community, Criterion
from greenxl.scoring.choosing import Choice, Status


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """What one community's return gives."""

    community: Community
    status: Status
    scores: tuple[Decimal | None, ...]
    """By criterion; None where there is none that can be accepted."""
    subtotals: tuple[Decimal | None, ...]
    """By group; None where a score of the group is missing."""
    total: Decimal | None
    """Where it passed or failed."""
    rank: int | None
    """From 1, the highest total first; equal totals share a rank."""
    file: str | None
    sheet: str | None

    @property
    def judged(self) -> bool:
        return self.status in (Status.PASSED, Status.FAILED)


@dataclass(frozen=True)
class Counts:
    """How many communities there are of each status, and of what their rates are fractions."""

    listed: int
    statuses: Mapping[Status, int]
    denominator: int
    denominator_basis: Basis
    average: Decimal | None
    """Of the totals that there are, as :func:`average` rounds it."""

    @property
    def participating(self) -> int:
        return self.listed - self.statuses[Status.MISSING]

    @property
    def passed(self) -> int:
        return self.statuses[Status.PASSED]

    @property
    def participation_rate(self) -> float:
        return rules.rate(self.participating, self.denominator)

    @property
    def pass_rate(self) -> float:
        return rules.rate(self.passed, self.denominator)

    def figures(self) -> dict[str, object]:
        """Return them by the names that the JSON document, the templates of mails and the terminal use."""
        return {
            "listed": self.listed,
            "participating": self.participating,
            **{str(status): count for status, count in self.statuses.items()},
            "denominator": self.denominator,
            "denominator_basis": self.denominator_basis,
            "participation_rate": self.participation_rate,
            "pass_rate": self.pass_rate,
        }


@dataclass(frozen=True)
class TownRow(Counts):
    name: str


@dataclass(frozen=True)
class CountyRow(Counts):
    target_percent: int | None
    target_met: bool | None
    """None where the year has no target."""

    def figures(self) -> dict[str, object]:
        """Return the counts and the target by the same names."""
        return {
            **super().figures(),
            "target_percent": self.target_percent,
            "target_met": self.target_met,
        }


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """How a criterion was scored in all communities together."""

    criterion: Criterion
    scored: int
    """Communities with a score that was accepted."""
    average: float | None
    """Points, not rounded; None where nobody was scored."""
    lost: Decimal
    loss_rate: float | None
    """The part that was lost of all points that the scored communities could have; not rounded."""
    losers: tuple[str, ...]
    """The names of the communities that lost points."""


@dataclass(frozen=True, slots=True)
class LossRow:
    """A score below the criterion's points."""

    community: Community
    criterion: Criterion
    score: Decimal
    lost: Decimal


@dataclass(frozen=True)
class Tables:
    communities: tuple[CommunityRow, ...]
    """In roster order."""
    towns: tuple[TownRow, ...]
    """In the order of the campaign."""
    county: CountyRow
    criteria: tuple[CriterionRow, ...]
    """In the order of the standard."""
    losses: tuple[LossRow, ...]
    """By town and community, the heaviest loss of a community first."""

    @property
    def totals(self) -> list[Decimal]:
        """The totals of the communities that have one."""
        return [row.total for row in self.communities if row.total is not None]

    @property
    def towns_without_total(self) -> list[str]:
        """The towns whose denominator is the roster, for want of their number of urban communities."""
        return [town.name for town in self.towns if town.denominator_basis == Basis.ROSTER]


def build(campaign: Campaign, choices: Sequence[Choice]) -> Tables:
    """Return the tables of a round; ``choices`` has one choice per community, in roster order."""
    communities = _communities(campaign, choices)
    scores = _hundredths(campaign, communities)
    towns = _towns(campaign, communities)
    return Tables(
        communities=communities,
        towns=towns,
        county=_county(campaign, towns, communities),
        criteria=_criteria(campaign, communities, scores),
        losses=_losses(campaign, communities, scores),
    )


def average(values: Sequence[Decimal]) -> Decimal | None:
    """Return the average as ROUND(AVERAGE(…), 2) gives it, None where there is nothing to average."""
    if not values:
        return None
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _communities(campaign: Campaign, choices: Sequence[Choice]) -> tuple[CommunityRow, ...]:
    nothing = (None,) * len(campaign.criteria)
    scores = [
        tuple([score.value for score in choice.chosen.scores]) if choice.chosen else nothing
        for choice in choices
    ]
    verdicts = [rules.judge(of_one, campaign) for of_one in scores]
    ranks = rules.ranks(verdict.total for verdict in verdicts)
    return tuple(
        CommunityRow(
            community=choice.community,
            status=choice.status,
            scores=of_one,
            subtotals=verdict.subtotals,
            total=verdict.total,
            rank=rank,
            file=choice.chosen.sheet.file if choice.chosen else None,
            sheet=choice.chosen.sheet.sheet if choice.chosen else None,
        )
        for choice, of_one, verdict, rank in zip(choices, scores, verdicts, ranks, strict=True)
    )


def _hundredths(campaign: Campaign, communities: Sequence[CommunityRow]) -> pd.DataFrame:
    """Return the scores in hundredths: a row per community, a column per number of a criterion."""
    rows = [[None if s is None else int(s * 100) for s in row.scores] for row in communities]
    return pd.DataFrame(rows, columns=[criterion.number for criterion in campaign.criteria]).astype("Int64")


def _towns(campaign: Campaign, communities: Sequence[CommunityRow]) -> tuple[TownRow, ...]:
    places = pd.DataFrame([(row.community.town, row.status) for row in communities])
    names = [town.name for town in campaign.towns]
    counts = pd.crosstab(places[0], places[1]).reindex(index=names, columns=list(Status), fill_value=0)
    totals: dict[str, list[Decimal]] = {name: [] for name in names}
    for row in communities:
        if row.total is not None:
            totals[row.community.town].append(row.total)
    rows = []
    for town, of_town in zip(campaign.towns, counts.to_numpy().tolist(), strict=True):
        denominator = rules.town_denominator(sum(of_town), town.urban_total)
        rows.append(
            TownRow(
                name=town.name,
                listed=sum(of_town),
                statuses=dict(zip(Status, of_town, strict=True)),
                denominator=denominator.communities,
                denominator_basis=denominator.basis,
                average=average(totals[town.name]),
            )
        )
    return tuple(rows)


def _county(campaign: Campaign, towns: Sequence[TownRow], communities: Sequence[CommunityRow]) -> CountyRow:
    statuses = {status: sum(town.statuses[status] for town in towns) for status in Status}
    listed = sum(town.listed for town in towns)
    denominator = rules.county_denominator(
        listed, (rules.Denominator(town.denominator, town.denominator_basis) for town in towns)
    )
    percent, passed = campaign.target_percent, statuses[Status.PASSED]
    met = None if percent is None else rules.target_met(passed, denominator.communities, percent)
    return CountyRow(
        listed=listed,
        statuses=statuses,
        denominator=denominator.communities,
        denominator_basis=denominator.basis,
        average=average([row.total for row in communities if row.total is not None]),
        target_percent=percent,
        target_met=met,
    )


def _criteria(
    campaign: Campaign, communities: Sequence[CommunityRow], scores: pd.DataFrame
) -> tuple[CriterionRow, ...]:
    names = pd.Series([row.community.name for row in communities])
    rows = []
    for criterion in campaign.criteria:
        column, full = scores[criterion.number], int(criterion.points * 100)
        scored, got = int(column.count()), int(column.sum())
        lost = full * scored - got
        rows.append(
            CriterionRow(
                criterion=criterion,
                scored=scored,
                average=got / scored / 100 if scored else None,
                lost=Decimal(lost) / 100,
                loss_rate=lost / (full * scored) if scored else None,
                losers=tuple(names[(column < full).fillna(False).to_numpy(dtype=bool)]),
            )
        )
    return tuple(rows)


def _losses(
    campaign: Campaign, communities: Sequence[CommunityRow], scores: pd.DataFrame
) -> tuple[LossRow, ...]:
    towns = {town.name: index for index, town in enumerate(campaign.towns)}
    full = {criterion.number: int(criterion.points * 100) for criterion in campaign.criteria}
    in_order = sorted(
        range(len(communities)),
        key=lambda row: (towns[communities[row].community.town], communities[row].community.number),
    )
    long = scores.reset_index(names="row").melt("row", var_name="number", value_name="score")
    long = long.dropna(subset="score").astype("int64")
    long["lost"] = long["number"].map(full) - long["score"]
    long["place"] = long["row"].map({row: place for place, row in enumerate(in_order)})
    lost = long[long["lost"] > 0].sort_values(["place", "lost", "number"], ascending=[True, False, True])
    return tuple(
        _loss(communities[row], campaign.criteria[number - 1])
        for row, number in lost[["row", "number"]].to_numpy().tolist()
    )


def _loss(row: CommunityRow, criterion: Criterion) -> LossRow:
    score = row.scores[criterion.number - 1] or Decimal(0)
    return LossRow(row.community, criterion, score, criterion.points - score)
