"""Jobs for the tests of the pool: a worker imports them by name."""

import os
import time
from itertools import count
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.returns.reader import Reading

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


def outcome_and_process(reading: Reading, campaign: Campaign) -> tuple[str, str, int]:
    """Return what became of a file, the campaign by which it was read, and the process that says so."""
    return reading.entry.outcome, campaign.id, os.getpid()


def hang_or_die(reading: Reading, _campaign: Campaign) -> tuple[str, str]:
    """Return a file's name and outcome; one named hang or die does that to whoever reads it."""
    name = Path(reading.entry.file).name
    if reading.entry.outcome != "rejected":
        if "hang" in name:
            time.sleep(600)
        if "die" in name:
            os._exit(1)
    return name, reading.entry.outcome


def die_outside(reading: Reading, _campaign: Campaign) -> str:
    """Return where a file was read; one named 2 ends its process elsewhere."""
    place = "elsewhere" if "TESTS_ELSEWHERE" in os.environ else "here"
    if place == "elsewhere" and "2" in Path(reading.entry.file).name:
        os._exit(1)
    return f"{Path(reading.entry.file).name} {place}"
