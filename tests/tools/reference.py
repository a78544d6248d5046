"""Keeps the reference in the READMEs: every command with all that it takes, and every option once.

Both tables are made from what the commands take; they are between the lines BEGIN and END of each README.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PAGES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
BEGIN = "<!-- what the commands take: python -m tests.tools.renew reference -->"
END = "<!-- end -->"
HEADS = {
    "en": (("command", "does"), ("option", "of", "means")),
    "zh": (("命令", "作用"), ("选项", "用于", "含义")),
}
EVERY = {"en": "every command", "zh": "各条命令"}
BETWEEN = {"en": ", ", "zh": "、"}

TAKEN = """
import json, click
from greenxl.cli.app import cli
from greenxl.i18n import translate_click

translate_click()

def described(parameter, context):
    metavar = parameter.make_metavar(context)
    if isinstance(parameter, click.Option):
        record = parameter.get_help_record(context)
        return {
            "names": sorted(parameter.opts, key=len), "metavar": "" if parameter.is_flag else metavar,
            "many": parameter.multiple, "help": record[1],
        }
    return {"names": [], "metavar": metavar, "many": False, "help": ""}

commands = {}

def describe(group, context, above):
    for name, command in group.commands.items():
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            describe(command, inner, f"{above}{name} ")
            continue
        taken = [described(one, inner) for one in command.get_params(inner)]
        commands[above + name] = {"help": command.get_short_help_str(200), "takes": taken}

describe(cli, click.Context(cli, info_name="greenxl", **cli.context_settings), "")
print(json.dumps(commands))
"""

Commands = dict[str, dict[str, Any]]


def taken(language: str) -> Commands:
    """Return every command's summary and what it takes, in the words of a language."""
    done = subprocess.run(
        [sys.executable, "-c", TAKEN],
        env={**os.environ, "GREENXL_LANG": language},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    commands: Commands = json.loads(done.stdout)
    return commands


def reference(language: str) -> str:
    """Return both tables."""
    commands = taken(language)
    first, second = HEADS[language]
    lines = [_row(f"`{_synopsis(name, one)}`", one["help"].rstrip("。.")) for name, one in commands.items()]
    return f"{_table(first, lines)}\n\n{_table(second, _options(commands, language))}"


def _synopsis(name: str, command: dict[str, Any]) -> str:
    words = ["greenxl", name]
    words += [one["metavar"].replace("...", "…") for one in command["takes"] if not one["names"]]
    for one in command["takes"]:
        if one["names"] and one["names"][-1] != "--help":
            text = f"[{one['names'][0]}{' ' if one['metavar'] else ''}{one['metavar']}]"
            words.append(text + ("…" if one["many"] else ""))
    return " ".join(words)


def _options(commands: Commands, language: str) -> list[str]:
    """Return a row for each option and meaning: the same name may mean two things in two commands."""
    users: dict[tuple[str, str], list[str]] = {}
    for name, command in commands.items():
        for one in command["takes"]:
            if one["names"]:
                words = f"`{', '.join(one['names'])}{' ' if one['metavar'] else ''}{one['metavar']}`"
                users.setdefault((words, re.sub(r"\s+", " ", one["help"])), []).append(name)
    rows = []
    for (words, meaning), names in sorted(users.items(), key=lambda item: item[0][0].lstrip("`-")):
        whose = EVERY[language] if len(names) == len(commands) else BETWEEN[language].join(names)
        rows.append(_row(words, whose, meaning))
    return rows


def _table(head: tuple[str, ...], rows: list[str]) -> str:
    return "\n".join([_row(*head), "| " + " | ".join("---" for _title in head) + " |", *rows])


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def page(language: str) -> str:
    """Return the README with the reference of today."""
    text = PAGES[language].read_text("utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{reference(language)}\n\n{END}{after}"


def update() -> None:
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
