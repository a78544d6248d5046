import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from greenxl.mail.drafts import Drafts, write_drafts
from greenxl.mail.journal import DRAFT_LOG
from greenxl.mail.model import Attachment, Letter
from greenxl.mail.send import PastSending, PlannedLetter
from greenxl.rounds.sendings import LetterKind
from greenxl.rounds.written import written_files
from tests.tools.mails import LETTERS, SENDER, letter_to

LETTER = letter_to("索镇")


def planned(letter: Letter, *, due: bool = True) -> PlannedLetter:
    key = f"{letter.kind}-{letter.name}-{letter.content_hash}"
    return PlannedLetter(letter=letter, key=key, hand_key=f"hand-{key}", past=PastSending(), due=due)


def write(
    folder: Path, *letters: Letter, due: bool = True, force: bool = False, left_out: Iterable[str] = ()
) -> Drafts:
    plan = [planned(letter, due=due) for letter in letters]
    kind = letters[0].kind if letters else LetterKind.BLANK
    return write_drafts(plan, folder, SENDER, kind=kind, left_out=list(left_out), force=force)


def names(paths: Iterable[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder / "drafts").as_posix() for path in paths]


def test_a_mail_opens_ready_to_be_sent(tmp_path: Path) -> None:
    """A draft has sender and recipient, X-Unsent for Outlook, and no date of its own."""
    mail, _chat = write(tmp_path, LETTER).written
    found = BytesParser(policy=policy.default).parsebytes(mail.read_bytes())
    assert mail == tmp_path / "drafts" / "blank-索镇.eml"
    assert (found["From"], found["To"], found["X-Unsent"]) == (SENDER, "索镇 <c@example.cn>", "1")
    assert found["Date"] is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (LetterKind.BLANK, "下发-索镇.txt"),
        (LetterKind.REMINDERS, "催报-索镇.txt"),
        (LetterKind.SENDBACK, "退回修改-索镇.txt"),
        (LetterKind.REPORT, "上报-索镇.txt"),
        (LetterKind.NOTICES, "整改通知-索镇.txt"),
    ],
    ids=lambda value: str(value),
)
def test_a_text_for_a_chat_opens_in_notepad(tmp_path: Path, kind: LetterKind, name: str) -> None:
    """UTF-8 that says so, and lines as Windows ends them; the name says in Chinese what it is."""
    _mail, chat = write(tmp_path, replace(LETTER, kind=kind)).written
    assert chat.name == name
    assert chat.read_bytes() == "\ufeff【评分表】索镇：\r\n见文件。\r\n".encode()


def test_only_what_is_due_is_written(tmp_path: Path) -> None:
    """A letter that was sent already gets no draft."""
    assert write(tmp_path, *LETTERS, due=False) == Drafts(())
    assert not (tmp_path / "drafts").exists()


def test_a_draft_that_nobody_changed_gives_way(tmp_path: Path) -> None:
    """The same letter leaves it as it is, a newer one renews it, on any later day."""
    first = write(tmp_path, LETTER).written
    stamp = [path.stat().st_mtime_ns for path in first]
    assert write(tmp_path, LETTER).written == first
    assert [path.stat().st_mtime_ns for path in first] == stamp
    newer = replace(LETTER, text="别的\n", chat="别的\n")
    assert write(tmp_path, newer) == Drafts(first)
    assert first[1].read_text("utf-8-sig") == "别的\n"


@pytest.mark.parametrize("name", ["blank-索镇.eml", "下发-索镇.txt"])
def test_a_draft_that_somebody_changed_is_kept(tmp_path: Path, name: str) -> None:
    """It stays, and is named; the new one takes the next free name, and is renewed there the next time."""
    write(tmp_path, LETTER)
    path = tmp_path / "drafts" / name
    path.write_bytes(path.read_bytes() + b"!")
    edited = path.read_bytes()
    for content in ("别的\n", "又别的\n"):
        done = write(tmp_path, replace(LETTER, text=content, chat=content))
        assert f"{path.stem}（2）{path.suffix}" in names(done.written, tmp_path)
        assert done.edited == (path,)
        assert path.read_bytes() == edited
    assert len(list((tmp_path / "drafts").iterdir())) == 3
    write(tmp_path, LETTER, force=True)
    assert path.read_bytes() != edited


