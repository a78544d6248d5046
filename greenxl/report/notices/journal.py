"""The round's journal of notices: which files it wrote, and which of them are now the notice of whom.

The line of a file is on disk before the file is. By it a file that nobody typed into is known again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from greenxl.journals import Record, read_journal

NOTICES_LOG = "notices.jsonl"
"""In the round folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeUnit:
    """A unit that has something to do, as a mail names it."""

    name: str
    status: str
    """In Chinese."""
    wanted: str
    """What it lacks and how much it has to put right, in Chinese."""
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentNotice:
    """What a run of ``merge --notices`` left for somebody."""

    town: str
    """"" for the departments."""
    file: str
    """Its name in the folder of notices."""
    sha256: str
    """As it was written."""
    content: str
    """A digest that changes with what the notice holds, not with its date."""
    listed: int = 0
    """Units of the town."""
    units: tuple[NoticeUnit, ...] = ()
    """Those of its units that have something to do."""

    @property
    def tasks(self) -> int:
        return sum(unit.tasks for unit in self.units)


@dataclass(frozen=True, slots=True)
class WrittenNotices:
    """What the journal says."""

    known: frozenset[tuple[str, str]] = frozenset()
    """The name and SHA-256 of every file that was ever written."""
    current: tuple[CurrentNotice, ...] = ()
    """The notices of the last run that came to its end."""
    as_of: str = ""
    """The day of that run's figures, ISO 8601; "" where there was none."""
    time: str = ""
    """When that run wrote them, ISO 8601 with its offset."""

    def of(self, town: str) -> CurrentNotice | None:
        return next((one for one in self.current if one.town == town), None)


def read_notices(folder: Path) -> WrittenNotices:
    """Return what a round wrote, nothing where it has no journal of notices.

    :raises GreenxlError: the journal is damaged or cannot be read.
    """
    records = read_journal(folder / NOTICES_LOG, _is_complete)
    files = frozenset((one["file"], one["sha256"]) for one in records if "file" in one)
    runs = [one for one in records if "notices" in one]
    if not runs:
        return WrittenNotices(known=files)
    last = runs[-1]
    return WrittenNotices(files, tuple(map(_parsed, last["notices"])), last["as_of"], last["time"])


def record_of_file(name: str, sha256: str) -> Record:
    return {"file": name, "sha256": sha256}


def record_of_run(as_of: str, notices: Iterable[CurrentNotice]) -> Record:
    return {"as_of": as_of, "notices": [asdict(one) for one in notices]}


def _is_complete(record: Record) -> bool:
    if "notices" not in record:
        return all(isinstance(record.get(name), str) for name in ("file", "sha256"))
    try:
        return bool(record["as_of"]) and all(_parsed(one) for one in record["notices"])
    except (KeyError, TypeError, AttributeError):
        return False


def _parsed(value: dict[str, Any]) -> CurrentNotice:
    units: Sequence[dict[str, Any]] = value["units"]
    return CurrentNotice(**{**value, "units": tuple(NoticeUnit(**unit) for unit in units)})
