"""What counts, as records: communities, towns, county, criteria, lost points. Pure.

The records hold exact decimals. What is counted by criterion is counted by pandas
(:mod:`greenxl.scoring.frames`), when it is asked for: who prints a check needs none of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, overload

from greenxl.campaign import rules
from greenxl.campaign.model import Answer, Basis, Campaign, Community, Criterion
from greenxl.scoring.choosing import Choice, Status
from greenxl.scoring.score import Score

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRow:
    """What one community's return gives."""

    community: Community
    status: Status
    answers: tuple[Decimal | Answer | None, ...]
    """By criterion; None where there is none that can be accepted."""
    verdict: rules.Verdict
    """What they come to; without a total unless it passed or failed."""
    rank: int | None
    """From 1, the highest total first; equal totals share a rank, and what is vetoed has none."""
    file: str | None
    sheet: str | None
    columns: Mapping[str, tuple[Decimal | Answer | None, ...]]
    """Where the campaign has several score columns: the answers in each, by its name."""
    entries: Mapping[str, tuple[str, ...]]
    """By the campaign's columns of texts to fill in: what stands beside each criterion."""

    @property
    def scores(self) -> tuple[Decimal | None, ...]:
        """By criterion; None where there is no number that can be accepted."""
        return tuple([one if isinstance(one, Decimal) else None for one in self.answers])

    def score(self, number: int) -> Decimal | None:
        """Return the score of one criterion, None where there is no number that can be accepted."""
        answer = self.answers[number - 1]
        return answer if isinstance(answer, Decimal) else None

    @property
    def not_applicable(self) -> tuple[int, ...]:
        """The numbers of the criteria that do not apply."""
        return tuple(n for n, one in enumerate(self.answers, 1) if one is Answer.NOT_APPLICABLE)

    @property
    def subtotals(self) -> tuple[Decimal | None, ...]:
        """By group; None where a score of the group is missing, or it has none."""
        return self.verdict.subtotals

    @property
    def total(self) -> Decimal | None:
        """Where it passed or failed."""
        return self.verdict.total

    @property
    def bonus(self) -> Decimal | None:
        """At most the campaign's cap; None where it has none, or an answer is missing."""
        return self.verdict.bonus

    @property
    def deduction(self) -> Decimal | None:
        return self.verdict.deduction

    @property
    def vetoes(self) -> tuple[rules.Veto, ...]:
        """What fails it whatever its total."""
        return self.verdict.vetoes

    @property
    def grade(self) -> str | None:
        return self.verdict.grade

    @property
    def to_be_decided(self) -> bool:
        """Whether another score column is filled, but not the one that counts."""
        return self.status is Status.INCOMPLETE and all(one is None for one in self.answers)

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
    vetoed: int
    """How many of those that failed did so whatever their total."""
    grades: Mapping[str, int]
    """How many have each of the campaign's grades, the highest first."""

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
    county: str = ""
    """Of a campaign of several counties, its own."""


@dataclass(frozen=True)
class DistrictRow(Counts):
    """One county (县、市、区) of a campaign of several: its towns together."""

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
    entries: tuple[str, ...]
    """What was written beside it, in the order of the campaign's columns of texts to fill in."""


@dataclass(frozen=True, eq=False)
class Losses(Sequence[LossRow]):
    """The lost points of all communities: places in the tables, of which a row is made when it is asked for.

    There are a dozen of them for each community, and not every report lists them.
    """

    campaign: Campaign
    communities: Sequence[CommunityRow]
    places: "pd.DataFrame"
    """As :func:`greenxl.scoring.frames.lost_points` returns them."""

    @overload
    def __getitem__(self, index: int) -> LossRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[LossRow]: ...
    def __getitem__(self, index: int | slice) -> LossRow | list[LossRow]:
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        return self._loss(*self.places.iloc[index])

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[LossRow]:
        return (self._loss(row, number) for row, number in self.places.itertuples(index=False))

    def _loss(self, row: int, number: int) -> LossRow:
        community, criterion = self.communities[row], self.campaign.criteria[number - 1]
        score = community.score(number) or Decimal(0)
        return LossRow(
            community=community.community,
            criterion=criterion,
            score=score,
            lost=criterion.points - score,
            entries=tuple([texts[number - 1] for texts in community.entries.values()]),
        )


