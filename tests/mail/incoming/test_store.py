import hashlib
import re
from pathlib import Path

import pytest

from greenxl.mail.incoming.inbound import Part
from greenxl.mail.incoming.store import ReturnStore, SavedFile

DATA = b"PK\x03\x04data"
SHA256 = hashlib.sha256(DATA).hexdigest()


def save(
    folder: Path, part: Part, *, town: str = "索镇", sender: str = "a@town.cn", day: str = "20210915"
) -> SavedFile:
    return ReturnStore(folder, {}).save(part, town=town, sender=sender, day=day)


@pytest.mark.parametrize(
    ("town", "sender", "folder"),
    [
        pytest.param("索镇", "a@town.cn", "索镇", id="town"),
        pytest.param("", "a@town.cn", "a@town.cn", id="sender"),
        pytest.param("", "", "unknown", id="nobody"),
        pytest.param("", "../a@town.cn", "_a@town.cn", id="hostile-sender"),
    ],
)
def test_a_file_goes_into_its_towns_folder(tmp_path: Path, town: str, sender: str, folder: str) -> None:
    """The folder is the town's, else the sender's; the name has day, contents and the mail's own name."""
    saved = save(tmp_path, Part("表.xlsx", DATA), town=town, sender=sender)
    assert saved == SavedFile(
        name="表.xlsx",
        path=tmp_path / folder / f"20210915-{SHA256[:8]}-表.xlsx",
        town=town,
        sha256=SHA256,
        is_new=True,
    )
    assert saved.path.read_bytes() == DATA


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        pytest.param("../../x.xlsx", r"_\.\._x\.xlsx|\.\._\.\._x\.xlsx", id="way-up"),
        pytest.param("..\\..\\x.xlsx", r".*_x\.xlsx", id="way-up-windows"),
        pytest.param("/etc/passwd.xlsx", r"_etc_passwd\.xlsx", id="absolute"),
        pytest.param("C:\\表.xlsx", r"C__表\.xlsx", id="drive"),
        pytest.param("长" * 300 + ".xlsx", r"长{60}\.xlsx", id="300-characters"),
        pytest.param("长" * 300, r"长{60}", id="no-suffix"),
        pytest.param("CON.xlsx", r"_?CON\.xlsx", id="reserved"),
        pytest.param("a:b|c?.xlsx", r"a_b_c_\.xlsx", id="forbidden"),
        pytest.param("", r"attachment", id="nameless"),
    ],
)
def test_a_hostile_name_stays_in_the_folder(tmp_path: Path, name: str, wanted: str) -> None:
    """Whatever an attachment calls itself, it is in its town's folder under a name that Windows takes."""
    path = save(tmp_path, Part(name, DATA)).path
    assert path.parent == tmp_path / "索镇"
    assert re.fullmatch(rf"20210915-{SHA256[:8]}-({wanted})", path.name)


def test_contents_that_are_there_are_not_stored_again(tmp_path: Path) -> None:
    """A file from a USB stick, or from another mail of the same run, is not doubled."""
    (tmp_path / "U盘.xlsx").write_bytes(DATA)
    held = save(tmp_path, Part("表.xlsx", DATA))
    assert (held.path, held.is_new, held.name) == (tmp_path / "U盘.xlsx", False, "表.xlsx")
    store = ReturnStore(tmp_path, {})
    first, second = (
        store.save(Part(name, b"PK\x03\x04other"), town="索镇", sender="", day="20210915")
        for name in ("a.xlsx", "b.xlsx")
    )
    assert (first.is_new, second.is_new, first.path) == (True, False, second.path)


def test_what_was_collected_and_moved_away_is_not_stored_again(tmp_path: Path) -> None:
    """Contents that a journal knows count as there, wherever somebody has put them since."""
    store = ReturnStore(tmp_path, {SHA256: tmp_path / "moved.xlsx"})
    saved = store.save(Part("表.xlsx", DATA), town="索镇", sender="", day="20210915")
    assert (saved.is_new, saved.path) == (False, tmp_path / "moved.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_deleted(tmp_path: Path) -> None:
    """A temporary file of ours has no name yet: it is removed, and its contents count as missing."""
    torn = tmp_path / "索镇" / ".greenxl-abc.tmp"
    torn.parent.mkdir()
    torn.write_bytes(DATA)
    assert save(tmp_path, Part("表.xlsx", DATA)).is_new
    assert not torn.exists()


def test_attachments_lie_hidden_while_they_are_read(tmp_path: Path) -> None:
    """Each under a number, in a folder that is gone afterwards, and that a later run removes if it is not."""
    store = ReturnStore(tmp_path / "returned", {})
    with store.unchecked([Part("../a.xlsx", DATA), Part("a.xlsx", b"2")]) as paths:
        assert [path.read_bytes() for path in paths] == [DATA, b"2"]
        assert {path.parent.parent for path in paths} == {tmp_path / "returned"}
        assert paths[0].parent.name.startswith(".greenxl-")
        ReturnStore(tmp_path / "returned", {})
        assert not paths[0].exists()
    assert list((tmp_path / "returned").iterdir()) == []
