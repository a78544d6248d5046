"""Runs ``greenxl`` in a folder as a person does: in this process, which is quick, or in one of its own."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import click
from click.testing import CliRunner

from greenxl.cli.app import cli
from greenxl.i18n import LANGUAGE, choose_language

Finished = subprocess.CompletedProcess[str]


def leaves(group: click.Group = cli, above: str = "") -> dict[str, click.Command]:
    """Return every command that does something, by what is typed after greenxl: ``mark sent``."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        words = f"{above}{name}"
        found |= leaves(command, f"{words} ") if isinstance(command, click.Group) else {words: command}
    return found


def run(folder: Path, *words: object, **environment: str) -> Finished:
    """Run a command in this process; every error that it reports is one that a user can cause.

    The language was chosen when greenxl was imported, so another one needs :func:`run_process`.
    """
    language = choose_language({**os.environ, **environment}, None)
    assert language == LANGUAGE, "another language needs a process of its own"
    arguments = [str(word) for word in words]
    with contextlib.chdir(folder):
        result = CliRunner().invoke(cli, arguments, prog_name="greenxl", env=environment)
    done = Finished(["greenxl", *arguments], result.exit_code, result.stdout, result.stderr)
    return _checked(done)


def run_process(folder: Path, *words: object, **environment: str) -> Finished:
    """Run a command in a process of its own, with UTF-8 streams and nothing to read."""
    settings = {**os.environ, "GREENXL_LANG": "en", "PYTHONIOENCODING": "utf-8", **environment}
    done = subprocess.run(
        [sys.executable, "-m", "greenxl", *map(str, words)],
        cwd=folder,
        env=settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    return _checked(done)


def _checked(done: Finished) -> Finished:
    """Return the result, unless greenxl itself failed."""
    assert "Traceback" not in done.stderr, done.stderr
    assert "greenxl itself failed" not in done.stderr, done.stderr
    return done
