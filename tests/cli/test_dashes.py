"""Options typed with the dashes of a Chinese input method."""

from pathlib import Path

import click
import pytest

from greenxl.cli.dashes import refuse_other_dashes


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("——force", "--force"),
        ("—force", "--force"),
        ("––sendback", "--sendback"),
        ("－－as－of", "--as-of"),
        ("-—year＝2027", "--year=2027"),
        ("－o", "-o"),
        ("——ｆｏｒｃｅ", "--force"),
        ("−h", "-h"),
    ],
)
def test_the_right_spelling_is_named(word: str, right: str) -> None:
    """Whichever dash was typed, the message shows the option as the keyboard types it."""
    with pytest.raises(click.UsageError, match=f"type: {right}$"):
        refuse_other_dashes(["check", word])


@pytest.mark.parametrize(
    "word", ["--force", "-o", "-o一季度.xlsx", "-1", "-", "--", "——", "—索镇.xlsx", "一月", "a—b"]
)
def test_what_is_no_such_option_is_left_alone(word: str) -> None:
    """Right options, names and numbers pass."""
    refuse_other_dashes([word])


def test_a_file_of_such_a_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What exists was meant as a path."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "—force").write_text("")
    refuse_other_dashes(["—force"])
