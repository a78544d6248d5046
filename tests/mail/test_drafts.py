from dataclasses import replace
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from greenxl.errors import WrongUseError
from greenxl.mail.drafts import outdated_drafts, write_drafts
from greenxl.mail.model import Letter
from greenxl.mail.send import PastSending, PlannedLetter
from greenxl.rounds.sendings import LetterKind
from tests.tools.mails import LETTERS, SENDER, letter_to


def write(folder: Path, *letters: Letter, due: bool = True, force: bool = False) -> list[Path]:
    planned = [PlannedLetter(letter, "key", PastSending(), due) for letter in letters]
    return write_drafts(planned, folder, SENDER, force=force)


def test_a_draft_opens_ready_to_be_sent(tmp_path: Path) -> None:
    """A draft has sender and recipient, X-Unsent for Outlook, and no date of its own."""
    (path,) = write(tmp_path, letter_to("索镇"))
    found = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert path == tmp_path / "blank-索镇.eml"
    assert (found["From"], found["To"], found["X-Unsent"]) == (SENDER, "索镇 <c@example.cn>", "1")
    assert found["Date"] is None


def test_only_what_is_due_is_written(tmp_path: Path) -> None:
    """A letter that was sent already gets no draft."""
    assert write(tmp_path, *LETTERS, due=False) == []
    assert list(tmp_path.iterdir()) == []


def test_an_unedited_draft_gives_way(tmp_path: Path) -> None:
    """A draft that is as it was written is replaced by that of a newer letter."""
    letter = letter_to("索镇")
    (path,) = write(tmp_path, letter)
    first = path.read_bytes()
    write(tmp_path, letter)
    assert path.read_bytes() == first
    write(tmp_path, replace(letter, text="别的\n"))
    assert path.read_bytes() != first


@pytest.mark.parametrize("edited", [b"X-Unsent: 0", b"X-Unsent:  1"], ids=["sent", "one-space"])
def test_an_edited_draft_is_kept(tmp_path: Path, edited: bytes) -> None:
    """Any change is somebody's work: it stays, with every other draft, unless --force is given."""
    (path,) = write(tmp_path, letter_to("索镇"))
    written = path.read_bytes()
    path.write_bytes(written.replace(b"X-Unsent: 1", edited))
    with pytest.raises(WrongUseError, match=r"blank-索镇\.eml: changed since greenxl wrote it"):
        write(tmp_path, *LETTERS)
    assert [p.name for p in tmp_path.iterdir()] == ["blank-索镇.eml"]
    assert edited in path.read_bytes()
    write(tmp_path, *LETTERS, force=True)
    assert path.read_bytes() == written


def test_a_file_of_somebody_else_is_kept(tmp_path: Path) -> None:
    """A file under a draft's name that greenxl never wrote is not replaced."""
    (tmp_path / "blank-索镇.eml").write_bytes(b"")
    with pytest.raises(WrongUseError, match="changed since"):
        write(tmp_path, letter_to("索镇"))


def test_drafts_of_letters_that_are_no_longer_due_are_outdated(tmp_path: Path) -> None:
    """Of the kind asked for, all but those that are due, and those of towns that were left out."""
    for name in ("blank-果里镇.eml", "blank-城区街道.eml", "reminders-果里镇.eml", "blank-果里镇.txt"):
        (tmp_path / name).write_bytes(b"")
    due = write(tmp_path, letter_to("索镇"))
    found = outdated_drafts(tmp_path, LetterKind.BLANK, due, ["城区街道"])
    assert found == [tmp_path / "blank-果里镇.eml"]
