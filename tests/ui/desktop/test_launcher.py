"""A double click starts the page with the interpreter that made the launcher."""

import configparser
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from greenxl.ui.desktop.launcher import launcher, write_launcher

USER = {"LOCALAPPDATA": r"C:\Users\张三\AppData\Local", "USERPROFILE": r"C:\Users\张三"}
PYTHON = r"C:\Users\张三\AppData\Local\Programs\Python\Python312\python.exe"


def batch(interpreter: str) -> list[str]:
    made = launcher(Path("r"), interpreter, "win32", USER, "zh_CN")
    assert made.name == "打开评分汇总.bat"
    assert made.data.count(b"\n") == made.data.count(b"\r\n")
    return made.data.decode("utf-8").split("\r\n")


def test_on_windows_no_line_before_the_code_page_has_chinese() -> None:
    """cmd reads the file by its own code page (GBK) until chcp; a person's name is a variable."""
    lines = batch(PYTHON)
    assert lines[:3] == ["@echo off", "chcp 65001 >nul", 'pushd "%~dp0"']
    program = r'"%LOCALAPPDATA%\Programs\Python\Python312\python.exe"'
    assert f"{program} -P -m greenxl ui" in lines
    assert [line for line in lines if not line.isascii()] == [
        f"if not exist {program} echo 找不到 Python，可能已经移动或卸载。请重新安装后再试。"
    ]


@pytest.mark.parametrize(
    ("interpreter", "written"),
    [
        (r"D:\工具 100%\python.exe", r'"D:\工具 100%%\python.exe"'),
        (r"C:\USERS\张三\venv\Scripts\python.exe", r'"%USERPROFILE%\venv\Scripts\python.exe"'),
        (r"C:\Users\张三丰\python.exe", r'"C:\Users\张三丰\python.exe"'),
        (r"C:\a & b\python.exe", r'"C:\a & b\python.exe"'),
    ],
    ids=["percent", "other-case", "longer-name", "ampersand"],
)
def test_on_windows_any_path_is_quoted(interpreter: str, written: str) -> None:
    """Percent signs are doubled; only a whole folder becomes a variable."""
    assert f"{written} -P -m greenxl ui" in batch(interpreter)


def test_on_macos_it_goes_to_its_own_folder(tmp_path: Path) -> None:
    """A shell runs it wherever the round was moved; here an echo stands in for the interpreter."""
    folder = tmp_path / "桓台 县'2021"
    folder.mkdir()
    program = tmp_path / "it's python"
    program.write_text('#!/bin/sh\necho "$PWD" "$GREENXL_LANG" "$@"\n')
    program.chmod(0o755)
    made = launcher(folder, str(program), "darwin", {}, "zh_CN")
    file = folder / made.name
    file.write_bytes(made.data)
    done = subprocess.run(["sh", file], capture_output=True, encoding="utf-8", check=True, cwd="/")
    assert done.stdout == f"{folder} zh_CN -P -m greenxl ui\n"
    assert made.name.endswith(".command")


def exec_words(value: str) -> list[str]:
    """Return the words of the key Exec: a value unescaped, then each quoted word, then the field codes."""
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', value.replace("\\\\", "\\"))
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in quoted]


@pytest.mark.skipif(os.name == "nt", reason="a .desktop file is for other systems")
def test_on_linux_it_starts_the_page(tmp_path: Path) -> None:
    """The words of Exec, read as the specification says, start a server that prints its address."""
    folder = tmp_path / '桓台 100% "县" $(2021)'
    folder.mkdir()
    path = write_launcher(folder)
    assert os.access(path, os.X_OK)
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, "utf-8")
    entry = parser["Desktop Entry"]
    assert (entry["Type"], entry["Name"], entry["Terminal"]) == ("Application", "打开评分汇总", "true")
    words = exec_words(entry["Exec"])
    assert words[-1] == str(folder)
    assert sys.executable in words
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "settings")}
    process = subprocess.Popen(
        [*words, "--no-browser"], stdout=subprocess.PIPE, encoding="utf-8", env=environment
    )
    try:
        assert process.stdout
        assert "http://127.0.0.1:" in process.stdout.readline()
    finally:
        process.terminate()
        process.wait(20)
        assert process.stdout
        process.stdout.close()


def test_an_older_launcher_gives_way(tmp_path: Path) -> None:
    """It is ours; one that is the same stays untouched."""
    path = write_launcher(tmp_path)
    before = path.stat().st_mtime_ns
    time.sleep(0.02)
    write_launcher(tmp_path)
    assert path.stat().st_mtime_ns == before
    path.write_text("old")
    assert write_launcher(tmp_path).read_bytes() == launcher(tmp_path).data
