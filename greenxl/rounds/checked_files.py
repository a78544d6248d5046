"""Returned files to checked sheets: what a worker process makes of one file, and that of all in their order.

Files are read and checked where they are read, so that the parent receives what counts and not every cell.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from greenxl.campaign import rules
from greenxl.campaign.model import Campaign
from greenxl.returns.intake import Source
from greenxl.returns.model import ScoreSheet
from greenxl.returns.pool import process_all
from greenxl.returns.reader import Reading
from greenxl.rounds.checked_file import CheckedFile
from greenxl.rounds.origin import foreign
from greenxl.rounds.rollup.merging import merged_files
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.unchanged import contents_hash

if TYPE_CHECKING:
    from concurrent.futures import Executor


def check_all(
    sources: Sequence[Source],
    campaign: Campaign,
    *,
    workers: int | None = None,
    executor: "Executor | None" = None,
) -> Generator[tuple[CheckedFile, ...], None, None]:
    """Yield what each source gave, in their order: the file itself, then its attachments.

    :raises GreenxlError: the system does not let a worker start.
    """
    with closing(
        process_all(checked_files, sources, campaign, workers=workers, executor=executor)
    ) as answers:
        for files in answers:
            yield tuple([_in_campaign(file, campaign) for file in files])


def checked_files(reading: Reading, campaign: Campaign) -> tuple[CheckedFile, ...]:
    """Return what was read of a file with its sheets checked."""
    return tuple(file for one in reading.all() for file in _files(one, campaign))


def _files(reading: Reading, campaign: Campaign) -> tuple[CheckedFile, ...]:
    if reading.report:
        return merged_files(reading.entry, reading.report, campaign)
    return (_checked(reading, campaign),)


def _in_campaign(file: CheckedFile, campaign: Campaign) -> CheckedFile:
    return replace(file, sheets=tuple([_shared(one, campaign) for one in file.sheets]))


def _shared(one: Checked, campaign: Campaign) -> Checked:
    """Return a sheet that a worker sent with what is the same in others as one object."""
    return replace(
        one,
        community=one.community and campaign.community_numbered(one.community.number),
        verdict=_shared_verdict(one, campaign),
        columns=dict(zip(campaign.score_columns, one.columns.values(), strict=True)) or _NONE,
        entries=dict(zip(campaign.entry_columns, one.entries.values(), strict=True)) or _NONE,
    )


def _shared_verdict(one: Checked, campaign: Campaign) -> rules.Verdict:
    verdict = one.verdict
    if verdict.vetoes:  # they hold criteria and groups
        return rules.judge([score.value for score in one.scores], campaign)
    subtotals = tuple([_shared_number(str(subtotal)) for subtotal in verdict.subtotals])
    return replace(verdict, subtotals=subtotals, total=_shared_number(str(verdict.total)))


_NONE: Mapping[str, Any] = {}


@lru_cache(maxsize=65536)
def _shared_number(text: str) -> Decimal | None:
    return None if text == str(None) else Decimal(text)


def _checked(reading: Reading, campaign: Campaign) -> CheckedFile:
    sheets = tuple(check(sheet, campaign) for sheet in reading.sheets)
    about = (one for sheet in sheets for one in (*sheet.findings, *foreign(sheet, campaign)))
    return CheckedFile(
        entry=reading.entry,
        sheets=sheets,
        findings=(*reading.findings, *about),
        source=reading.source,
        contents=_contents(reading.sheets, sheets),
    )


def _contents(read: Sequence[ScoreSheet], checked: Sequence[Checked]) -> str:
    are_copies = bool(checked) and all(sheet.sheet.copy for sheet in checked)
    return contents_hash(zip(read, checked, strict=True)) if are_copies else ""
