"""The records of outgoing mail: what a letter is, and how its sending ended."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from greenxl.rounds.sendings import LetterKind


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes out with a letter."""

    name: str
    data: bytes
    place: Path | None = None
    """Where the file is in the round's folder, for who sends it by hand."""

    @property
    def size(self) -> str:
        """Its size in words; templates of a round use this name."""
        return readable_size(len(self.data))


@dataclass(frozen=True, slots=True)
class Letter:
    """What one recipient gets."""

    kind: LetterKind
    name: str
    """The town or recipient, as the campaign names it."""
    address: str
    """"" where the campaign has none."""
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    content_hash: str
    """Equal for letters that say the same: none of them is sent twice to one address."""
    chat: str
    """The same in a few lines, to be pasted into a chat."""


def content_hash(value: object) -> str:
    """Return the SHA-256 of a JSON value, in hexadecimal."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()


def readable_size(count: int) -> str:
    """Return a number of bytes in KB or MB."""
    return f"{count / 1_048_576:.1f} MB" if count >= 1_048_576 else f"{max(1, round(count / 1024))} KB"
