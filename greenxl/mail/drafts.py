"""Mails written as drafts (.eml) instead of being sent: mail programs open them ready to be sent.

A draft's first line is a stamp of the rest, by which it is known whether anybody changed it since.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.mail.message import message_bytes
from greenxl.mail.send import PlannedLetter
from greenxl.names import safe_file_name
from greenxl.output_files import write_whole
from greenxl.rounds.sendings import LetterKind

FOLDER = "drafts"
"""The folder of drafts in a round folder."""


def write_drafts(planned: Iterable[PlannedLetter], folder: Path, sender: str, *, force: bool) -> list[Path]:
    """Write a draft per letter that is due and return their paths; an earlier, unedited one gives way.

    :raises WrongUseError: a draft there was edited, and ``force`` does not say to overwrite it.
    """
    drafts = {
        folder / _file_name(one.letter.kind, one.letter.name): _stamped(
            message_bytes(one.letter, sender, {"X-Unsent": "1"})
        )
        for one in planned
        if one.due
    }
    before = {path: path.read_bytes() for path in drafts if path.is_file()}
    edited = [path for path, data in before.items() if _is_edited(data)]
    if edited and not force:
        raise WrongUseError(
            _(
                "{paths}: changed since greenxl wrote it. Send or delete it, or add --force to write it anew."
            ).format(paths=", ".join(map(str, edited)))
        )
    for path, data in drafts.items():
        if before.get(path) != data:
            write_whole(path, data)
    return list(drafts)


def outdated_drafts(
    folder: Path, kind: LetterKind, drafts: Iterable[Path], left_out: Iterable[str]
) -> Sequence[Path]:
    """Return the drafts of earlier runs whose letters are no longer due.

    :param drafts: those that are due.
    :param left_out: the names of recipients that this run was not asked for; nothing is known of theirs.
    """
    unknown = {folder / _file_name(kind, name) for name in left_out}
    return sorted({*folder.glob(f"{kind}-*.eml")} - unknown - set(drafts))


def _file_name(kind: LetterKind, name: str) -> str:
    return safe_file_name(f"{kind}-{name}") + ".eml"


def _stamped(data: bytes) -> bytes:
    return f"X-Greenxl-Draft: {hashlib.sha256(data).hexdigest()}\r\n".encode() + data


def _is_edited(data: bytes) -> bool:
    """Whether a draft is not as it was written, or not ours."""
    _stamp, _end, rest = data.partition(b"\r\n")
    return data != _stamped(rest)
