"""From the paths that the command was pointed at to a list in which every file stands once.

Folders are walked, zips listed and files from elsewhere copied here, within a budget; what a file is and
holds is found out later, by the workers, who also list what mails hold.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from greenxl.catalogue import Severity
from greenxl.errors import WrongUseError
from greenxl.findings import Finding, finding
from greenxl.i18n import _
from greenxl.returns.intake import folders
from greenxl.returns.intake.archives import Budget, opened
from greenxl.returns.intake.entries import Entry, Outcome, Source, rejected, skipped
from greenxl.returns.intake.folders import shown
from greenxl.returns.intake.remote import RemoteFile, RemoteReturns
from greenxl.returns.intake.skipping import reason_to_skip
from greenxl.workbooks.opening import MOST_BYTES, size_text

MOST_FILES = 200_000
"""Of one run, members of archives included."""
MOST_BYTES_OF_RUN = 8 * 1024**3


@dataclass(frozen=True, slots=True)
class Intake:
    sources: tuple[Source, ...]
    entries: tuple[Entry, ...]
    """Of what is not to be read."""
    findings: tuple[Finding, ...]


def take_in(paths: Iterable[Path | RemoteReturns], exclude: Sequence[str] = ()) -> Intake:
    """Return every file below ``paths`` once, in the order of names; ``exclude`` are patterns of names.

    :raises WrongUseError: a path does not exist.
    :raises GreenxlError: a server cannot be used.
    """
    sources: list[Source] = []
    entries: list[Entry] = []
    notes: list[Finding] = []
    given = list(paths)
    real = [os.path.realpath(path) for path in given if isinstance(path, Path)]
    listing = _Listing(real, tuple(exclude))
    for one in chain.from_iterable(map(listing.all, given)):
        if isinstance(one, Source):
            sources.append(one)
        elif isinstance(one, Entry):
            entries.append(one)
        else:
            notes.append(one)
    sources.sort(key=lambda source: source.name)
    entries.sort(key=lambda entry: entry.file)
    reasons = (e.reason for e in entries if e.outcome == Outcome.REJECTED and e.reason)
    return Intake(tuple(sources), tuple(entries), (*_budget_once(reasons), *notes))


def _budget_once(reasons: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the reasons, but only the first file over the budget: there may be a million more."""
    spent = False
    for reason in reasons:
        if reason.code != "run-budget" or not spent:
            yield reason
        spent = spent or reason.code == "run-budget"


@dataclass(slots=True)
class _Listing:
    """One run's files as they are found."""

    given: Sequence[str]
    """The real paths to stay below."""
    exclude: tuple[str, ...]
    walked: set[str] = field(default_factory=set)
    """The real paths of the folders that were searched."""
    listed: set[Path | str] = field(default_factory=set)
    """The files on this computer by their paths, others by their names."""
    real_folders: dict[Path, str] = field(default_factory=dict)
    by_real_path: dict[str, Path] = field(default_factory=dict)
    """The files that were opened."""
    budget: Budget = field(default_factory=lambda: Budget(MOST_FILES, MOST_BYTES_OF_RUN))

    def all(self, given: Path | RemoteReturns) -> Iterator[Source | Entry | Finding]:
        return self._below(given) if isinstance(given, Path) else self._copies(given)

    def _below(self, path: Path) -> Iterator[Source | Entry | Finding]:
        if not os.path.exists(path):  # noqa: PTH110  (Path.exists raises where the folder is closed to us)
            raise WrongUseError(
                _("{path}: there is no such file or folder. Check the name.").format(path=path)
            )
        for file in folders.files(path, self.walked):
            if isinstance(file, Finding):
                yield _not_a_file(file)
            elif file not in self.listed:
                self.listed.add(file)
                name, inside = shown(file), file.parts[len(path.parts) :] or (file.name,)
                reason = reason_to_skip(name, inside, self.exclude)
                yield from [skipped(Source(name, file), reason)] if reason else self._file(name, file)

    def _file(self, name: str, path: Path) -> Iterator[Source | Entry | Finding]:
        """Yield a file, or what is in it where it is an archive, or why it is not opened."""
        real = folders.real_path(path, self.real_folders)
        size = folders.size_of(path, real, self.given)
        if isinstance(size, Finding):
            yield _not_a_file(size)
            return
        source = Source(name, path, size=size, exclude=self.exclude)
        same = self.by_real_path.setdefault(os.path.normcase(real), path)
        if same != path:
            yield skipped(source, finding("skipped-same", name, found=shown(same)))
            return
        if self._take(source):
            yield from self._opened(source)
        else:
            yield _over_budget(source)

    def _copies(self, given: RemoteReturns) -> Iterator[Source | Entry | Finding]:
        """Yield files that are elsewhere like those of a folder, each copied here if it is to be read."""
        for number, file in enumerate(given.files()):
            if file.name not in self.listed:
                self.listed.add(file.name)
                yield from self._copied(file, given.copies / f"{number}")

    def _copied(self, file: RemoteFile, path: Path) -> Iterator[Source | Entry | Finding]:
        source = Source(file.name, path, size=file.size, exclude=self.exclude)
        entry = Entry(file.name, None, file.size, Outcome.READ)
        left_alone = reason_to_skip(file.name, file.inside.parts, self.exclude)
        if left_alone:
            yield replace(entry, outcome=Outcome.SKIPPED, reason=left_alone)
        elif not self._take(source):
            yield _over_budget(source)
        else:
            problem = file.problem() or file.copy(path)
            yield from [rejected(entry, problem)] if problem else self._opened(source)

    def _opened(self, source: Source) -> Iterator[Source | Entry | Finding]:
        for one in opened(source):
            member = one if isinstance(one, Source) and one is not source else None
            yield one if member is None or self._take(member) else _over_budget(member)

    def _take(self, source: Source) -> bool:
        """Whether a file is still within the budget."""
        return self.budget.take(min(source.size, MOST_BYTES))


def _over_budget(source: Source) -> Entry:
    entry = Entry(source.name, None, source.size, Outcome.READ)
    limit = size_text(MOST_BYTES_OF_RUN)
    return rejected(entry, finding("run-budget", source.name, files=f"{MOST_FILES:,}", limit=limit))


def _not_a_file(reason: Finding) -> Entry:
    """Return the line of what is no file that can be read."""
    outcome = Outcome.SKIPPED if reason.severity is Severity.NOTE else Outcome.REJECTED
    return Entry(reason.file, None, None, outcome, reason=reason)
