"""The rounds that were open last are remembered, and a broken list is an empty one."""

from pathlib import Path

import pytest

from greenxl.ui.desktop.remembered import Remembered, settings_folder


def rounds(tmp_path: Path, count: int) -> list[Path]:
    folders = [tmp_path / f"round {number}" for number in range(count)]
    for folder in folders:
        folder.mkdir()
        (folder / "campaign.xlsx").write_text("")
    return folders


def test_the_last_one_is_the_first(tmp_path: Path) -> None:
    """Each once, the eight last; one that is gone is left out."""
    file, folders = tmp_path / "settings" / "rounds.json", rounds(tmp_path, 10)
    for folder in [*folders, folders[5]]:
        Remembered(file).add(folder)
    (folders[9] / "campaign.xlsx").unlink()
    found = [one.name for one in Remembered(file).rounds()]
    assert found == [f"round {number}" for number in (5, 8, 7, 6, 4, 3, 2)]


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b'[1, null, [], "relative"]', b"\xff\xfe"])
def test_a_broken_list_is_empty(tmp_path: Path, data: bytes) -> None:
    """Nothing depends on it."""
    file = tmp_path / "rounds.json"
    file.write_bytes(data)
    assert Remembered(file).rounds() == []


def test_it_is_kept_where_the_system_keeps_settings() -> None:
    """By the system's own variables."""
    assert settings_folder({"XDG_CONFIG_HOME": "/c"}, "linux") == Path("/c/greenxl")
    assert settings_folder({}, "linux") == Path.home() / ".config" / "greenxl"
    assert settings_folder({"APPDATA": "/a"}, "win32") == Path("/a/greenxl")
    assert settings_folder({}, "darwin").parts[-3:] == ("Library", "Application Support", "greenxl")
