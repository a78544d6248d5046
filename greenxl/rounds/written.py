"""The round's journal of the files that it wrote for towns or sent: by it they are known when they come back.

Correction copies have a journal of their own (:mod:`greenxl.rounds.copies_journal`), with their scores.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from greenxl.journals import open_journal, read_journal

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
