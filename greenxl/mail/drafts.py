"""Letters written as drafts instead of being sent: a mail (.eml) and a text for a chat (.txt) each.

A journal in the round's folder holds the hash of every draft, by which it is known whether anybody changed
it since, and the key of its letter, by which that can be recorded as sent by hand.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from greenxl.journals import Record, open_journal
from greenxl.mail.journal import DRAFT_LOG, read_journal
from greenxl.mail.message import message_bytes
from greenxl.mail.model import Letter
from greenxl.mail.send import PlannedLetter
from greenxl.names import safe_file_name
from greenxl.output_files import holds, names_of, write_whole
from greenxl.rounds.sendings import SETTLED, LetterKind
from greenxl.rounds.written import record_written

FOLDER = "drafts"
"""The folder of drafts in a round folder."""
_CHAT_WORDS = {
    LetterKind.BLANK: "下发",
    LetterKind.REMINDERS: "催报",
    LetterKind.SENDBACK: "退回修改",
    LetterKind.REPORT: "上报",
    LetterKind.NOTICES: "整改通知",
}
"""How the names of chat texts begin."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """What a run left in the folder of drafts."""

    written: tuple[Path, ...]
    """The drafts that are due."""
    attached: tuple[Path, ...] = ()
    """Files to attach that were not in the round's folder yet."""
    finished: tuple[Path, ...] = ()
    """Drafts of earlier runs that are no longer due, where they were moved to."""
    edited: tuple[Path, ...] = ()
    """Drafts of earlier runs that somebody changed: they stay."""


def write_drafts(
    planned: Iterable[PlannedLetter],
    folder: Path,
    sender: str,
    *,
    kind: LetterKind,
    place: Path | None = None,
    left_out: Collection[str] = (),
    force: bool = False,
) -> Drafts:
    """Write the drafts of every letter of a kind that is due, and put those away that no longer are.

    A draft of an earlier run gives way if nobody changed it; otherwise the new one takes the next free name,
    unless ``force`` says to write over it.

    :param folder: the round's.
    :param place: the folder of the drafts, if not the round's own.
    :param left_out: the names of recipients that this run was not asked for; nothing is known of theirs.
    """
    due, place = [one for one in planned if one.due], place or folder / FOLDER
    record_written(folder, ((a.name, a.data) for one in due for a in one.letter.attachments))
    with open_journal(folder / DRAFT_LOG) as journal:
        before = read_journal(folder / DRAFT_LOG)
        known = {(record["file"], record["sha256"]) for record in before}
        run = before[-1]["run"] + 1 if before else 1
        written: list[Path] = []
        for one in due:
            for name, data in _files(one.letter, sender):
                path = _place(place / name, data, known, written, force=force)
                facts = {"file": path.name, "sha256": hashlib.sha256(data).hexdigest()}
                journal.write({"run": run, **facts_of(one), **facts})
                _write_changed(path, data)
                written.append(path)
        attached = tuple(_write_missing((one.letter for one in due), folder))
        earlier = set(_earlier(place, kind, left_out)) - set(written)
        unchanged = sorted(path for path in earlier if _is_known(path, known))
        finished = tuple(_put_away(path) for path in unchanged)
    return Drafts(tuple(written), attached, finished, tuple(sorted(earlier.difference(unchanged))))


def facts_of(one: PlannedLetter) -> Record:
    """Return what a journal says of a letter, beside what became of it."""
    letter = one.letter
    return {"key": one.key, "hand_key": one.hand_key, "kind": letter.kind, "name": letter.name}


def _files(letter: Letter, sender: str) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of a letter's drafts; Notepad knows UTF-8 by its mark."""
    mail, chat = _names(letter.kind, letter.name)
    yield mail, message_bytes(letter, sender, {"X-Unsent": "1"})
    yield chat, letter.chat.replace("\n", "\r\n").encode("utf-8-sig")


def _names(kind: LetterKind, name: str) -> tuple[str, str]:
    """Return the names of the mail and of the chat text to a recipient."""
    return safe_file_name(f"{kind}-{name}") + ".eml", safe_file_name(f"{_CHAT_WORDS[kind]}-{name}") + ".txt"


def _place(
    path: Path,
    data: bytes,
    known: Collection[tuple[str, str]],
    written: Collection[Path],
    *,
    force: bool,
) -> Path:
    """Return the first of the names that a draft can have under which nobody's work is, nor this run's."""
    return next(
        free
        for free in names_of(path)
        if free not in written and (force or not free.exists() or _is_known(free, known) or holds(free, data))
    )


def _is_known(path: Path, known: Collection[tuple[str, str]]) -> bool:
    """Whether a file is as greenxl wrote it under that name; one that cannot be read may be another's."""
    try:
        return (path.name, hashlib.sha256(path.read_bytes()).hexdigest()) in known
    except OSError:
        return False


def _write_changed(path: Path, data: bytes) -> None:
    if not holds(path, data):
        write_whole(path, data)


def _write_missing(letters: Iterable[Letter], folder: Path) -> Iterator[Path]:
    """Write what is attached into the round's folder where it is not there yet: chat texts name it."""
    for attachment in (one for letter in letters for one in letter.attachments):
        if attachment.place and not (path := folder / attachment.place).exists():
            write_whole(path, attachment.data)
            yield path


def _earlier(place: Path, kind: LetterKind, left_out: Iterable[str]) -> Iterator[Path]:
    """Yield the drafts of a kind that are in a folder, without those to recipients that are left out."""
    unknown = {name for recipient in left_out for name in _names(kind, recipient)}
    for pattern in (f"{kind}-*.eml", f"{_CHAT_WORDS[kind]}-*.txt"):
        for path in place.glob(pattern):
            if re.sub(r"（\d+）(?=\.\w+$)", "", path.name) not in unknown:
                yield path


def _put_away(path: Path) -> Path:
    data, folder = path.read_bytes(), path.parent / SETTLED
    folder.mkdir(exist_ok=True)
    target = next(p for p in names_of(folder / path.name) if not p.exists() or holds(p, data))
    return path.replace(target)
