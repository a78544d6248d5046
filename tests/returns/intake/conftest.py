"""What the tests of the intake share."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder called ``in`` that the command is pointed at from beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    return Path("in")
