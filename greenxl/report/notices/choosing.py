"""What a notice holds: how far each unit is from passing, and which of its tasks matter. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from greenxl.campaign.model import Campaign, plain
from greenxl.names import key
from greenxl.report.sheets.columns import departments_in
from greenxl.report.sheets.tasks import Concern, Task, concerns_of, matters, short_of_passing, tasks_of
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CommunityRow, Tables

_WANTED = {
    Status.INCOMPLETE: "请补填后重新报送",
    Status.INVALID: "请更正后重新报送",
    Status.CONFLICT: "请确认以哪一份为准",
    Status.MISSING: "请尽快报送",
}
"""Of a unit without a verdict."""
_CLEAR = "无重点失分"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNotice:
    """What a unit has to do."""

    row: CommunityRow
    wanted: str
    """What is missing to pass, in words; that nothing is, where it passed."""
    tasks: tuple[Task, ...]
    """Those that matter: what fails it, then the worst losses first."""

    @property
    def is_clear(self) -> bool:
        """Whether it passed and has nothing to put right that matters."""
        return self.row.status is Status.PASSED and not self.tasks

    @property
    def lost(self) -> Decimal:
        """The points that its tasks are about."""
        return sum((task.lost or Decimal(0) for task in self.tasks), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class TownNotice:
    """What a town has to do."""

    town: str
    units: tuple[UnitNotice, ...]
    """All of its units, in the order of the roster."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for unit in self.units for task in unit.tasks)

    @property
    def is_clear(self) -> bool:
        """Whether no notice is needed."""
        return all(unit.is_clear for unit in self.units)

    @property
    def returned_nothing(self) -> bool:
        return all(unit.row.status is Status.MISSING for unit in self.units)

    @property
    def is_unit(self) -> bool:
        """Whether it is its only unit itself."""
        return [key(unit.row.community.name) for unit in self.units] == [key(self.town)]

    @property
    def statuses(self) -> Mapping[Status, int]:
        """How many units there are of each status that one has."""
        found = Counter(unit.row.status for unit in self.units)
        return {status: found[status] for status in Status if found[status]}


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentNotice:
    department: str
    concerns: tuple[Concern, ...]
    """What fails units first, then by what is lost."""

    def leads(self, concern: Concern) -> bool:
        return concern.group.lead == self.department


def town_notices(campaign: Campaign, tables: Tables) -> list[TownNotice]:
    """Return what each town has to do, in the order of the campaign; also of one that has nothing to do."""
    tasks: dict[tuple[str, str], list[Task]] = {}
    for task in tasks_of(campaign, tables):
        tasks.setdefault(task.community.key, []).append(task)
    units: dict[str, list[UnitNotice]] = {town.name: [] for town in campaign.towns}
    for row in tables.communities:
        own = tasks.get(row.community.key, ())
        units[row.community.town].append(_unit(campaign, row, own))
    return [TownNotice(town=town, units=tuple(of_town)) for town, of_town in units.items()]


def department_notices(campaign: Campaign, towns: Iterable[TownNotice]) -> list[DepartmentNotice]:
    """Return what each department must see to; those that need not see to anything are left out."""
    concerns = _concerns(campaign, towns)
    names = dict.fromkeys(name for group in campaign.groups for name in departments_in(group))
    found = (
        DepartmentNotice(
            department=name,
            concerns=tuple(one for one in concerns if name in departments_in(one.group)),
        )
        for name in names
    )
    return [one for one in found if one.concerns]


def _unit(campaign: Campaign, row: CommunityRow, tasks: Iterable[Task]) -> UnitNotice:
    matter = tuple(task for task in tasks if matters(task, row, campaign))
    return UnitNotice(row=row, tasks=matter, wanted=_wanted(campaign, row, len(matter)))


def _wanted(campaign: Campaign, row: CommunityRow, tasks: int) -> str:
    if row.status is Status.PASSED:
        return f"重点失分{tasks}处" if tasks else _CLEAR
    return _WANTED.get(row.status) or "；".join(_missing_to_pass(campaign, row))


def _missing_to_pass(campaign: Campaign, row: CommunityRow) -> Iterator[str]:
    """Yield what a unit that failed lacks: 否决：第7条0分, 差1.5分."""
    if row.vetoes:
        yield f"否决：{row.verdict.veto_words}"
    short = short_of_passing(row, campaign)
    if short:
        yield f"差{plain(short)}分"
    elif not row.vetoes:  # the exact total is less than the one that is shown
        yield "差不足0.01分"


def _concerns(campaign: Campaign, towns: Iterable[TownNotice]) -> list[Concern]:
    concerns = concerns_of((task for town in towns for task in town.tasks), campaign)
    return sorted(concerns, key=lambda one: (one.fails, one.lost, len(one.tasks)), reverse=True)
