"""Keeps the reference of the commands: each is asked for its help."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from greenxl.cli.app import cli

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = {"en": DOCS / "commands.md", "zh": DOCS / "commands.zh-CN.md"}
HEADS = {
    "en": """# The commands

[中文](commands.zh-CN.md) · [back](../README.md)

What `greenxl COMMAND --help` prints, for every command. Inside a round folder no command but `send` and
`mark` needs an argument.

Exit codes: 0 done and clean; 1 done, and some finding is an error (with `--strict`: or a warning, or a
community is missing); 2 wrong use or a campaign that cannot be used; 3 reading, writing or mail failed.
""",
    "zh": """# 命令一览

[English](commands.md) · [返回](../README.zh-CN.md)

以下是各条命令加 `--help` 显示的内容。在本轮文件夹中，除 `send`、`mark` 外，运行命令都不需要写参数。

退出码：0 完成，没有问题；1 完成，但有错误（加 `--strict` 时，有提醒或有社区未报送也算）；
2 用法不对或方案不能使用；3 读取、写入或收发邮件失败。
""",
}


SHOW_HELP = """
import contextlib, io, json, sys
from greenxl.cli.app import cli
from greenxl.i18n import translate_click

def help_of(words):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        cli([*words, "--help"], prog_name="greenxl", standalone_mode=False)
    return text.getvalue()

translate_click()
print(json.dumps([help_of(words) for words in json.load(sys.stdin)]))
"""


def page(language: str) -> str:
    """Return the page in a language."""
    commands = list(_commands([], cli))
    helps = zip(commands, help_of(commands, language), strict=True)
    return HEADS[language] + "".join(_section(words, text) for words, text in helps)


def _commands(words: list[str], command: click.Command) -> Iterator[list[str]]:
    """Yield a command, and those under it."""
    yield words
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            yield from _commands([*words, name], inner)


def _section(words: list[str], text: str) -> str:
    return f"\n## {' '.join(['greenxl', *words])}\n\n```text\n{text}```\n"


def help_of(commands: list[list[str]], language: str, columns: int = 100) -> list[str]:
    """Return the help of each command, all from one process that speaks the language."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW_HELP],
        env={**os.environ, "GREENXL_LANG": language, "COLUMNS": str(columns)},
        input=json.dumps(commands),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    helps: list[str] = json.loads(done.stdout)
    return helps


def update() -> None:
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