@dataclass(frozen=True)
class ByCriterion:
    """What is counted by criterion, when it is first asked for."""

    campaign: Campaign
    communities: Sequence[CommunityRow]

    @cached_property
    def criteria(self) -> tuple[CriterionRow, ...]:
        return tuple(map(self._criterion, self.campaign.scored))

    @cached_property
    def losses(self) -> Losses:
        from greenxl.scoring.frames import lost_points

        towns = {town.name: index for index, town in enumerate(self.campaign.towns)}
        keys = [(towns[row.community.town], row.community.number) for row in self.communities]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        places = lost_points(self._scores, self.campaign.scored, order)
        return Losses(self.campaign, self.communities, places)

    @cached_property
    def _scores(self) -> "pd.DataFrame":
        from greenxl.scoring.frames import hundredths

        scored = self.campaign.scored
        return hundredths(scored, ([row.score(one.number) for one in scored] for row in self.communities))

    def _criterion(self, criterion: Criterion) -> CriterionRow:
        from greenxl.scoring.frames import figures

        found, full = figures(self._scores, criterion), int(criterion.points * 100)
        lost = full * found.scored - found.got
        return CriterionRow(
            criterion=criterion,
            scored=found.scored,
            average=found.got / found.scored / 100 if found.scored else None,
            lost=Decimal(lost) / 100,
            loss_rate=lost / (full * found.scored) if found.scored else None,
            losers=tuple([self.communities[row].community.name for row in found.losers]),
        )


@dataclass(frozen=True)
class Tables:
    communities: tuple[CommunityRow, ...]
    """In roster order."""
    towns: tuple[TownRow, ...]
    """In the order of the campaign."""
    districts: tuple[DistrictRow, ...]
    """The counties of a campaign of several, in its order; () of any other."""
    county: CountyRow
    by_criterion: ByCriterion

    @property
    def criteria(self) -> tuple[CriterionRow, ...]:
        """Those whose points are part of the full mark, in the order of the standard."""
        return self.by_criterion.criteria

    @property
    def losses(self) -> Losses:
        """By town and community, the heaviest loss of a community first."""
        return self.by_criterion.losses

    @property
    def totals(self) -> list[Decimal]:
        """The totals of the communities that have one."""
        return [row.total for row in self.communities if row.total is not None]

    @property
    def unscored(self) -> bool:
        """Whether there is no score at all that was accepted."""
        return all(one is None for row in self.communities for one in row.answers)

    @property
    def towns_without_total(self) -> list[str]:
        """The towns whose denominator is the roster, for want of their number of urban communities."""
        return [town.name for town in self.towns if town.denominator_basis == Basis.ROSTER]


def build(campaign: Campaign, choices: Sequence[Choice]) -> Tables:
    """Return the tables of a round; ``choices`` has one choice per community, in roster order."""
    communities = _communities(campaign, choices)
    towns = _towns(campaign, communities)
    return Tables(
        communities=communities,
        towns=towns,
        districts=_districts(campaign, towns, communities),
        county=_county(campaign, towns, communities),
        by_criterion=ByCriterion(campaign, communities),
    )


def average(values: Sequence[Decimal]) -> Decimal | None:
    """Return the average as ROUND(AVERAGE(…), 2) gives it, None where there is nothing to average."""
    if not values:
        return None
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _communities(campaign: Campaign, choices: Sequence[Choice]) -> tuple[CommunityRow, ...]:
    nothing = (None,) * len(campaign.criteria)
    answers = [_answers(one.chosen.scores) if one.chosen else nothing for one in choices]
    unknown = rules.judge(nothing, campaign)
    verdicts = [one.chosen.verdict if one.chosen else unknown for one in choices]
    ranks = rules.ranks(None if verdict.vetoes else verdict.total for verdict in verdicts)
    return tuple(
        _community(choice, of_one, verdict, rank)
        for choice, of_one, verdict, rank in zip(choices, answers, verdicts, ranks, strict=True)
    )


