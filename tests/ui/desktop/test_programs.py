"""Files are opened in other programs, or a sentence says why not."""

import os
import time
from pathlib import Path

import pytest

from greenxl.errors import GreenxlError
from greenxl.ui.desktop.programs import OPENER, open_in_program

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the opener is a shell script")


def test_a_file_is_handed_over_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program gets one argument, whatever characters the path has."""
    opener = tmp_path / "opener"
    opener.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >"{tmp_path}/log"\n')
    opener.chmod(0o755)
    monkeypatch.setenv(OPENER, str(opener))
    file = tmp_path / "a b;$(c).xlsx"
    file.write_text("")
    open_in_program(file)
    end = time.monotonic() + 10
    while not (tmp_path / "log").exists() and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.05)
    assert (tmp_path / "log").read_text() == f"{file}|"


def test_what_cannot_be_opened_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that went away, and a program that is not there."""
    with pytest.raises(GreenxlError, match="gone.xlsx is not there any more"):
        open_in_program(tmp_path / "gone.xlsx")
    monkeypatch.setenv(OPENER, str(tmp_path / "nothing"))
    with pytest.raises(GreenxlError, match="cannot be opened from here"):
        open_in_program(tmp_path)
