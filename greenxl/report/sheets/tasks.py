"""What units have to put right: lost points, conditions that are not fulfilled, vetoes, deductions. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from greenxl.campaign.model import Answer, Campaign, Community, Criterion, Group, Kind, plain
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CommunityRow, Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that a unit has to put right."""

    community: Community
    group: Group
    criterion: Criterion | None
    """None where it is the least score of a group."""
    answer: Decimal | Answer | None
    """As it was scored, of a group its sum."""
    lost: Decimal | None = None
    """Of the full mark; None of what is outside of it."""
    deducted: Decimal | None = None
    fails: str = ""
    """What of it fails the unit, whatever its total: 第9条不符合."""
    entries: Mapping[str, str]
    """What was filled in as text beside the criterion, by heading."""

    @property
    def amount(self) -> Decimal:
        """The points that it cost, of the full mark or taken off."""
        return self.lost or self.deducted or Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A criterion, or the least score of a group, and the units that have to put it right."""

    group: Group
    criterion: Criterion | None
    tasks: tuple[Task, ...]
    """Of all units, the worst first."""

    @property
    def lost(self) -> Decimal:
        """The points that its tasks are about."""
        return sum((task.amount for task in self.tasks), Decimal(0))

    @property
    def fails(self) -> int:
        """How many units it fails, whatever their total."""
        return sum(bool(task.fails) for task in self.tasks)


def tasks_of(campaign: Campaign, tables: Tables) -> list[Task]:
    """Return all tasks by town and community: what fails it, lost points from the most on, deductions."""
    towns = {town.name: place for place, town in enumerate(campaign.towns)}
    in_order = sorted(tables.communities, key=lambda row: (towns[row.community.town], row.community.number))
    return [task for row in in_order for task in _of_one(row, campaign)]


def matters(task: Task, row: CommunityRow, campaign: Campaign) -> bool:
    """Whether a task is worth a line: all of a unit that failed, of others what weighs enough."""
    criterion = task.criterion
    if row.status is Status.FAILED or task.fails or criterion is None or criterion.kind is Kind.CONDITION:
        return True
    return weighs(task, campaign)


def weighs(task: Task, campaign: Campaign) -> bool:
    """Whether so much of a criterion's points is lost that it matters in any unit."""
    criterion = task.criterion
    if criterion is None or criterion.kind is Kind.CONDITION:
        return False
    return task.amount * 100 >= campaign.notice_share * criterion.points


def short_of_passing(row: CommunityRow, campaign: Campaign) -> Decimal:
    """Return the points that a unit lacks by the total as it is shown; 0 where it has enough, or no total."""
    return max(Decimal(0), campaign.pass_score - row.total) if row.total is not None else Decimal(0)


def concerns_of(tasks: Iterable[Task], campaign: Campaign) -> list[Concern]:
    """Return what the tasks are about, in the order of the standard, a group's least score first."""
    about: dict[tuple[int, int], list[Task]] = {}
    for task in tasks:
        place = campaign.groups.index(task.group), task.criterion.number if task.criterion else 0
        about.setdefault(place, []).append(task)
    return [
        Concern(
            group=found[0].group,
            criterion=found[0].criterion,
            tasks=tuple(sorted(found, key=lambda task: task.amount, reverse=True)),
        )
        for _place, found in sorted(about.items())
    ]


def _of_one(row: CommunityRow, campaign: Campaign) -> Iterator[Task]:
    fails = {veto.criterion.number: veto.words for veto in row.vetoes if veto.criterion}
    for veto in row.vetoes:
        if veto.group:
            yield _least_score(row, veto.group, veto.words, campaign)
    for criterion in campaign.of_kind(Kind.CONDITION):
        if row.answers[criterion.number - 1] is Answer.UNFULFILLED:
            yield _task(row, campaign, criterion, fails)
    lost = (_task(row, campaign, one, fails) for one in campaign.scored if _loses(row, one))
    yield from sorted(lost, key=_most_lost_first)
    for criterion in campaign.of_kind(Kind.DEDUCTION):
        if row.answers[criterion.number - 1]:
            yield _task(row, campaign, criterion, fails)


def _loses(row: CommunityRow, criterion: Criterion) -> bool:
    answer = row.answers[criterion.number - 1]
    return isinstance(answer, Decimal) and answer < criterion.points


def _most_lost_first(task: Task) -> Decimal:
    return -task.amount


_NO_ENTRIES: Mapping[str, str] = {}


def _task(row: CommunityRow, campaign: Campaign, criterion: Criterion, fails: Mapping[int, str]) -> Task:
    index = criterion.number - 1
    answer = row.answers[index]
    number = answer if isinstance(answer, Decimal) else None
    scored, deducted = criterion.kind is Kind.SCORED, criterion.kind is Kind.DEDUCTION
    return Task(
        community=row.community,
        group=campaign.groups[criterion.group],
        criterion=criterion,
        answer=answer,
        lost=_less(criterion.points, number) if scored and number is not None else None,
        deducted=number if deducted else None,
        fails=fails.get(criterion.number, ""),
        entries={heading: texts[index] for heading, texts in row.entries.items()}
        if row.entries
        else _NO_ENTRIES,
    )


@lru_cache(maxsize=4096)
def _less(points: Decimal, number: Decimal) -> Decimal:
    """Return the difference, one object for all that lost the same."""
    return points - number


def _least_score(row: CommunityRow, group: Group, words: str, campaign: Campaign) -> Task:
    return Task(
        community=row.community,
        group=group,
        criterion=None,
        answer=row.subtotals[campaign.groups.index(group)],
        fails=words,
        entries=_NO_ENTRIES,
    )


def least_words(group: Group) -> str:
    """Return what the least score of a group asks for."""
    return f"本项得分不低于{plain(group.minimum)}分"
