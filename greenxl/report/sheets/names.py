"""Lists of units in words, as the first page has them: by town, or by how near they are to passing. Pure.

``room`` is always how many characters of a column's width a list may take, two for a Chinese one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from greenxl.campaign.model import Campaign, plain
from greenxl.campaign.rules import TO_BE_DECIDED
from greenxl.names import joined
from greenxl.report.layout import scores_sheet
from greenxl.report.sheets.score_table import VETO
from greenxl.report.sheets.tasks import short_of_passing
from greenxl.report.sheets.towns import part_word, shows_counties
from greenxl.report.style import shortened
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import CommunityRow, Tables
from greenxl.scoring.vocabulary import status_words
from greenxl.xlsx import text_width

_MOST_VETOES = 3
"""Reasons that are named beside a unit's name."""


def nearest_first(rows: Iterable[CommunityRow]) -> list[CommunityRow]:
    """Return the units that failed, the highest total first; those that are vetoed come after all others."""
    failed = (row for row in rows if row.status is Status.FAILED)
    return sorted(failed, key=lambda row: (bool(row.vetoes), -(row.total or 0)))


def failed_words(campaign: Campaign, tables: Tables, room: float) -> str:
    """Return who failed and what is missing to pass: 西镇社区 78.5，差1.5.

    Where not all fit, the first that do, how many there are, and where they all are.
    """
    items = [_missed(row, campaign) for row in nearest_first(tables.communities)]
    return _as_many_as_fit(items, room, f"共{len(items)}个，见“{scores_sheet(campaign)}”")


def _as_many_as_fit(items: Sequence[str], room: float, rest: str) -> str:
    if _joined_width(items) <= room:
        return "；".join(items)
    shown: list[str] = []
    for item in items:
        if _joined_width([*shown, item, rest]) > room:
            break
        shown.append(item)
    return "；".join([*shown, rest])


def _joined_width(items: Sequence[str]) -> int:
    return sum(map(text_width, items)) + text_width("；") * (len(items) - 1)


def _missed(row: CommunityRow, campaign: Campaign) -> str:
    name, total = _full_name(row, campaign), plain(row.total)
    if row.vetoes:
        words = [veto.words for veto in row.vetoes]
        more = f"等{len(words)}项" if len(words) > _MOST_VETOES else ""
        return f"{name} {total}，{VETO}：{'、'.join(words[:_MOST_VETOES])}{more}"
    missed = short_of_passing(row, campaign)
    # A total that is scaled is shown rounded: it may look like the pass mark.
    return f"{name} {total}，" + (f"差{plain(missed)}" if missed else "差不足0.01")


def _full_name(row: CommunityRow, campaign: Campaign) -> str:
    """Return a unit's name after that of its town, where there are several."""
    one = row.community
    alone = not _has_several_towns(campaign) or one.name.startswith(one.town)
    return one.name if alone else joined(one.town, one.name)


def _has_several_towns(campaign: Campaign) -> bool:
    return campaign.has_towns and len(campaign.towns) > 1


def of_status(campaign: Campaign, tables: Tables, status: Status, room: float) -> str:
    """Return the units of a status by town: 城区街道：玫瑰城社区、宝龙社区；果里镇全部未报送（1个）.

    By county where the page shows counties.

    Where the names do not fit, how many there are in each town; where those do not, in as many as fit.
    """
    rows = [row for row in tables.communities if row.status is status]
    everywhere = f"名单见“{scores_sheet(campaign)}”"
    if not _has_several_towns(campaign):
        return shortened([_named(row) for row in rows], room, everywhere)
    if status is Status.MISSING and len(rows) == tables.county.listed:
        return f"各{part_word(campaign)}全部{status_words(campaign)[status]}"
    by_town = _by_town(campaign, rows)
    whole = _whole_towns(campaign, by_town) if status is Status.MISSING else {}
    opening = [_all_missing(campaign, whole, room / 2)] if whole else []
    others = {town: names for town, names in by_town.items() if town not in whole}
    words = "；".join([*opening, *(f"{town}：{'、'.join(names)}" for town, names in others.items())])
    if text_width(words) <= room:
        return words
    falling = sorted(others, key=lambda town: len(others[town]), reverse=True)
    left = room - text_width("；".join([*opening, ""]))
    counted = shortened([f"{town}{len(others[town])}个" for town in falling], left, everywhere)
    return "；".join([*opening, counted if everywhere in counted else f"{counted}，{everywhere}"])


