"""The round's journal of the files that it wrote for towns or sent: by it they are known when they come back.

Correction copies have a journal of their own (:mod:`greenxl.rounds.copies_journal`), with their scores.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.journals import open_journal, read_journal
from greenxl.output_files import write_unless_there, write_whole
from greenxl.rounds import folder as round_folder

WRITTEN_LOG = "written.jsonl"
"""In the round folder."""


def record_written(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Record files, by name and contents, before they are written or sent; what is known is left out.

    :raises GreenxlError: the journal is damaged, another process has it, or it cannot be written.
    """
    known = written_files(folder)
    named = {hashlib.sha256(data).hexdigest(): name for name, data in files}
    new = {digest: name for digest, name in named.items() if digest not in known}
    if new:
        with open_journal(folder / WRITTEN_LOG) as journal:
            for digest, name in new.items():
                journal.write({"name": name, "sha256": digest})


def written_files(folder: Path) -> frozenset[str]:
    """Return the SHA-256 of every file that the round wrote for towns or sent, but for correction copies.

    :raises GreenxlError: the journal is damaged or cannot be read.
    """
    records = read_journal(folder / WRITTEN_LOG, lambda record: isinstance(record.get("sha256"), str))
    return frozenset(record["sha256"] for record in records)


@dataclass(frozen=True, slots=True)
class WrittenBlank:
    """Where a blank is now."""

    wanted: Path
    """The place of its name."""
    path: Path
    """Where it is: elsewhere, if another file has that place."""
    is_new: bool


def write_blanks(
    campaign: Campaign,
    towns: Iterable[str],
    folder: Path,
    *,
    per_community: bool = False,
    force: bool = False,
) -> Iterator[WrittenBlank]:
    """Write the blanks of towns and yield where each is; in a round they are recorded before.

    :param force: write over what has their names.
    :raises GreenxlError: the folder cannot be written, or the journal is damaged.
    """
    from greenxl.form.blank import blanks  # what writes workbooks is not needed to know them

    made = list(blanks(campaign, towns, per_community=per_community))
    if round_folder.is_round(Path()):
        record_written(Path(), ((blank.file_name, blank.data) for blank in made))
    for blank in made:
        target = folder / blank.file_name
        if force:
            write_whole(target, blank.data)
            yield WrittenBlank(target, target, True)
        else:
            yield WrittenBlank(target, *write_unless_there(target, blank.data))
