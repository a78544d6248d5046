"""What starts the page by a double click: a file in the round's folder, for the system that made it."""

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from greenxl.i18n import LANGUAGE
from greenxl.output_files import holds, write_whole

NAME = "打开评分汇总"
_ARGUMENTS = "-P -m greenxl ui"
"""Without the folder on the path of modules: nobody's file there is run."""
_FOLDERS = ("LOCALAPPDATA", "APPDATA", "USERPROFILE")
"""Variables of Windows that hold a person's name, which then need not be written."""


@dataclass(frozen=True, slots=True)
class Launcher:
    """A file that starts the page."""

    name: str
    data: bytes


def launcher(
    folder: Path,
    interpreter: str = sys.executable,
    platform: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
    language: str = LANGUAGE,
) -> Launcher:
    """Return the launcher of a round's folder, which starts this interpreter.

    On Windows and macOS it may be moved with its folder; a .desktop file names the folder itself.
    """
    if platform == "win32":
        return Launcher(f"{NAME}.bat", _batch(interpreter, environment, language))
    if platform == "darwin":
        return Launcher(f"{NAME}.command", _command(interpreter, language))
    return Launcher(f"{NAME}.desktop", _desktop(folder.resolve(), interpreter, language))


def write_launcher(folder: Path) -> Path:
    """Write the launcher into a round's folder, in the place of an older one, and return it.

    :raises GreenxlError: the folder cannot be written.
    """
    made = launcher(folder)
    path = folder / made.name
    if not holds(path, made.data):
        write_whole(path, made.data)
    if os.name != "nt":
        path.chmod(path.stat().st_mode | 0o755)
    return path


def _batch(interpreter: str, environment: Mapping[str, str], language: str) -> bytes:
    """Return a batch file: cmd reads its first lines in any code page, and the rest as UTF-8.

    A path is written by the variable that it begins with: then a name in Chinese is not in the file at all.
    """
    for name in _FOLDERS:
        start = environment.get(name, "")
        if start and interpreter.casefold().startswith(f"{start}\\".casefold()):
            program = f"%{name}%{_percents(interpreter[len(start) :])}"
            break
    else:
        program = _percents(interpreter)
    lines = (
        "@echo off",
        "chcp 65001 >nul",
        'pushd "%~dp0"',
        f"set GREENXL_LANG={language}",
        f'if not exist "{program}" echo 找不到 Python，可能已经移动或卸载。请重新安装后再试。',
        f'"{program}" {_ARGUMENTS}',
        "if errorlevel 1 pause",
        "popd",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def _percents(path: str) -> str:
    return path.replace("%", "%%")


def _command(interpreter: str, language: str) -> bytes:
    return (
        "#!/bin/sh\n"
        'cd "$(dirname "$0")" || exit 1\n'
        f"export GREENXL_LANG={language}\n"
        f"exec {shlex.quote(interpreter)} {_ARGUMENTS}\n"
    ).encode()


def _desktop(folder: Path, interpreter: str, language: str) -> bytes:
    words = ["env", f"GREENXL_LANG={language}", interpreter, *_ARGUMENTS.split(), str(folder)]
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.0",
        f"Name={NAME}",
        f"Exec={' '.join(map(_desktop_word, words))}",
        "Icon=x-office-spreadsheet",
        "Terminal=true",
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _desktop_word(word: str) -> str:
    """Return a word of Exec (Desktop Entry Specification: first quoted, then escaped as any value)."""
    quoted = "".join(f"\\{c}" if c in '"`$\\' else c for c in word.replace("%", "%%"))
    escaped = quoted.replace("\\", "\\\\")
    return f'"{escaped}"'
