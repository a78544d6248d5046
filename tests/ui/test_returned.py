"""Files come in under their own names, never over another or outside, and go out and come back."""

import io
import os
from pathlib import Path

import pytest

from greenxl.errors import WrongUseError
from greenxl.ui.returned import Arrival, cleaned, files_in, id_of, most_bytes, put_back, receive, withdraw


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("索镇.xlsx", "索镇.xlsx"),
        ("收到/索镇/永安.xlsx", "收到/索镇/永安.xlsx"),
        ("C:\\fakepath\\索镇.xlsx", "C_/fakepath/索镇.xlsx"),
        ("../../etc/passwd", "etc/passwd"),
        ("/absolute/x.xlsx", "absolute/x.xlsx"),
        ("a\0b\u202e.xlsx", "a__.xlsx".replace("a__", "a_b_")),
        ("CON.xlsx", "_CON.xlsx"),
        (". ./..", "_"),
        ("", "_"),
        ("a/b/c/d/e/f/g/h.xlsx", "c/d/e/f/g/h.xlsx"),
        ("长" * 300 + ".xlsx", "长" * 75 + ".xlsx"),
        ("没有后缀", "没有后缀"),
    ],
)
def test_a_name_is_cleaned(name: str, kept: str) -> None:
    """It leads nowhere but below the returns, and keeps its extension and the folders next to it."""
    assert str(cleaned(name)) == kept


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """Another file of the name goes beside it; the same bytes are there already."""
    arrivals = [receive(tmp_path, "a/x.xlsx", io.BytesIO(data)) for data in (b"1", b"2", b"1", b"2")]
    assert [(one.arrival, one.kept_as) for one in arrivals] == [
        (Arrival.NEW, "a/x.xlsx"),
        (Arrival.RENAMED, "a/x（2）.xlsx"),
        (Arrival.SAME, "a/x.xlsx"),
        (Arrival.SAME, "a/x（2）.xlsx"),
    ]


def test_what_is_too_large_or_has_no_place_is_not_kept(tmp_path: Path) -> None:
    """One byte more than is read; a folder that is a file; a link that leads out."""
    large = io.BytesIO(bytes(most_bytes("x.xlsx") + 1))
    assert receive(tmp_path, "x.xlsx", large).arrival is Arrival.TOO_LARGE
    receive(tmp_path, "file", io.BytesIO(b"1"))
    assert receive(tmp_path, "file/x.xlsx", io.BytesIO(b"1")).arrival is Arrival.FAILED
    (tmp_path / "outside").mkdir()
    (tmp_path / "returned" / "link").symlink_to(tmp_path / "outside")
    assert receive(tmp_path, "link/x.xlsx", io.BytesIO(b"1")).arrival is Arrival.FAILED
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_return_goes_out_and_comes_back(tmp_path: Path) -> None:
    """With its folder, and beside what has its name meanwhile."""
    receive(tmp_path, "a/x.xlsx", io.BytesIO(b"1"))
    assert withdraw(tmp_path, id_of("a/x.xlsx")) == "a/x.xlsx"
    assert (files_in(tmp_path / "returned"), files_in(tmp_path / "撤回")) == ([], ["a/x.xlsx"])
    receive(tmp_path, "a/x.xlsx", io.BytesIO(b"2"))
    put_back(tmp_path, id_of("a/x.xlsx"))
    assert files_in(tmp_path / "returned") == ["a/x.xlsx", "a/x（2）.xlsx"]
    assert (tmp_path / "returned" / "a" / "x（2）.xlsx").read_bytes() == b"1"


@pytest.mark.parametrize("wanted", ["../campaign.xlsx", "", "x", id_of("../campaign.xlsx")])
def test_only_a_return_is_withdrawn(tmp_path: Path, wanted: str) -> None:
    """The browser names one of those that were listed; a path is none of them."""
    (tmp_path / "campaign.xlsx").write_bytes(b"1")
    (tmp_path / "returned").mkdir()
    with pytest.raises(WrongUseError, match="not there any more"):
        withdraw(tmp_path, wanted)
    assert (tmp_path / "campaign.xlsx").exists()


def test_a_name_of_any_bytes_has_an_id(tmp_path: Path) -> None:
    """A name that is no UTF-8 can be withdrawn like any."""
    (tmp_path / "returned").mkdir()
    name = os.fsdecode(b"\xcb\xf7.xlsx")
    (tmp_path / "returned" / name).write_bytes(b"1")
    assert withdraw(tmp_path, id_of(name)) == name