def _answers(scores: Iterable[Score]) -> tuple[Decimal | Answer | None, ...]:
    return tuple([score.value for score in scores])


def _community(
    choice: Choice, answers: tuple[Decimal | Answer | None, ...], verdict: rules.Verdict, rank: int | None
) -> CommunityRow:
    chosen = choice.chosen
    return CommunityRow(
        community=choice.community,
        status=choice.status,
        answers=answers,
        verdict=verdict,
        rank=rank,
        file=chosen.sheet.file if chosen else None,
        sheet=chosen.sheet.sheet if chosen else None,
        columns={name: _answers(scores) for name, scores in chosen.columns.items()} if chosen else {},
        entries=chosen.entries if chosen else {},
    )


def _towns(campaign: Campaign, communities: Sequence[CommunityRow]) -> tuple[TownRow, ...]:
    by_town: dict[str, list[CommunityRow]] = {town.name: [] for town in campaign.towns}
    for row in communities:
        by_town[row.community.town].append(row)
    rows = []
    for town in campaign.towns:
        of_town = by_town[town.name]
        counts = Counter(row.status for row in of_town)
        denominator = rules.town_denominator(len(of_town), town.urban_total)
        rows.append(
            TownRow(
                name=town.name,
                county=town.county,
                listed=len(of_town),
                statuses={status: counts[status] for status in Status},
                denominator=denominator.communities,
                denominator_basis=denominator.basis,
                average=_average(of_town),
                vetoed=_vetoed(of_town),
                grades=_grades(campaign, of_town),
            )
        )
    return tuple(rows)


def _average(rows: Iterable[CommunityRow]) -> Decimal | None:
    return average([row.total for row in rows if row.total is not None])


def _vetoed(rows: Iterable[CommunityRow]) -> int:
    return sum(bool(row.vetoes) for row in rows)


def _grades(campaign: Campaign, rows: Iterable[CommunityRow]) -> dict[str, int]:
    counts = Counter(row.grade for row in rows)
    return {grade.name: counts[grade.name] for grade in campaign.grades}


def _districts(
    campaign: Campaign, towns: Sequence[TownRow], communities: Sequence[CommunityRow]
) -> tuple[DistrictRow, ...]:
    if not campaign.counties:
        return ()
    county_of = {town.name: town.county for town in towns}
    own_towns: dict[str, list[TownRow]] = {name: [] for name in campaign.counties}
    own: dict[str, list[CommunityRow]] = {name: [] for name in campaign.counties}
    for town in towns:
        own_towns[town.county].append(town)
    for row in communities:
        own[county_of[row.community.town]].append(row)
    return tuple(
        DistrictRow(**vars(_together(campaign, own_towns[name], own[name])), name=name)
        for name in campaign.counties
    )


def _county(campaign: Campaign, towns: Sequence[TownRow], communities: Sequence[CommunityRow]) -> CountyRow:
    together, percent = _together(campaign, towns, communities), campaign.target_percent
    met = None if percent is None else rules.target_met(together.passed, together.denominator, percent)
    return CountyRow(**vars(together), target_percent=percent, target_met=met)


def _together(campaign: Campaign, towns: Sequence[TownRow], communities: Sequence[CommunityRow]) -> Counts:
    """Return the counts of several towns, whose communities these are."""
    listed = sum(town.listed for town in towns)
    denominator = rules.county_denominator(
        listed, (rules.Denominator(town.denominator, town.denominator_basis) for town in towns)
    )
    return Counts(
        listed=listed,
        statuses={status: sum(town.statuses[status] for town in towns) for status in Status},
        denominator=denominator.communities,
        denominator_basis=denominator.basis,
        average=_average(communities),
        vetoed=_vetoed(communities),
        grades=_grades(campaign, communities),
    )
