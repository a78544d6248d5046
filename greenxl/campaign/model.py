"""What a scoring round is about: the standard, the roster, the targets and who is concerned.

Frozen records only: :mod:`greenxl.campaign.tables` reads the tables that they come from, and
:mod:`greenxl.campaign.checks` makes a campaign of them.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from greenxl.campaign.settings import Settings
from greenxl.names import LONGEST_REMEMBERED, is_ordinal, key, one_line


class Basis(StrEnum):
    """What the denominator of a rate counts; the JSON document's words."""

    ROSTER = "roster"
    """The communities of the roster."""
    URBAN_TOTAL = "urban_total"
    """All urban communities."""


class Role(StrEnum):
    """Why somebody receives the report."""

    LEADERSHIP = "leadership"
    AUTHORITY = "authority"


ROLE_WORDS = {Role.LEADERSHIP: "领导", Role.AUTHORITY: "主管部门"}
"""As a clerk's table holds them."""


LEAST_SCORE = Decimal("0.01")
"""Above nothing: scores have two decimals at most."""
TOTAL_LABELS = ("合计", "总计", "总分", "合计得分")
"""What people type for the last row's label where they type the form by hand."""
SUBTOTAL_LABELS = ("小计", "分组合计", "本项合计")


def plain(value: Decimal | None) -> str:
    """Return a decimal without trailing zeros or exponent."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Kind(StrEnum):
    """What a criterion is for; a clerk's words."""

    SCORED = ""
    """Its points are part of the full mark."""
    BONUS = "加分"
    DEDUCTION = "扣分"
    """Typed positive, taken off the total."""
    CONDITION = "条件"
    """Fulfilled or not, without points."""


class Answer(StrEnum):
    """What may be typed in place of a score."""

    FULFILLED = "符合"
    UNFULFILLED = "不符合"
    NOT_APPLICABLE = "不适用"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the scores that a criterion may have."""

    word: str
    """What is typed; of a number, that."""
    score: Decimal

    @property
    def is_number(self) -> bool:
        return self.word == plain(self.score)


@dataclass(frozen=True, slots=True)
class Criterion:
    number: int
    """Ours: from 1 in the order of the standard."""
    group: int
    """Index of its group, from 0."""
    text: str
    points: Decimal
    """The most that it gives, or takes off; 0 of a condition."""
    label: str = ""
    """Its number as the form prints it: "7", "1.1", "C12"."""
    subgroup: str = ""
    """分项, the second level inside its group; "" where there is none."""
    method: str = ""
    """评分方法."""
    evidence: str = ""
    """佐证要求."""
    kind: Kind = Kind.SCORED
    veto: Decimal | None = None
    """A score below this fails the unit, of a condition (1) 不符合; None: none does."""
    choices: tuple[Choice, ...] = ()
    """All that may be typed, beside 不适用; () for any number up to the points."""
    not_applicable: bool = False
    """Whether 不适用 may be typed."""

    def __hash__(self) -> int:
        """Quick, so that what a score is worth is worked out once."""
        return hash(self.text)

    @property
    def printed_label(self) -> int | str:
        """What a form prints before it: its number, or its own label where that is another."""
        return self.number if self.label in ("", str(self.number)) else self.label

    @property
    def worded(self) -> bool:
        """Whether words stand for its scores."""
        return any(not choice.is_number for choice in self.choices)

    @property
    def name(self) -> str:
        """How texts call it: 第7条; 否1, where the form has words for numbers."""
        label = self.label or str(self.number)
        return f"第{label}条" if is_ordinal(label) else label


@dataclass(frozen=True)
class Group:
    name: str
    """As the form prints it, line breaks included."""
    departments: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    minimum: Decimal | None = None
    """Less in the group's scored criteria fails the unit."""
    lead: str = ""
    """The department that leads; "" where none is named."""

    @property
    def title(self) -> str:
        return one_line(self.name)

    @cached_property
    def scored(self) -> tuple[Criterion, ...]:
        """The criteria whose points are part of the full mark."""
        return tuple(c for c in self.criteria if c.kind is Kind.SCORED)

    @property
    def points(self) -> Decimal:
        return sum((c.points for c in self.scored), Decimal(0))


