"""The page of ``greenxl ui`` in a process of its own, as a test or a picture needs it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
_OPENER = '#!/bin/sh\nprintf "%s\\n" "$1" >>"{log}"\n'


@dataclass(frozen=True)
class Started:
    """A running page."""

    address: str
    """With its key."""
    process: subprocess.Popen[str]
    home: Path
    """The home folder of its user, which holds the settings too."""

    @property
    def root(self) -> str:
        return self.address.partition("?")[0]

    def last_opened(self, count: int) -> str:
        """Return the name of what was opened in another program as the so many-th."""
        log, end = self.home / "opened", time.monotonic() + 10
        while time.monotonic() < end:
            lines = log.read_text("utf-8").splitlines() if log.exists() else []
            if len(lines) >= count:
                assert len(lines) == count
                return Path(lines[-1]).name
            time.sleep(0.05)
        raise AssertionError("nothing was opened")


@contextmanager
def page_server(folder: Path, home: Path, *options: str, **environment: str) -> Iterator[Started]:
    """Serve the round of a folder as long as the block lasts; nothing of this computer is opened."""
    home.mkdir(parents=True, exist_ok=True)
    opener = home / "opener"
    opener.write_text(_OPENER.format(log=home / "opened"), "utf-8")
    opener.chmod(0o755)
    settings = {
        **os.environ,
        "GREENXL_LANG": "zh_CN",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "settings"),
        "GREENXL_OPEN": str(opener),
        "PYTHONIOENCODING": "utf-8",
        **environment,
    }
    command = [sys.executable, "-m", "greenxl", "ui", str(folder), "--no-browser", *options]
    process = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "no address was printed"
        yield Started(found[0], process, home)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def journal(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