def test_a_file_of_somebody_else_is_kept(tmp_path: Path) -> None:
    """A file under a draft's name that greenxl never wrote is not replaced."""
    path = tmp_path / "drafts" / "下发-索镇.txt"
    path.parent.mkdir()
    path.write_bytes(b"")
    assert names(write(tmp_path, LETTER).written, tmp_path) == ["blank-索镇.eml", "下发-索镇（2）.txt"]
    assert path.read_bytes() == b""


def test_recipients_whose_files_would_have_one_name_get_two(tmp_path: Path) -> None:
    """Names that differ only in what file names forbid; also on the second day."""
    letters = [replace(LETTER, name=name, chat=name) for name in ("甲/乙", "甲:乙")]
    for _day in range(2):
        done = write(tmp_path, *letters)
        assert [path.read_text("utf-8-sig") for path in done.written[1::2]] == ["甲/乙", "甲:乙"]
        assert len(set(done.written)) == 4


def test_drafts_of_letters_that_are_no_longer_due_are_put_away(tmp_path: Path) -> None:
    """Of the kind asked for, without those of towns that were left out; what somebody changed stays."""
    write(tmp_path, *LETTERS)
    write(tmp_path, replace(LETTER, kind=LetterKind.REMINDERS))
    (tmp_path / "drafts" / "下发-果里镇.txt").write_bytes(b"edited")
    done = write(tmp_path, LETTER, left_out=["城区街道"])
    assert names(done.finished, tmp_path) == ["已了结/blank-果里镇.eml"]
    assert names(done.edited, tmp_path) == ["下发-果里镇.txt"]
    done = write(tmp_path, left_out=[])
    assert len(done.finished) == 4
    left = {path.name for path in (tmp_path / "drafts").iterdir() if path.is_file()}
    assert left == {"下发-果里镇.txt", "reminders-索镇.eml", "催报-索镇.txt"}


def test_what_is_put_away_a_second_time_takes_nothing_s_place(tmp_path: Path) -> None:
    """Drafts that differ keep apart; the same one is there once."""
    for content in ("一", "一", "二"):
        write(tmp_path, replace(LETTER, text=content, chat=content))
        write(tmp_path)
    kept = {path.name for path in (tmp_path / "drafts" / "已了结").glob("*.txt")}
    assert kept == {"下发-索镇.txt", "下发-索镇（2）.txt"}


def test_what_is_to_be_attached_is_there(tmp_path: Path) -> None:
    """A file that a chat text names is written where it is missing, and never over one that is there."""
    place = Path("blank", "索镇.xlsx")
    letter = replace(LETTER, attachments=(Attachment("索镇.xlsx", b"made", place),))
    assert write(tmp_path, letter).attached == (tmp_path / place,)
    (tmp_path / place).write_bytes(b"another")
    assert write(tmp_path, letter).attached == ()
    assert (tmp_path / place).read_bytes() == b"another"


def test_the_journal_of_drafts_holds_no_text(tmp_path: Path) -> None:
    """What was drafted to whom, under which name and with which hash; nothing that a reader must guard."""
    write(tmp_path, LETTER)
    first = json.loads((tmp_path / DRAFT_LOG).read_text("utf-8").splitlines()[0])
    assert first.keys() == {"time", "run", "key", "hand_key", "kind", "name", "file", "sha256"}


def test_what_is_attached_to_a_draft_is_known_as_our_own(tmp_path: Path) -> None:
    """However the draft is sent, its attachment may come back."""
    write(tmp_path, *LETTERS)
    attached = {a.data for letter in LETTERS for a in letter.attachments}
    assert written_files(tmp_path) == {hashlib.sha256(data).hexdigest() for data in attached}
