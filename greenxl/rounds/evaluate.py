"""The main job in one call: from the paths of returns to what counts for every community."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding, finding
from greenxl.returns.intake import Entry, Outcome, Source, take_in
from greenxl.returns.pool import read_all
from greenxl.returns.reader import Reading
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.choosing import Choice, Place, choose


@dataclass(frozen=True, slots=True)
class Round:
    """A campaign and its returns, evaluated."""

    campaign: Campaign
    choices: tuple[Choice, ...]
    """One per community, in roster order."""
    entries: tuple[Entry, ...]
    """One per file, in the order of names."""
    findings: tuple[Finding, ...]
    """All that is still open."""
    checked: tuple[Checked, ...]
    """Every score sheet that was read, whether it counts or not."""
    replaced: frozenset[Place] = frozenset()
    """The sheets that a corrected copy replaces."""
    sources: tuple[Source, ...] = ()
    """The files that were read."""


def evaluate(
    campaign: Campaign,
    returns: Sequence[Path],
    progress: Callable[[int, int], None] = lambda done, all: None,
    *,
    latest: bool = False,
    exclude: Sequence[str] = (),
) -> Round:
    """Return the round whose returns are at these paths.

    ``progress`` is called with (done, all) after each file; ``exclude`` are patterns of names that are
    left out; with ``latest`` the return that was last saved counts where returns differ.

    :raises WrongUseError: a path does not exist.
    :raises GreenxlError: no process could be started to read them.
    """
    intake = take_in(returns, exclude)
    entries = list(intake.entries)
    sources = list(intake.sources)
    findings = list(intake.findings)
    checked: list[Checked] = []
    first: dict[str | None, str] = {}
    for done, each in enumerate(read_all(intake.sources, campaign), 1):
        for reading in (_once(one, first) for one in each.all()):
            entries.append(reading.entry)
            sheets = [check(sheet, campaign) for sheet in reading.sheets]
            checked += sheets
            findings += chain(reading.findings, *(sheet.findings for sheet in sheets))
            sources += [reading.source] if reading.source else []
        progress(done, len(intake.sources))
    chosen = choose(checked, campaign, latest=latest)
    return Round(
        campaign=campaign,
        choices=chosen.choices,
        entries=tuple(sorted(entries, key=lambda e: e.file)),
        findings=(*chosen.still_open(findings), *chosen.findings),
        checked=tuple(checked),
        replaced=chosen.replaced,
        sources=tuple(sources),
    )


def _once(reading: Reading, first: dict[str | None, str]) -> Reading:
    """Return a reading, or that it is skipped: the same bytes were read under another name (``first``)."""
    entry = reading.entry
    if entry.outcome != Outcome.READ or first.setdefault(entry.sha256, entry.file) == entry.file:
        return reading
    same = first[entry.sha256]
    reason = replace(finding("skipped-same", entry.file), found=same)  # whole, where a quotation would be cut
    return Reading(replace(entry, outcome=Outcome.SKIPPED, sheets_read=0, reason=reason))
