"""The round's journal of the correction copies that it issued: a line is on disk before its copy is.

Only what stands here replaces a return (:mod:`greenxl.scoring.issued`). A round without this file was begun
before there was one.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from greenxl.campaign.model import Answer, plain
from greenxl.journals import Record, read_journal
from greenxl.output_files import write_whole
from greenxl.scoring.issued import CopyContent, IssuedCopies, IssuedCopy, IssuedSheet

COPIES_LOG = "copieslog.jsonl"
"""In the round folder."""


def begin_journal(folder: Path) -> None:
    """Begin the journal of a new round; one that is there stays as it is.

    :raises GreenxlError: the folder cannot be written.
    """
    if not (folder / COPIES_LOG).exists():
        write_whole(folder / COPIES_LOG, b"")


def read_issued(folder: Path) -> IssuedCopies | None:
    """Return the copies that a round issued; None where the folder has no journal of them.

    :raises GreenxlError: the journal is damaged or cannot be read.
    """
    path = folder / COPIES_LOG
    if not path.exists():
        return None
    records = read_journal(path, lambda record: _parsed(record) is not None)
    return IssuedCopies(tuple(one for record in records if (one := _parsed(record))))


def record_of(copy: IssuedCopy) -> Record:
    """Return the line of a copy; scores are written as texts, so that none is rounded."""
    content = copy.content
    return {
        "id": copy.id,
        "town": content.town,
        "file": copy.file_name,
        "sha256": copy.sha256,
        "contents": copy.contents,
        "standard": content.standard,
        "originals": {digest: sorted(sheets) for digest, sheets in content.originals.items()},
        "communities": {
            name: {"scores": [_written(score) for score in sheet.scores], "asked": sorted(sheet.asked)}
            for name, sheet in content.sheets.items()
        },
    }


def _written(score: Decimal | Answer | None) -> str | None:
    if score is None or isinstance(score, Answer):
        return score
    return plain(score)


def _parsed(record: Record) -> IssuedCopy | None:
    """Return the copy that a line records, None where the line is damaged."""
    try:
        return IssuedCopy(
            id=_text(record["id"]),
            file_name=_text(record["file"]),
            sha256=_text(record["sha256"]),
            contents=_text(record.get("contents", "")),
            content=CopyContent(
                town=_text(record["town"]),
                standard=_text(record["standard"]),
                originals={digest: _texts(names) for digest, names in record["originals"].items()},
                sheets={name: _sheet(one) for name, one in record["communities"].items()},
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return None


def _sheet(record: Mapping[str, list[object]]) -> IssuedSheet:
    scores = (None if one is None else _score(one) for one in record["scores"])
    return IssuedSheet(tuple(scores), frozenset(map(_whole, record["asked"])))


def _score(value: object) -> Decimal | Answer:
    """:raises ValueError: it is neither an answer nor a finite number."""
    text = _text(value)
    if text in list(Answer):
        return Answer(text)
    score = Decimal(text)
    if not score.is_finite():
        raise ValueError(value)
    return score


def _texts(values: object) -> frozenset[str]:
    """:raises TypeError: it is no list of texts."""
    if not isinstance(values, list):
        raise TypeError(values)
    return frozenset(map(_text, values))


def _whole(value: object) -> int:
    """:raises TypeError: it is no whole number."""
    if not isinstance(value, int):
        raise TypeError(value)
    return value


def _text(value: object) -> str:
    """:raises TypeError: it is none."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value
