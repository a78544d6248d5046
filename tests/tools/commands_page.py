"""Keeps the reference of the commands: each is asked for its help."""

import os
import subprocess
import sys
from pathlib import Path

from greenxl.cli.app import cli

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = {"en": DOCS / "commands.md", "zh": DOCS / "commands.zh-CN.md"}
HEADS = {
    "en": """# The commands

[中文](commands.zh-CN.md) · [back](../README.md)

What `greenxl COMMAND --help` prints, for every command. Inside a round folder no command but `send` needs
an argument.

Exit codes: 0 done and clean; 1 done, and some finding is an error (with `--strict`: or a warning, or a
community is missing); 2 wrong use or a campaign that cannot be used; 3 reading, writing or mail failed.
""",
    "zh": """# 命令一览

[English](commands.md) · [返回](../README.zh-CN.md)

以下是各条命令加 `--help` 显示的内容。在本轮文件夹中，除 `send` 外，运行命令都不需要写参数。

退出码：0 完成，没有问题；1 完成，但有错误（加 `--strict` 时，有提醒或有社区未报送也算）；
2 用法不对或方案不能使用；3 读取、写入或收发邮件失败。
""",
}


def page(language: str) -> str:
    """Return the page in a language."""
    commands = [[], *([name] for name in sorted(cli.commands))]
    return HEADS[language] + "".join(_section(words, language) for words in commands)


def _section(words: list[str], language: str) -> str:
    return f"\n## {' '.join(['greenxl', *words])}\n\n```text\n{help_of(words, language)}```\n"


def help_of(words: list[str], language: str, columns: int = 100) -> str:
    environment = {
        **os.environ,
        "GREENXL_LANG": language,
        "COLUMNS": str(columns),
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "-m", "greenxl", *words, "--help"]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True).stdout


def update() -> None:
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
