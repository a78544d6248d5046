"""Keeps the output in the documentation true: the commands shown are run.

Every ``console`` block of the README is run in order in one empty folder; a line that begins with ``$``
is a command, the lines after it are its output.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = {
    ROOT / "README.md": "en",
    ROOT / "README.zh-CN.md": "zh",
    ROOT / "docs" / "mail.md": "en",
    ROOT / "docs" / "mail.zh-CN.md": "zh",
    ROOT / "docs" / "operating.md": "en",
    ROOT / "docs" / "operating.zh-CN.md": "zh",
    ROOT / "docs" / "programmes.md": "en",
    ROOT / "docs" / "programmes.zh-CN.md": "zh",
    ROOT / "docs" / "annual-report.md": "en",
    ROOT / "docs" / "annual-report.zh-CN.md": "zh",
}
BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)


def run(readme: Path) -> str:
    """Return the README with the output that its commands give today."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(ROOT / "samples", place / "samples", ignore=shutil.ignore_patterns("__pycache__"))
        shell = Shell(place, LANGUAGES[readme])
        return BLOCK.sub(lambda m: m[1] + shell.replay(m[2]) + m[3], readme.read_text("utf-8"))


class Shell:
    """Runs commands one after another; ``cd`` is remembered."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        tools = str(Path(sys.executable).parent)
        self.environment = {
            **os.environ,
            "GREENXL_LANG": language,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONIOENCODING": "utf-8",
        }

    def replay(self, block: str) -> str:
        commands = [line for line in block.splitlines() if line.startswith("$ ")]
        return "".join(f"{command}\n{self.output(command[2:])}" for command in commands)

    def output(self, command: str) -> str:
        if command.startswith("cd "):
            self.folder /= command[3:]
            return ""
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return done.stdout


def update() -> None:
    for path in LANGUAGES:
        path.write_text(run(path), encoding="utf-8")
