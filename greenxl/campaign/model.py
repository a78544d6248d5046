"""What a scoring round is about: the standard, the roster, the targets and who is concerned.

Frozen records only: :mod:`greenxl.campaign.tables` reads the tables that they come from, and
:mod:`greenxl.campaign.checks` makes a campaign of them.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from greenxl.campaign.settings import Settings
from greenxl.names import key, one_line


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


TOTAL_LABELS = ("合计", "总计", "总分", "合计得分")
"""What people type for the last row's label where they type the form by hand."""
SUBTOTAL_LABELS = ("小计", "分组合计", "本项合计")


def plain(value: Decimal | None) -> str:
    """Return a decimal without trailing zeros or exponent."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Criterion:
    number: int
    group: int
    """Index of its group, from 0."""
    text: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    """As the form prints it, line breaks included."""
    departments: tuple[str, ...]
    criteria: tuple[Criterion, ...]

    @property
    def title(self) -> str:
        return one_line(self.name)

    @property
    def points(self) -> Decimal:
        return sum((c.points for c in self.criteria), Decimal(0))


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


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    email: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Campaign(Settings):
    """The settings of a round (see :class:`Settings`) and what its other tables hold."""

    deadline: date = field()
    """The one that is set, else 30 September of its year."""
    groups: tuple[Group, ...]
    towns: tuple[Town, ...]
    """In the order of reports; every one has a community."""
    communities: tuple[Community, ...]
    """In roster order."""
    targets: tuple[tuple[int, int], ...]
    """(year, percent), by year."""
    recipients: tuple[Recipient, ...]

    @property
    def id(self) -> str:
        return f"{self.code}-{self.year}"

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(c for g in self.groups for c in g.criteria)

    @cached_property
    def max_score(self) -> Decimal:
        return sum((c.points for c in self.criteria), Decimal(0))

    @property
    def target_percent(self) -> int | None:
        """The percent of its year, None where the plan sets none (clause 一, 创建目标)."""
        return dict(self.targets).get(self.year)

    @cached_property
    def standard_hash(self) -> str:
        """Sixteen hexadecimal digits that change with any group, criterion or points."""
        text = json.dumps(
            [
                [self.groups[c.group].title, c.number, c.text, f"{c.points.normalize():f}"]
                for c in self.criteria
            ],
            ensure_ascii=False,
        )
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
        """
        said = key(name)
        return self._communities_by_key.get(said) or tuple(dict.fromkeys(self._by_usage(said)))

    @cached_property
    def _towns_by_key(self) -> dict[str, Town]:
        return {key(name): town for town in self.towns for name in (town.name, *town.aliases)}

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
        place = re.sub(r"[\W_]+", "", said).removeprefix(key(self.county))
        if place in self._towns_by_key:
            return
        yield from self._so_called(place)
        for name, town in self._towns_by_key.items():
            if place.startswith(name):
                yield from (c for c in self._so_called(place.removeprefix(name)) if c.town == town.name)

    def _so_called(self, name: str) -> tuple[Community, ...]:
        bare = re.sub("(?:居委会|居民委员会)$", "", name)
        longer = f"{bare}社区" if len(bare) > 1 else ""
        return self._communities_by_key.get(bare) or self._communities_by_key.get(longer, ())


def _spellings(community: Community) -> Iterator[str]:
    yield from dict.fromkeys(key(name) for name in (community.name, *community.aliases))
