"""What in a campaign may not be what was meant: warnings, none of which keeps it from being used."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from greenxl.campaign.model import Campaign, plain
from greenxl.campaign.schemas import SETTINGS_TABLE, TARGETS
from greenxl.findings import Finding, finding

EXAMPLE = "示例"
"""What every example of an empty campaign begins with."""

_AMOUNT = r"([0-9]+(?:\.[0-9]+)?)\s*分"
_PASS_MARK = re.compile(
    rf"(?:不得?)?(?:低于|少于|小于|达到|超过|高于|大于|达标分|[≥>]=?)[为是:]*\s*{_AMOUNT}|{_AMOUNT}\s*(?:\(含[^)]*\))?[及或]?以上"
)
"""How a note states the mark from which on the form passes."""


def warnings_of(campaign: Campaign) -> tuple[Finding, ...]:
    """Return the warnings about a campaign, each place by its Chinese title."""
    checks = (_examples, _deadline, _target, _note)
    return tuple(one for check in checks for one in check(campaign))


def _examples(campaign: Campaign) -> Iterator[Finding]:
    texts = (
        campaign.title,
        campaign.county,
        campaign.authority,
        *(group.title for group in campaign.groups),
        *(criterion.text for criterion in campaign.criteria),
        *(town.name for town in campaign.towns),
        *(community.name for community in campaign.communities),
    )
    left = [text for text in texts if text.startswith(EXAMPLE)]
    if left:
        yield finding("example-left", found=left)


def _deadline(campaign: Campaign) -> Iterator[Finding]:
    if campaign.deadline.year != campaign.year:
        day = campaign.deadline.isoformat()
        yield finding("deadline-other-year", SETTINGS_TABLE.title, found=day, year=campaign.year)


def _target(campaign: Campaign) -> Iterator[Finding]:
    """Find that the year has no target though others have; a campaign without any may be meant so."""
    if campaign.targets and campaign.target_percent is None:
        years = [str(year) for year, _percent in campaign.targets]
        yield finding("target-missing", TARGETS.title, found=years, year=campaign.year)


def _note(campaign: Campaign) -> Iterator[Finding]:
    stated = list(_PASS_MARK.finditer(unicodedata.normalize("NFKC", campaign.note)))
    marks = [Decimal(one[1] or one[2]) for one in stated]
    if marks and campaign.pass_score not in marks:
        said = [one[0] for one in stated]
        passing = plain(campaign.pass_score)
        yield finding("note-other-mark", SETTINGS_TABLE.title, found=said, passing=passing, braces="{达标分}")
