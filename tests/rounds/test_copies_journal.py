"""The journal of the correction copies: what is written is read, what is damaged stops."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from greenxl.campaign.model import Answer
from greenxl.errors import GreenxlError
from greenxl.journals import open_journal
from greenxl.rounds.copies_journal import COPIES_LOG, begin_journal, read_issued, record_of
from greenxl.scoring.issued import CopyContent, IssuedCopies, IssuedCopy, IssuedSheet

COPY = IssuedCopy(
    id="1f",
    file_name="索镇-退回修改-2021.xlsx",
    sha256="ab" * 32,
    content=CopyContent(
        town="索镇",
        standard="cd",
        originals={"ef" * 32: frozenset({"永安社区", "新民社区"})},
        sheets={"永安社区": IssuedSheet((None, Decimal("4.5"), Decimal("0")), frozenset({1}))},
    ),
)


def write(folder: Path, *records: dict[str, Any]) -> None:
    with open_journal(folder / COPIES_LOG) as journal:
        for record in records:
            journal.write(record)


def test_a_round_without_a_journal_is_told_from_one_that_issued_nothing(tmp_path: Path) -> None:
    """The one was begun before there were journals, the other believes no copy."""
    assert read_issued(tmp_path) is None
    begin_journal(tmp_path)
    assert read_issued(tmp_path) == IssuedCopies()


def test_what_was_issued_is_read_again(tmp_path: Path) -> None:
    """In the order of issue; beginning the round again keeps it."""
    other = IssuedCopy(id="", file_name="b.xlsx", sha256="00", content=COPY.content)
    write(tmp_path, record_of(COPY), record_of(other))
    begin_journal(tmp_path)
    assert read_issued(tmp_path) == IssuedCopies((COPY, other))


def test_answers_in_words_are_read_again(tmp_path: Path) -> None:
    """符合 and 不适用 beside scores."""
    answers = (Answer.FULFILLED, Answer.UNFULFILLED, Answer.NOT_APPLICABLE, Decimal("4.5"), None)
    content = replace(COPY.content, sheets={"甲": IssuedSheet(answers)})
    copy = replace(COPY, content=content)
    write(tmp_path, record_of(copy))
    assert read_issued(tmp_path) == IssuedCopies((copy,))


DAMAGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no number": lambda record: record.pop("id"),
    "a number that is none": lambda record: record.update(id=7),
    "no town": lambda record: record.pop("town"),
    "files as a text": lambda record: record.update(originals={"a": "永安社区"}),
    "files as a list": lambda record: record.update(originals=["a"]),
    "no scores": lambda record: record.update(communities={"甲": {"asked": []}}),
    "a score that is none": lambda record: record.update(communities={"甲": {"scores": ["五"], "asked": []}}),
    "a score as a number": lambda record: record.update(communities={"甲": {"scores": [4.5], "asked": []}}),
    "a score that is not finite": lambda record: record.update(
        communities={"甲": {"scores": ["sNaN"], "asked": []}}
    ),
    "a criterion that is none": lambda record: record.update(
        communities={"甲": {"scores": [], "asked": ["1"]}}
    ),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_journal_stops(tmp_path: Path, damage: Callable[[dict[str, Any]], object]) -> None:
    """The line is named; nothing is believed or refused on a guess."""
    record = record_of(COPY)
    damage(record)
    write(tmp_path, record_of(COPY), record)
    with pytest.raises(GreenxlError, match=r"copieslog\.jsonl, line 2: the journal is damaged"):
        read_issued(tmp_path)


def test_a_torn_last_line_was_never_acted_upon(tmp_path: Path) -> None:
    """It is passed over: its copy was not written."""
    write(tmp_path, record_of(COPY))
    with (tmp_path / COPIES_LOG).open("ab") as file:
        file.write(b'{"id": "2')
    assert read_issued(tmp_path) == IssuedCopies((COPY,))
