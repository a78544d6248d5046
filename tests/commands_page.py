"""Keeps the reference of the commands: ``python tests/commands_page.py update`` asks each for its help."""

import os
import subprocess
import sys
from pathlib import Path

from greenxl.cli import cli

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
HEAD = """# The commands

What `greenxl COMMAND --help` prints, for every command; `GREENXL_LANG=zh` prints it in Chinese.
Inside a round folder no command needs an argument.

Exit codes: 0 done and clean; 1 done, and some finding is an error (with `--strict`: or a warning, or a
community is missing); 2 wrong use or a campaign that cannot be used; 3 reading, writing or mail failed.
"""


def page() -> str:
    return HEAD + "".join(_section(words) for words in [[], *([name] for name in sorted(cli.commands))])


def _section(words: list[str]) -> str:
    return f"\n## {' '.join(['greenxl', *words])}\n\n```text\n{help_of(words)}```\n"


def help_of(words: list[str], language: str = "en", columns: int = 100) -> str:
    environment = {
        **os.environ,
        "GREENXL_LANG": language,
        "COLUMNS": str(columns),
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "-m", "greenxl", *words, "--help"]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True).stdout


if __name__ == "__main__":
    if sys.argv[1:] != ["update"]:
        sys.exit(__doc__)
    PAGE.write_text(page(), encoding="utf-8")
