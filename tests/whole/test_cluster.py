"""Two thousand returns on a real cluster, with hostile ones and a worker lost: the result is the same."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns.cluster import cluster
from greenxl.returns.intake import take_in
from greenxl.returns.pool import process_all
from tests.tools.dask_cluster import DaskCluster, dask_cluster, missing
from tests.tools.jobs import hang_or_die
from tests.tools.spoil import SPOILED, good

RETURNS = 2_000
EVERY = 97
"""Among so many files one is spoiled."""


@pytest.fixture(scope="module")
def returned(huantai: Campaign, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mostly copies of one return of one community, which is quick to read; each of bytes of its own."""
    folder = tmp_path_factory.mktemp("many") / "returned"
    folder.mkdir()
    whole = good(huantai, "果里镇")
    for number in range(RETURNS):
        spoiled = SPOILED[number // EVERY % len(SPOILED)] if number % EVERY == 0 else None
        name = f"{number:04}-{spoiled.file if spoiled else '果里镇.xlsx'}"
        # What follows a zip's end is its comment's, and a comment may be of any length.
        data = spoiled.make(whole) if spoiled else commented(whole, number)
        (folder / name).write_bytes(data)
    return folder


def commented(archive: bytes, number: int) -> bytes:
    """Return a zip with a comment."""
    comment = f"{number}".encode()
    assert archive[-2:] == b"\0\0"
    return archive[:-2] + len(comment).to_bytes(2, "little") + comment


def merged(folder: Path, returned: Path, *words: str) -> tuple[dict[str, Any], bytes, str]:
    """Return the document, the workbook's bytes and what was printed besides."""
    output = folder / "out.xlsx"
    settings = {**os.environ, "GREENXL_LANG": "en", "PYTHONIOENCODING": "utf-8"}
    command = [
        sys.executable,
        "-m",
        "greenxl",
        "merge",
        str(returned),
        "-o",
        str(output),
        "--force",
        "--json",
    ]
    done = subprocess.run(
        [*command, "--as-of", "2021-09-30", *words],
        env=settings,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=280,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout), output.read_bytes(), done.stderr


@contextmanager
def losing_a_worker(running: DaskCluster, folder: Path) -> Iterator[list[str]]:
    """Kill a worker as soon as it has begun a batch, which it keeps in a temporary folder."""
    killed: list[str] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            if any(folder.glob("greenxl-*/*")):
                time.sleep(0.2)
                running.kill_worker()
                killed.append("killed")
                return
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield killed
    finally:
        ended.set()
        thread.join()


pytestmark = [pytest.mark.slow, pytest.mark.skipif(missing() is not None, reason=missing() or "")]


def test_a_cluster_that_loses_a_worker_gives_the_same_to_the_byte(
    returned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workbook and document, with files of every spoiled kind among them."""
    batches = tmp_path / "tmp"
    batches.mkdir()
    document, workbook, _printed = merged(tmp_path, returned)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TMPDIR", str(batches))
        with dask_cluster(tmp_path) as running, losing_a_worker(running, batches) as killed:
            found, written, printed = merged(tmp_path, returned, "--cluster", running.address)
    assert killed == ["killed"]
    assert found == document
    assert written == workbook
    assert "came back unread" not in printed  # Dask runs again what the lost worker had
    assert len(document["files"]) == RETURNS


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_hostile_files_kill_neither_the_workers_of_a_cluster_nor_the_run(
    huantai: Campaign, tmp_path: Path
) -> None:
    """One that hangs and one that ends its process: the workers are those of before, the answers the same."""
    folder = tmp_path / "returned"
    folder.mkdir()
    for number in range(250):
        name = {20: "hang", 120: "die", 220: "die"}.get(number, "good")
        (folder / f"{number:03}-{name}.xlsx").write_bytes(commented(good(huantai, "果里镇"), number))
    sources = take_in([folder]).sources
    read = partial(process_all, hang_or_die, sources, huantai, seconds=3)
    here = list(read())
    with dask_cluster(tmp_path, workers=1) as running:
        with cluster(running.address) as executor:
            before = running.processes()
            assert list(read(executor=executor)) == here
        assert running.processes() == before
    assert Counter(outcome for _name, outcome in here) == {"read": 247, "rejected": 3}
