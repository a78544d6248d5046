import json

import pytest

from greenxl.mail.model import Attachment, content_hash
from greenxl.rounds.sendings import LetterKind, SendState


def test_journals_and_hashes_hold_the_words_of_enums() -> None:
    """In JSON kinds and states are plain words, so that journals of earlier versions mean the same."""
    assert json.dumps([LetterKind.BLANK, SendState.SENT]) == '["blank", "sent"]'
    assert content_hash([LetterKind.REPORT, 1]) == content_hash(["report", 1])


def test_a_hash_stays_what_it_was() -> None:
    """The hash of a value never changes between versions: another one would send everything again."""
    wanted = "fd7a690506309fc79c78cf5e45476e32ae902b46b57ca96c4f92e77fa475b7a9"
    assert content_hash(["blank", "城区街道", 1]) == wanted


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "1 KB"), (1600, "2 KB"), (1_048_575, "1024 KB"), (1_048_576, "1.0 MB"), (20_000_000, "19.1 MB")],
)
def test_sizes_are_readable(count: int, words: str) -> None:
    """Kilobytes below a megabyte, never 0; megabytes with one decimal above."""
    assert Attachment("a.xlsx", bytes(count)).size == words
