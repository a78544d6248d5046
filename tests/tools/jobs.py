"""Jobs for the tests of the pool: a worker imports them by name."""

import os
import time
from itertools import count
from pathlib import Path

_NUMBERS = count(1)


def die_once(marker: Path | None) -> int:
    """Return which item of its process this is, or end the process where the marker is not there yet."""
    if marker and not marker.exists():
        marker.touch()
        os._exit(0)
    return next(_NUMBERS)


def hang(marker: Path) -> None:
    """Leave a marker and never return."""
    marker.touch()
    time.sleep(600)
