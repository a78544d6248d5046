"""What the tests of the commands share: greenxl in this process or one of its own, and a begun round."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools import commands

Run = Callable[..., commands.Finished]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run greenxl in an empty folder."""

    def greenxl(*words: object, cwd: Path = tmp_path, **environment: str) -> commands.Finished:
        return commands.run(cwd, *words, **environment)

    return greenxl


@pytest.fixture
def run_process(tmp_path: Path) -> Run:
    """The same in a process of its own, without a traceback whatever happens."""

    def greenxl(*words: object, cwd: Path = tmp_path, **environment: str) -> commands.Finished:
        encoding = "gbk" if environment.get("PYTHONIOENCODING") == "gbk" else "utf-8"
        settings = {**os.environ, "GREENXL_LANG": "en", "PYTHONIOENCODING": "utf-8", **environment}
        command = [sys.executable, "-X", "dev", "-m", "greenxl", *map(str, words)]
        done = subprocess.run(
            command, cwd=cwd, env=settings, capture_output=True, encoding=encoding, check=False
        )
        assert "Traceback" not in done.stderr
        return done

    return greenxl


@pytest.fixture
def round_(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "round"
    assert run("init", folder).returncode == 0
    return folder
