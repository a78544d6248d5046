"""Which community of the roster a score sheet is for, by every name that it bears. Pure."""

import difflib
import re
from dataclasses import dataclass
from functools import partial

from greenxl.campaign.model import Campaign, Community
from greenxl.findings import Finding, finding
from greenxl.names import key
from greenxl.returns.model import ScoreSheet
from greenxl.workbooks.cells import Cell

_COUNTED = re.compile(r"^[0-9]+[.、_ -]*|\s*[(（][0-9]+[)）]$")
"""What Excel puts behind the name of a copied sheet, and people before it."""


@dataclass(frozen=True, slots=True)
class _Names:
    """What a sheet's names mean in the roster."""

    town: str | None
    """The town that its workbook is from."""
    label: Cell | None
    """The name that stands beside 社区名称."""
    by_label: tuple[Community, ...]
    otherwise: tuple[Community, ...]
    """By the name of the sheet, else the community that the sheet was distributed for."""

    @property
    def meant(self) -> tuple[Community, ...]:
        return self.by_label if self.label else self.otherwise


def identify(sheet: ScoreSheet, campaign: Campaign) -> tuple[Community | None, list[Finding]]:
    """Return the community of a sheet and what is found about its names; None where it is not plain.

    The name on the sheet decides, else the name of the sheet, else the community it was distributed for.
    """
    town, findings = _town(sheet, campaign)
    names = _names(sheet, town, campaign)
    problem = _problem(sheet, names, campaign)
    if problem:
        return None, [*findings, problem]
    [community] = names.meant
    return community, [*findings, *_renamed(sheet, community)]


def _town(sheet: ScoreSheet, campaign: Campaign) -> tuple[str | None, list[Finding]]:
    """Return the town that the workbook is from: by its identity, else by the name on the sheet."""
    issued = campaign.find_town(sheet.identity.town) if sheet.identity else None
    if issued:
        return issued.name, []
    label = _name_in(sheet.town)
    if label is None:
        return None, []
    town = campaign.find_town(str(label.value))
    if town is None:
        return None, [finding("town-unknown", sheet.file, sheet.sheet, label.address, str(label.value))]
    return town.name, []


def _names(sheet: ScoreSheet, town: str | None, campaign: Campaign) -> _Names:
    label = _name_in(sheet.community)
    titled = _called(sheet.sheet, town, campaign) or _called(_COUNTED.sub("", sheet.sheet), town, campaign)
    number = sheet.identity.sheets.get(sheet.sheet) if sheet.identity else None
    issued = campaign.community_numbered(number)
    return _Names(
        town=town,
        label=label,
        by_label=_called(str(label.value), town, campaign) if label else (),
        otherwise=titled or ((issued,) if issued else ()),
    )


def _name_in(cell: Cell | None) -> Cell | None:
    """Return the cell if it holds a name."""
    return cell if cell and isinstance(cell.value, str) and key(cell.value) else None


def _called(name: str, town: str | None, campaign: Campaign) -> tuple[Community, ...]:
    """Return the communities of that name, those of the town alone where it has any."""
    matches = campaign.find_communities(name)
    return tuple(c for c in matches if c.town == town) or matches


def _problem(sheet: ScoreSheet, names: _Names, campaign: Campaign) -> Finding | None:
    """Return why the sheet counts for no community, None where exactly one is meant."""
    name = str(names.label.value) if names.label else sheet.sheet
    cell = names.label.address if names.label else ""
    about = partial(finding, file=sheet.file, sheet=sheet.sheet, cell=cell, found=name)
    if not names.meant and names.label is None:
        return finding("community-unnamed", sheet.file, sheet.sheet)
    if not names.meant:
        return about("community-unknown", nearest=_nearest(name, names.town, campaign))
    if len(names.meant) > 1:
        return about("community-ambiguous", towns="、".join(c.town for c in names.meant))
    [community] = names.meant
    if campaign.has_towns and names.town and community.town != names.town:
        return about("community-other-town", owner=community.town, town=names.town)
    if sheet.named_too:
        return about("community-twice", other=sheet.named_too[0].value)
    if names.otherwise and community not in names.otherwise:
        return about("community-label-differs", wanted=names.otherwise[0].name)
    return None


def _nearest(name: str, town: str | None, campaign: Campaign) -> str:
    """Return the names of the town's communities that are most like this one, else its first five."""
    names = [c.name for c in (campaign.communities if town is None else campaign.communities_of(town))]
    return "、".join(difflib.get_close_matches(name, names, n=3, cutoff=0.5) or [*names[:5], "…"])


def _renamed(sheet: ScoreSheet, community: Community) -> list[Finding]:
    """Return a note where the workbook was distributed with another name of the community's sheet."""
    issued = sheet.identity.sheets if sheet.identity else {}
    if sheet.sheet in issued:
        return []
    wanted = [name for name, number in issued.items() if number == community.number]
    return [finding("sheet-renamed", sheet.file, sheet.sheet, wanted=name) for name in wanted]
