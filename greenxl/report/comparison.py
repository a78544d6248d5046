"""An earlier consolidated workbook as data, and what changed since, round on round or year on year. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from greenxl.campaign.model import Campaign, Community
from greenxl.names import key
from greenxl.scoring.choosing import Choice, Status


@dataclass(frozen=True, slots=True)
class Earlier:
    """A community in an earlier workbook."""

    town: str
    community: str
    status: Status
    total: Decimal | None
    scores: Mapping[int, Decimal] = field(default_factory=dict)
    """Accepted scores by the number of the criterion at that time."""


@dataclass(frozen=True, slots=True)
class Previous:
    """An earlier consolidated workbook."""

    file: str
    as_of: str
    """The day of its data as its first page states it, empty where it does not."""
    max_score: Decimal | None
    criteria: Mapping[str, int]
    """Number of each criterion at that time, by the key of its text."""
    communities: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A community then and now."""

    community: Community
    then: Earlier | None
    """None where it was not listed."""
    now: Status
    total: Decimal | None
    difference: Decimal | None
    """Of the totals, where both are known and out of the same full score."""
    scores: Mapping[int, Decimal]
    """The earlier score of each of today's criteria that was asked then in the same words."""

    @property
    def is_change(self) -> bool:
        """Whether its status or its total is another than then, or it was not listed."""
        return self.then is None or (self.then.status, self.then.total) != (self.now, self.total)

    @property
    def newly_returned(self) -> bool:
        return self.now != Status.MISSING and (self.then is None or self.then.status == Status.MISSING)

    @property
    def withdrawn(self) -> bool:
        return self.now == Status.MISSING and self.then is not None and self.then.status != Status.MISSING

    @property
    def newly_passed(self) -> bool:
        return self.now == Status.PASSED and (self.then is None or self.then.status != Status.PASSED)

    @property
    def fallen(self) -> bool:
        return self.now != Status.PASSED and self.then is not None and self.then.status == Status.PASSED


def tally(changes: Sequence[Change]) -> dict[str, int]:
    """Return how many communities newly returned, newly passed and fell below, by the words of the JSON."""
    return {
        "newly_returned": sum(change.newly_returned for change in changes),
        "newly_passed": sum(change.newly_passed for change in changes),
        "fallen": sum(change.fallen for change in changes),
    }


def has_common_community(previous: Previous, campaign: Campaign) -> bool:
    """Whether any community of an earlier workbook is in the roster."""
    return any(_today(earlier, campaign) for earlier in previous.communities)


def compare(previous: Previous, campaign: Campaign, choices: Sequence[Choice]) -> tuple[Change, ...]:
    """Return how each community of the roster compares with the earlier workbook, in roster order."""
    then = _then(previous, campaign)
    return tuple(_change(then.get(c.community), c, previous, campaign) for c in choices)


def _then(previous: Previous, campaign: Campaign) -> dict[Community, Earlier]:
    """Return each community of the roster that the earlier workbook has, as it was then."""
    found: dict[Community, Earlier] = {}
    for earlier in previous.communities:
        today, town = _today(earlier, campaign), campaign.find_town(earlier.town)
        if len(today) == 1 and (today[0] not in found or (town and town.name == today[0].town)):
            found[today[0]] = earlier
    return found


def _today(earlier: Earlier, campaign: Campaign) -> tuple[Community, ...]:
    """Return the communities of its name, those of its own town alone where there are any."""
    matches, town = campaign.find_communities(earlier.community), campaign.find_town(earlier.town)
    return tuple(c for c in matches if town and c.town == town.name) or matches


def departed(previous: Previous, campaign: Campaign) -> tuple[str, ...]:
    """Return the communities that were listed then and are no more."""
    found = {(earlier.town, earlier.community) for earlier in _then(previous, campaign).values()}
    return tuple(
        earlier.community
        for earlier in previous.communities
        if len(_today(earlier, campaign)) < 2 and (earlier.town, earlier.community) not in found
    )


def _change(then: Earlier | None, choice: Choice, previous: Previous, campaign: Campaign) -> Change:
    total = choice.chosen.total if choice.chosen and choice.status in (Status.PASSED, Status.FAILED) else None
    difference = None
    if then and then.total is not None and total is not None and previous.max_score == campaign.max_score:
        difference = total - then.total
    return Change(
        community=choice.community,
        then=then,
        now=choice.status,
        total=total,
        difference=difference,
        scores=_then_by_number(then, previous, campaign),
    )


def _then_by_number(then: Earlier | None, previous: Previous, campaign: Campaign) -> dict[int, Decimal]:
    if then is None:
        return {}
    numbers = {c.number: previous.criteria.get(key(c.text)) for c in campaign.criteria}
    return {
        number: then.scores[old] for number, old in numbers.items() if old is not None and old in then.scores
    }
