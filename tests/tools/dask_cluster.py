"""A real Dask cluster on loopback: a scheduler and workers of one thread, each a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent.parent


def missing() -> str | None:
    """Return why no cluster can be started, None where one can."""
    return None if find_spec("distributed") else "distributed is not here"


@dataclass(frozen=True)
class DaskCluster:
    address: str
    workers: Sequence["subprocess.Popen[bytes]"]

    def processes(self) -> set[int]:
        """Return the processes of the workers: nannies and those that they keep running."""
        nannies = [psutil.Process(worker.pid) for worker in self.workers]
        return {one.pid for nanny in nannies for one in (nanny, *nanny.children())}

    def kill_worker(self) -> None:
        """Kill the first worker with its nanny and all that they started, as if its computer were gone."""
        nanny = psutil.Process(self.workers[0].pid)
        for process in (nanny, *nanny.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[DaskCluster]:
    """Run a cluster that keeps what it writes in this folder."""
    with ExitStack() as stack:
        address_file = folder / "scheduler.json"
        scheduler = _started(
            folder, "scheduler", "--port", "0", "--no-show", "--scheduler-file", str(address_file)
        )
        stack.callback(_end, scheduler)
        _wait(address_file)
        started = []
        for number in range(workers):
            place = folder / f"worker-{number}"
            place.mkdir()
            name = ("--name", f"{number}", "--nthreads", "1", "--local-directory", str(place))
            started.append(_started(place, "worker", "--scheduler-file", str(address_file), *name))
            stack.callback(_end, started[-1])
        yield DaskCluster(_address(address_file), started)


def _started(folder: Path, kind: str, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "dask", kind, "--host", "127.0.0.1", "--no-dashboard", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / f"{kind}.log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)


def _wait(file: Path) -> None:
    for _tenth in range(300):
        if file.exists() and file.read_text():
            return
        time.sleep(0.1)
    raise TimeoutError(file)


def _address(file: Path) -> str:
    import json

    address: str = json.loads(file.read_text())["address"]
    return address


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
