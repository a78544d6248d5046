"""What in a campaign may not be what was meant: warnings, none of which keeps it from being used."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from greenxl.campaign.model import Campaign, Kind, plain
from greenxl.campaign.schemas import GRADES, ROSTER, SETTINGS_TABLE, STANDARD, TARGETS, TOWNS, Schema
from greenxl.findings import Finding, finding

EXAMPLE = "示例"
"""What every example of an empty campaign begins with."""
_EXAMPLE_CODE = "shili"

_AMOUNT = r"([0-9]+(?:\.[0-9]+)?)\s*分"
_PASS_MARK = re.compile(
    rf"(?:不得?)?(?:低于|少于|小于|达到|超过|高于|大于|达标分|[≥>]=?)[为是:]*\s*{_AMOUNT}|{_AMOUNT}\s*(?:\(含[^)]*\))?[及或]?以上"
)
"""How a note states the mark from which on the form passes."""


def warnings_of(campaign: Campaign) -> tuple[Finding, ...]:
    """Return the warnings about a campaign, each place by its Chinese title."""
    checks = (_examples, _deadline, _target, _note, _conditions, _grades)
    return tuple(one for check in checks for one in check(campaign))


def _examples(campaign: Campaign) -> Iterator[Finding]:
    """Find in which tables anything begins as the examples do."""
    texts: dict[Schema[Any], Sequence[str]] = {
        SETTINGS_TABLE: (campaign.title, campaign.county, campaign.authority, campaign.code),
        STANDARD: [text for g in campaign.groups for text in (g.title, *(c.text for c in g.criteria))],
        ROSTER: [community.name for community in campaign.communities],
        TOWNS: [town.name for town in campaign.towns if campaign.has_towns],
    }
    left = [table.title for table, found in texts.items() if any(map(_is_example, found))]
    if left:
        yield finding("example-left", found=left)


def _is_example(text: str) -> bool:
    return text.startswith(EXAMPLE) or text == _EXAMPLE_CODE


def _deadline(campaign: Campaign) -> Iterator[Finding]:
    if campaign.deadline.year != campaign.year:
        day = campaign.deadline.isoformat()
        yield finding("deadline-other-year", SETTINGS_TABLE.title, found=day, year=campaign.year)


def _target(campaign: Campaign) -> Iterator[Finding]:
    """Find that the year has no target though others have; a campaign without any may be meant so."""
    if campaign.targets and campaign.target_percent is None:
        years = [str(year) for year, _percent in campaign.targets]
        yield finding("target-missing", TARGETS.title, found=years, year=campaign.year)


def _conditions(campaign: Campaign) -> Iterator[Finding]:
    """Find conditions of which 不符合 has no consequence."""
    idle = [c.name for c in campaign.of_kind(Kind.CONDITION) if c.veto is None]
    if idle:
        yield finding("condition-without-veto", STANDARD.title, found=idle)


def _grades(campaign: Campaign) -> Iterator[Finding]:
    """Find grades that are called as passing or failing is, which is something else."""
    both = [grade.name for grade in campaign.grades if grade.name in campaign.pass_words]
    if both:
        yield finding("grade-pass-word", GRADES.title, found=both)


def _note(campaign: Campaign) -> Iterator[Finding]:
    stated = list(_PASS_MARK.finditer(unicodedata.normalize("NFKC", campaign.note)))
    marks = [Decimal(one[1] or one[2]) for one in stated]
    if marks and campaign.pass_score not in marks:
        said = [one[0] for one in stated]
        passing = plain(campaign.pass_score)
        yield finding("note-other-mark", SETTINGS_TABLE.title, found=said, passing=passing, braces="{达标分}")