@dataclass(frozen=True, slots=True)
class Grade:
    """等次: a name for totals from ``least`` on."""

    name: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class Community:
    number: int
    town: str
    name: str
    pilot: bool
    aliases: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it in a campaign: the keys of its town and of its own name."""
        return key(self.town), key(self.name)


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    aliases: tuple[str, ...] = ()
    urban_total: int | None = None
    """How many urban communities the town has, the denominator that the plan asks for; None: unknown."""
    contact: str = ""
    email: str = ""
    county: str = ""
    """Of a campaign of several counties, its own; there every town has one."""


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    email: str
    role: Role


_MOST_USAGES = 256
"""Names whose meaning a campaign keeps."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Campaign(Settings):
    """The settings of a round (see :class:`Settings`) and what its other tables hold.

    What follows from one is kept by it, so that it is equal to itself alone; :meth:`contents` are compared.
    """

    deadline: date = field()
    """The one that is set, else 30 September of its year."""
    groups: tuple[Group, ...]
    towns: tuple[Town, ...]
    """In the order of reports, those of a county one after the other; every one has a community."""
    communities: tuple[Community, ...]
    """In roster order."""
    targets: tuple[tuple[int, int], ...]
    """(year, percent), by year."""
    recipients: tuple[Recipient, ...]
    grades: tuple[Grade, ...] = ()
    """By the least total, falling."""

    def contents(self) -> dict[str, object]:
        """Return all that its tables hold, by its fields."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @property
    def id(self) -> str:
        return f"{self.code}-{self.year}"

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(c for g in self.groups for c in g.criteria)

    @cached_property
    def scored(self) -> tuple[Criterion, ...]:
        """The criteria whose points are part of the full mark."""
        return self.of_kind(Kind.SCORED)

    def of_kind(self, kind: Kind) -> tuple[Criterion, ...]:
        return self._by_kind[kind]

    @cached_property
    def _by_kind(self) -> dict[Kind, tuple[Criterion, ...]]:
        return {kind: tuple(c for c in self.criteria if c.kind is kind) for kind in Kind}

    @cached_property
    def max_score(self) -> Decimal:
        return sum((c.points for c in self.scored), Decimal(0))

    @property
    def has_towns(self) -> bool:
        """Whether its units belong to anything; if not, each is a town of its own, of the same name."""
        return bool(self.parent)

    @cached_property
    def counties(self) -> tuple[str, ...]:
        """The counties to which its towns belong, in the order of reports; () where it is of one."""
        return tuple(dict.fromkeys(town.county for town in self.towns if town.county))

    def towns_of(self, county: str) -> tuple[Town, ...]:
        """Return the towns of a county, in the order of reports."""
        return self._towns_by_county.get(county, ())

    @cached_property
    def has_vetoes(self) -> bool:
        """Whether anything fails a unit whatever its total."""
        return any(c.veto is not None for c in self.criteria) or any(
            group.minimum is not None for group in self.groups
        )

    @cached_property
    def only_scores(self) -> bool:
        """Whether every criterion is scored by any number up to its points."""
        return all(c.kind is Kind.SCORED and not c.choices and not c.not_applicable for c in self.criteria)

    @cached_property
    def scaled(self) -> bool:
        """Whether a total may be out of the applicable points alone."""
        return any(c.not_applicable for c in self.scored)

    @property
    def score_headings(self) -> tuple[str, ...]:
        """The headings of the form's score columns, from left to right."""
        return self.score_columns or (self.labels.score,)

    @property
    def counting_heading(self) -> str:
        """The heading of the score column that counts, as the score columns have it."""
        counting = key(self.counting_column)
        return next((one for one in self.score_headings if key(one) == counting), self.score_headings[0])

    @property
    def has_levels(self) -> bool:
        """Whether a unit is scored in several columns, which can be compared."""
        return len(self.score_columns) > 1

    @property
    def target_percent(self) -> int | None:
        """The percent of its year, None where the plan sets none (clause 一, 创建目标)."""
        return dict(self.targets).get(self.year)

    @cached_property
    def standard_hash(self) -> str:
        """Sixteen hexadecimal digits that change with what is asked: group, criterion, points, answers."""
        facts = [
            [self.groups[c.group].title, c.number, c.text, f"{c.points.normalize():f}", *_further(c)]
            for c in self.criteria
        ]
        text = json.dumps(facts, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def communities_of(self, town: str) -> tuple[Community, ...]:
        return self._communities_by_town.get(town, ())

    def community_numbered(self, number: int | None) -> Community | None:
        return self._communities_by_number.get(number)

    def find_town(self, name: str) -> Town | None:
        """Return the town of that name or alias, however it is spaced."""
        return self._towns_by_key.get(key(name))

    def find_communities(self, name: str) -> tuple[Community, ...]:
        """Return the communities of that name or alias, in any town.

        Also of 「索镇-永安社区」, 「永安社区居委会」 and 「永安」, where no community is called just so.
        Where another thing is scored, with or without its word behind the name: 「永安」 and 「永安村」.
        """
        said = key(name)
        found = self._communities_by_key.get(said) or self._usages.get(said)
        if found is None:
            found = tuple(dict.fromkeys(self._by_usage(said)))
            if len(self._usages) >= _MOST_USAGES:
                self._usages.clear()
            if len(said) <= LONGEST_REMEMBERED:
                self._usages[said] = found
        return found

    @cached_property
    def _usages(self) -> dict[str, tuple[Community, ...]]:
        """What the last names meant that are nobody's own."""
        return {}

    @cached_property
    def _towns_by_key(self) -> dict[str, Town]:
        return {key(name): town for town in self.towns for name in (town.name, *town.aliases)}

    @cached_property
    def _towns_by_county(self) -> dict[str, tuple[Town, ...]]:
        found: dict[str, list[Town]] = {}
        for town in self.towns:
            found.setdefault(town.county, []).append(town)
        return {county: tuple(towns) for county, towns in found.items()}

    @cached_property
    def _communities_by_number(self) -> dict[int | None, Community]:
        return {community.number: community for community in self.communities}

    @cached_property
    def _communities_by_town(self) -> dict[str, tuple[Community, ...]]:
        found: dict[str, list[Community]] = {}
        for community in self.communities:
            found.setdefault(community.town, []).append(community)
        return {town: tuple(communities) for town, communities in found.items()}

    @cached_property
    def _communities_by_key(self) -> dict[str, tuple[Community, ...]]:
        found: dict[str, tuple[Community, ...]] = {}
        for community in self.communities:
            for name in _spellings(community):
                found[name] = (*found.get(name, ()), community)
        return found

    def _by_usage(self, said: str) -> Iterator[Community]:
        """Yield whom a name's key means that is nobody's own (see :meth:`find_communities`)."""
        place = re.sub(r"[\W_]+", "", said).removeprefix(key(self.county))
        if self.has_towns and place in self._towns_by_key:
            return
        yield from self._so_called(place)
        for end in range(1, min(len(place), self._longest_town) + 1):
            town = self._towns_by_key.get(place[:end])
            if town:
                yield from (c for c in self._so_called(place[end:]) if c.town == town.name)

    @cached_property
    def _longest_town(self) -> int:
        return max(map(len, self._towns_by_key), default=0)

    def _so_called(self, name: str) -> tuple[Community, ...]:
        word = key(self.unit)
        if word == "社区":
            name = re.sub("(?:居委会|居民委员会)$", "", name)
        elif name not in self._communities_by_key:
            name = name.removesuffix(word)
        longer = f"{name}{word}" if len(name) > 1 else ""
        return self._communities_by_key.get(name) or self._communities_by_key.get(longer, ())


def _further(criterion: Criterion) -> list[str]:
    """Return what else decides how a criterion is answered, nothing of one that is only scored."""
    choices = "、".join(f"{choice.word}={plain(choice.score)}" for choice in criterion.choices)
    veto = plain(criterion.veto)
    facts = {
        "kind": criterion.kind,
        "veto": veto,
        "choices": choices,
        "not_applicable": "是" * criterion.not_applicable,
    }
    return [f"{name}:{fact}" for name, fact in facts.items() if fact]


def _spellings(community: Community) -> Iterator[str]:
    yield from dict.fromkeys(key(name) for name in (community.name, *community.aliases))
