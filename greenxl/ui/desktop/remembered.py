"""The rounds that were open last, in a small file among the user's own settings."""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from greenxl.errors import GreenxlError
from greenxl.output_files import write_whole
from greenxl.rounds.folder import is_round

_MOST = 8


def settings_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Return the folder of greenxl's settings, as the system has such."""
    if platform == "win32":
        return Path(environment.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "greenxl"
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "greenxl"
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "greenxl"


class Remembered:
    """The list in a file; where it cannot be kept, it is forgotten: nothing depends on it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def rounds(self) -> list[Path]:
        """Return the rounds that are still there, the last one first."""
        return [folder for folder in self._read() if is_round(folder)]

    def add(self, folder: Path) -> None:
        others = [one for one in self._read() if one != folder]
        data = json.dumps([str(one) for one in (folder, *others)][:_MOST], ensure_ascii=False)
        with suppress(GreenxlError):
            write_whole(self._file, data.encode())

    def _read(self) -> list[Path]:
        try:
            found = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return []
        if not isinstance(found, list):
            return []
        return [Path(one) for one in found if isinstance(one, str) and Path(one).is_absolute()]
