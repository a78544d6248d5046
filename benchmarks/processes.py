"""What a whole process takes, with all the processes that it starts: seconds and memory."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import median

import psutil

_INTERVAL = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Taken:
    """By one run, or the medians of several."""

    seconds: float
    """From start to end."""
    cpu: float
    """Seconds of processors, of all processes together."""
    parent: float
    """Peak of resident memory of the first process, MB (10^6 bytes)."""
    all: float
    """Peak of the sum over all processes; what they share is counted in each."""


class BenchmarkError(Exception):
    """A command failed, or wrote something else than it should."""


def run(command: Sequence[str], good: Sequence[int] = (0, 1)) -> Taken:
    """Run a command to its end.

    :param good: the exit codes of success; greenxl says with 1 that something is to be corrected.
    """
    start, cpu_before = time.perf_counter(), _cpu_of_ended()
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment())
    peaks, ended = [0, 0], threading.Event()
    watch = threading.Thread(target=_watch, args=(process, peaks, ended))
    watch.start()
    _out, errors = process.communicate()
    seconds = time.perf_counter() - start
    ended.set()
    watch.join()
    if process.returncode not in good:
        raise BenchmarkError(f"{' '.join(command)}: {errors.decode(errors='replace')}")
    return Taken(seconds, _cpu_of_ended() - cpu_before, *(peak / 1e6 for peak in peaks))


def _environment() -> dict[str, str]:
    """Return ours, in which Python keeps what it compiles, as an installed package is compiled."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _cpu_of_ended() -> float:
    """Return the CPU seconds of the processes of ours that ended; 0 where the system does not tell."""
    times = psutil.Process().cpu_times()
    return float(times.children_user + times.children_system)


def _watch(process: psutil.Process, peaks: list[int], ended: threading.Event) -> None:
    while not ended.wait(_INTERVAL):
        sizes = list(_sizes(process))
        peaks[:] = max(peaks[0], *sizes[:1], 0), max(peaks[1], sum(sizes))


def _sizes(process: psutil.Process) -> Iterator[int]:
    """Yield the resident bytes of a process and of those that it started, while they are there."""
    with suppress(psutil.NoSuchProcess):
        yield process.memory_info().rss
        for one in process.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                yield one.memory_info().rss


def medians(runs: Sequence[Taken]) -> Taken:
    return Taken(
        *(median(getattr(one, name) for one in runs) for name in ("seconds", "cpu", "parent", "all"))
    )


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