def _all_missing(campaign: Campaign, whole: Mapping[str, int], room: float) -> str:
    """Return that of these towns nothing at all came; how many towns they are where not all fit."""
    word, units = status_words(campaign)[Status.MISSING], sum(whole.values())
    if len(whole) == 1:
        return f"{''.join(whole)}全部{word}（{units}个）"
    named = f"{'、'.join(whole)}全部{word}（共{units}个）"
    return (
        named
        if text_width(named) <= room
        else f"{len(whole)}个{part_word(campaign)}全部{word}（共{units}个）"
    )


def _by_town(campaign: Campaign, rows: Sequence[CommunityRow]) -> dict[str, list[str]]:
    """Return the names of each town, or county, that has any."""
    if not shows_counties(campaign):
        return _grouped((row.community.town, _named(row)) for row in _by_towns(campaign, rows))
    county_of = {town.name: town.county for town in campaign.towns}
    return _grouped(
        (county, f"{row.community.town.removeprefix(county)}{_named(row)}")
        for row in _by_towns(campaign, rows)
        if (county := county_of[row.community.town])
    )


def _by_towns(campaign: Campaign, rows: Sequence[CommunityRow]) -> list[CommunityRow]:
    """Return the rows in the order of the campaign's towns."""
    places = {town.name: place for place, town in enumerate(campaign.towns)}
    return sorted(rows, key=lambda row: places[row.community.town])


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, name in pairs:
        found.setdefault(place, []).append(name)
    return found


def _whole_towns(campaign: Campaign, by_town: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the towns, or counties, of which every unit is there, and how many these are."""
    counts = {town: len(names) for town, names in by_town.items()}
    return {town: n for town, n in counts.items() if n == _units_in(campaign, town)}


def _units_in(campaign: Campaign, place: str) -> int:
    """Return how many units a town has, or a county where the page shows counties."""
    if not shows_counties(campaign):
        return len(campaign.communities_of(place))
    return sum(len(campaign.communities_of(town.name)) for town in campaign.towns_of(place))


def _named(row: CommunityRow) -> str:
    return f"{row.community.name}（{TO_BE_DECIDED}）" if row.to_be_decided else row.community.name


def pilot_words(campaign: Campaign, pilots: Sequence[CommunityRow], room: float) -> str:
    """Return how each pilot did; where not all fit, those that have not passed, and how many others have."""
    statuses = status_words(campaign)

    def did(row: CommunityRow) -> str:
        total = "" if row.total is None else f"{plain(row.total)}，"
        return f"{_full_name(row, campaign)} {total}{statuses[row.status]}"

    every = "；".join(map(did, pilots))
    if text_width(every) <= room:
        return every
    others = [row for row in pilots if row.status is not Status.PASSED]
    passed = f"{'其余' if others else ''}{len(pilots) - len(others)}个{statuses[Status.PASSED]}"
    words = "；".join([*map(did, others), passed])
    if text_width(words) <= room:
        return words
    counts = Counter(statuses[row.status] for row in pilots)
    shown = "、".join(f"{word}{counts[word]}个" for word in statuses.values() if counts[word])
    return f"{shown}，名单见“{scores_sheet(campaign)}”"


def named_in(names: Sequence[str], room: float) -> str:
    """Return the names that fit, and how many there are if not all do: 县民政局、县公安局等6个."""
    if text_width("、".join(names)) <= room:
        return "、".join(names)
    rest, shown = f"等{len(names)}个", list(names)
    while len(shown) > 1 and text_width("、".join(shown) + rest) > room:
        shown.pop()
    return "、".join(shown) + rest
