"""Returned files to checked sheets: what a worker process makes of one file, and that of all in their order.

Files are read and checked where they are read, so that the parent receives what counts and not every cell.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding
from greenxl.returns.intake import Entry, Source
from greenxl.returns.pool import process_all
from greenxl.returns.reader import Reading
from greenxl.rounds.origin import foreign
from greenxl.scoring.checking import Checked, check


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """All that one file, or one attachment of a mail, gave."""

    entry: Entry
    sheets: tuple[Checked, ...] = ()
    findings: tuple[Finding, ...] = ()
    """About the file, then about its sheets."""
    source: Source | None = None
    """Where an attachment's bytes are."""


def check_all(
    sources: Sequence[Source], campaign: Campaign
) -> Generator[tuple[CheckedFile, ...], None, None]:
    """Yield what each source gave, in their order: the file itself, then its attachments.

    :raises GreenxlError: the system does not let a worker start.
    """
    return process_all(checked_files, sources, campaign)


def checked_files(reading: Reading, campaign: Campaign) -> tuple[CheckedFile, ...]:
    """Return what was read of a file with its sheets checked."""
    return tuple(_checked(one, campaign) for one in reading.all())


def _checked(reading: Reading, campaign: Campaign) -> CheckedFile:
    sheets = tuple(check(sheet, campaign) for sheet in reading.sheets)
    about = (one for sheet in sheets for one in (*sheet.findings, *foreign(sheet, campaign)))
    return CheckedFile(
        entry=reading.entry,
        sheets=sheets,
        findings=(*reading.findings, *about),
        source=reading.source,
    )
