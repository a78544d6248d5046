"""Where a returned file came from: the town of its folder, and whether its name is that of a copy. Pure."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from greenxl.campaign.model import Campaign, Town
from greenxl.findings import Finding, finding
from greenxl.scoring.checking import Checked

_COPY = re.compile(r"[(（][0-9]{1,3}[)）]$|副本(?:[(（]?[0-9]{0,3}[)）]?)$|^副本|\bcopy$|^copy of\b", re.I)
"""How the names of copies end or begin: 「索镇(1).xlsx」, 「索镇 - 副本.xlsx」, 「Copy of 索镇.xlsx」."""


def is_copy(file: str) -> bool:
    """Whether a file is called as browsers and desktops call a second copy."""
    return bool(_COPY.search(PurePosixPath(file).stem.strip()))


def town_of_folder(file: str, campaign: Campaign) -> str | None:
    """Return the town that one of a file's folders is called after, by its name or its mail address."""
    folders = reversed(PurePosixPath(file).parts[:-1])
    towns = (campaign.find_town(folder) or _town_at(folder, campaign) for folder in folders)
    return next((town.name for town in towns if town), None)


def _town_at(address: str, campaign: Campaign) -> Town | None:
    """Return the town of a mail address, the last of several, None where it is no address of a town."""
    if "@" not in address:
        return None
    towns = (town for town in reversed(campaign.towns) if town.email)
    return next((town for town in towns if town.email.casefold() == address.casefold()), None)


def foreign(checked: Checked, campaign: Campaign) -> Iterator[Finding]:
    """Yield a warning where a community of one town came from the folder of another."""
    community, sheet = checked.community, checked.sheet
    town = town_of_folder(sheet.file, campaign)
    if community and town and town != community.town:
        told = finding("town-differs", sheet.file, sheet.sheet, found=town, owner=community.town)
        yield checked.located(told)
