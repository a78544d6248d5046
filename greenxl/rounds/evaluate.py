"""The main job in one call: from the paths of returns to what counts for every community."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path, PurePosixPath

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding, finding
from greenxl.returns.intake import Entry, Outcome, Source, take_in
from greenxl.returns.pool import read_all
from greenxl.returns.reader import Reading
from greenxl.rounds.copies_journal import SETTLED
from greenxl.rounds.origin import foreign, is_copy
from greenxl.scoring.checking import Checked, check
from greenxl.scoring.choosing import Choice, Place, choose
from greenxl.scoring.issued import IssuedCopies


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
    issued: IssuedCopies | None = None
    """The correction copies of the round, None where it has no journal of them."""


def evaluate(
    campaign: Campaign,
    returns: Sequence[Path],
    progress: Callable[[int, int], None] = lambda done, all: None,
    *,
    latest: bool = False,
    exclude: Sequence[str] = (),
    issued: IssuedCopies | None = None,
) -> Round:
    """Return the round whose returns are at these paths.

    ``progress`` is called with (done, all) after each file; ``exclude`` are patterns of names that are
    left out; with ``latest`` the return that was last saved counts where returns differ; ``issued`` are
    the correction copies of the round (:func:`greenxl.rounds.copies_journal.read_issued`).

    :raises WrongUseError: a path does not exist.
    :raises GreenxlError: no process could be started to read them.
    """
    intake = take_in(returns, exclude)
    entries = list(intake.entries)
    sources = list(intake.sources)
    findings = list(intake.findings)
    checked: list[Checked] = []
    first: dict[str | None, str] = {}
    settled = issued.by_file().keys() if issued else set()
    # The original comes before its copies, so that of the two it is the one that counts.
    in_order = sorted(intake.sources, key=lambda source: is_copy(source.name))
    for done, each in enumerate(read_all(in_order, campaign), 1):
        for reading in (_once(_left_settled(one, settled), first) for one in each.all()):
            entries.append(reading.entry)
            sheets = [check(sheet, campaign) for sheet in reading.sheets]
            checked += sheets
            findings += chain(reading.findings, *(_about(sheet, campaign) for sheet in sheets))
            sources += [reading.source] if reading.source else []
        progress(done, len(intake.sources))
    chosen = choose(checked, campaign, latest=latest, issued=issued)
    return Round(
        campaign=campaign,
        choices=chosen.choices,
        entries=tuple(sorted(entries, key=lambda e: e.file)),
        findings=(*chosen.still_open(findings), *chosen.findings),
        checked=tuple(checked),
        replaced=chosen.replaced,
        sources=tuple(sources),
        issued=issued,
    )


def _about(checked: Checked, campaign: Campaign) -> tuple[Finding, ...]:
    return (*checked.findings, *foreign(checked, campaign))


def _left_settled(reading: Reading, written: Collection[str | None]) -> Reading:
    """Return a reading, or that it is skipped: a copy that was written and lies where the settled ones do."""
    entry = reading.entry
    if entry.sha256 not in written or SETTLED not in PurePosixPath(entry.file).parts:
        return reading
    reason = finding("skipped-settled", entry.file)
    return Reading(replace(entry, outcome=Outcome.SKIPPED, sheets_read=0, reason=reason))


def _once(reading: Reading, first: dict[str | None, str]) -> Reading:
    """Return a reading, or that it is skipped: the same bytes were read under another name (``first``)."""
    entry = reading.entry
    if entry.outcome != Outcome.READ or first.setdefault(entry.sha256, entry.file) == entry.file:
        return reading
    same = first[entry.sha256]
    reason = replace(finding("skipped-same", entry.file), found=same)  # whole, where a quotation would be cut
    return Reading(replace(entry, outcome=Outcome.SKIPPED, sheets_read=0, reason=reason))
