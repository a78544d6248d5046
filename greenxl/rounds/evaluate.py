"""The main job in one call: from the paths of returns to what counts for every community."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding, finding
from greenxl.returns.intake import Entry, Outcome, RemoteReturns, Source, take_in
from greenxl.rounds.checked_file import CheckedFile
from greenxl.rounds.checked_files import check_all
from greenxl.rounds.copies_journal import read_issued
from greenxl.rounds.origin import is_copy
from greenxl.rounds.sendings import SETTLED
from greenxl.rounds.written import written_files
from greenxl.scoring.checking import Checked
from greenxl.scoring.choosing import Choice, Place, choose
from greenxl.scoring.issued import IssuedCopies
from greenxl.scoring.tables import Tables, build
from greenxl.scoring.unchanged import unchanged_files

if TYPE_CHECKING:
    from concurrent.futures import Executor


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
    found: tuple[Finding, ...] = ()
    """What was found before anything was chosen: of sheets in whose place another one counts, too."""


def evaluate(
    campaign: Campaign,
    returns: Sequence[Path | RemoteReturns],
    progress: Callable[[int, int, int], None] = lambda done, all, rejected: None,
    *,
    latest: bool = False,
    exclude: Sequence[str] = (),
    issued: IssuedCopies | None = None,
    own: Collection[str] = (),
    workers: int | None = None,
    executor: "Executor | None" = None,
) -> Round:
    """Return the round whose returns are at these paths.

    ``progress`` is called with (files done, all, rejected so far) after each file; ``exclude`` are
    patterns of names that are left out; with ``latest`` the return that was last saved counts where
    returns differ; ``issued`` are the correction copies of the round
    (:func:`greenxl.rounds.copies_journal.read_issued`), ``own`` the SHA-256 of what else it wrote or sent
    (:func:`greenxl.rounds.written.written_files`). ``workers`` are the processes that read, at most, by
    default one for each processor; an ``executor`` takes the files in batches, each read in so many.

    :raises WrongUseError: a path does not exist.
    :raises GreenxlError: no process could be started to read them, or a server cannot be used.
    """
    intake = take_in(returns, exclude)
    # The original comes before its copies, so that of the two it is the one that counts.
    in_order = sorted(intake.sources, key=lambda source: is_copy(source.name))

    def files() -> Iterator[CheckedFile]:
        rejected = sum(entry.outcome is Outcome.REJECTED for entry in intake.entries)
        for done, each in enumerate(check_all(in_order, campaign, workers=workers, executor=executor), 1):
            yield from each
            rejected += sum(one.entry.outcome is Outcome.REJECTED for one in each)
            progress(done, len(in_order), rejected)

    found = decide(
        campaign,
        files(),
        latest=latest,
        issued=issued,
        own=frozenset(own) | (issued.by_file().keys() if issued else set()),
        unread=intake.entries,
        unplaced=intake.findings,
    )
    return replace(found, sources=(*intake.sources, *found.sources))


def decide(
    campaign: Campaign,
    files: Iterable[CheckedFile],
    *,
    latest: bool = False,
    issued: IssuedCopies | None = None,
    own: Collection[str | None] = (),
    unread: Iterable[Entry] = (),
    unplaced: Iterable[Finding] = (),
) -> Round:
    """Return the round of files that were read, in this order (see :func:`evaluate`).

    ``own`` are the SHA-256 of all that the round wrote or sent, ``unread`` the files that were not to be
    read, ``unplaced`` what else was found.
    """
    entries = [*unread]
    sources: list[Source] = []
    findings = [*unplaced]
    checked: list[Checked] = []
    contents: dict[str, str] = {}
    first: dict[str | None, str] = {}
    for file in (_once(_without_own(one, own), first) for one in files):
        entries.append(file.entry)
        checked += file.sheets
        findings += file.findings
        contents |= {file.entry.file: file.contents} if file.contents else {}
        sources += [file.source] if file.source else []
    unchanged = unchanged_files(checked, contents, issued) if issued else frozenset()
    entries = [_unchanged(entry) if entry.file in unchanged else entry for entry in entries]
    findings = [one for one in findings if one.file not in unchanged]
    findings += [entry.reason for entry in entries if entry.file in unchanged and entry.reason]
    checked = [one for one in checked if one.sheet.file not in unchanged]
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
        found=tuple(findings),
    )


def _without_own(file: CheckedFile, written: Collection[str | None]) -> CheckedFile:
    """Return a file, or that it is skipped: to the byte one that the round wrote or sent."""
    entry = file.entry
    if entry.sha256 not in written:
        return file
    settled = SETTLED in PurePosixPath(entry.file).parts
    reason = finding("skipped-settled" if settled else "skipped-own", entry.file)
    return CheckedFile(entry=replace(entry, outcome=Outcome.SKIPPED, sheets_read=0, reason=reason))


def _unchanged(entry: Entry) -> Entry:
    reason = finding("copy-unchanged", entry.file)
    return replace(entry, outcome=Outcome.SKIPPED, sheets_read=0, reason=reason)


def _once(file: CheckedFile, first: dict[str | None, str]) -> CheckedFile:
    """Return a file, or that it is skipped: the same bytes were read under another name (``first``)."""
    entry = file.entry
    if entry.outcome != Outcome.READ or first.setdefault(entry.sha256, entry.file) == entry.file:
        return file
    same = first[entry.sha256]
    reason = replace(finding("skipped-same", entry.file), found=same)  # whole, where a quotation would be cut
    return CheckedFile(entry=replace(entry, outcome=Outcome.SKIPPED, sheets_read=0, reason=reason))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A round and its tables."""

    result: Round
    tables: Tables


def evaluate_here(
    campaign: Campaign,
    returns: Sequence[Path | RemoteReturns],
    progress: Callable[[int, int, int], None] = lambda done, all, rejected: None,
    *,
    latest: bool = False,
    exclude: Sequence[str] = (),
    workers: int | None = None,
    executor: "Executor | None" = None,
) -> Evaluation:
    """Return the round in the current folder, whose returns are at these paths, and its tables.

    Everything else, and the errors, are those of :func:`evaluate`.
    """
    issued, own = read_issued(Path()), written_files(Path())
    result = evaluate(
        campaign,
        returns,
        progress,
        latest=latest,
        exclude=exclude,
        issued=issued,
        own=own,
        workers=workers,
        executor=executor,
    )
    return Evaluation(result, build(campaign, result.choices))
