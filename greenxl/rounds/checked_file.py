"""What one returned file gave, checked."""

from dataclasses import dataclass

from greenxl.findings import Finding
from greenxl.returns.intake import Entry, Source
from greenxl.scoring.checking import Checked


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """All that one file, or one attachment of a mail or file of a consolidated workbook, gave."""

    entry: Entry
    sheets: tuple[Checked, ...] = ()
    findings: tuple[Finding, ...] = ()
    """About the file, then about its sheets."""
    source: Source | None = None
    """Where an attachment's bytes are."""
    contents: str = ""
    """The hash of what it holds, where it says that it is a correction copy (see :func:`contents_hash`)."""
