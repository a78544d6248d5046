"""A Dask cluster gives an executor, or one plain sentence within a bounded time."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.returns import cluster as module
from greenxl.returns.cluster import cluster
from tests.tools.dask_cluster import DaskCluster, dask_cluster, missing

needs_dask = pytest.mark.skipif(missing() is not None, reason=missing() or "")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with dask_cluster(tmp_path_factory.mktemp("cluster"), workers=1) as started:
        yield started


@pytest.mark.slow
@needs_dask
def test_a_cluster_runs_what_is_submitted(running: DaskCluster) -> None:
    """Elsewhere: in a process that is not this one nor a child of it."""
    with cluster(running.address) as executor:
        assert executor.submit(sum, [1, 2]).result(timeout=20) == 3


@pytest.mark.slow
@needs_dask
@pytest.mark.parametrize(
    ("version", "reason"), [("9.9", "it has greenxl 9.9"), (None, "it has no greenxl")], ids=["other", "none"]
)
def test_a_worker_that_reads_otherwise_is_refused(
    running: DaskCluster, version: str | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another greenxl, or none, would give another result, or every batch back."""

    def found() -> str:
        if version is None:
            raise ModuleNotFoundError
        return version

    monkeypatch.setattr(module, "_version", found)
    with (
        pytest.raises(GreenxlError, match=rf"cannot be used \({reason}\). Install greenxl"),
        cluster(running.address),
    ):
        pass


@pytest.mark.slow
@needs_dask
def test_a_cluster_without_workers_is_one_plain_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its batches would wait for ever."""
    monkeypatch.setattr(module, "_SECONDS", 2)
    with (
        dask_cluster(tmp_path, workers=0) as empty,
        pytest.raises(GreenxlError, match=r"has no workers. Start “dask worker tcp://127"),
        cluster(empty.address),
    ):
        pass


@pytest.mark.slow
@needs_dask
@pytest.mark.parametrize("listening", [False, True], ids=["nobody", "another-program"])
def test_no_scheduler_is_one_plain_sentence(listening: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens, and where somebody does who never answers: within a bounded time."""
    monkeypatch.setattr(module, "_SECONDS", 2)
    start = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        if not listening:
            silent.close()
        with (
            pytest.raises(GreenxlError, match="no scheduler of a cluster answers there"),
            cluster(f"tcp://127.0.0.1:{port}"),
        ):
            pass
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("address", ["", "10.0.0.5:8786", "tcp://10.0.0.5", "http://a:1", "tcp://me:p@a:1"])
def test_an_address_is_checked_before_anything_is_loaded(address: str) -> None:
    """One sentence says how it is written."""
    with pytest.raises(WrongUseError, match="is no address of a cluster"), cluster(address):
        pass


def test_without_the_extra_it_is_named() -> None:
    """Who has not installed it reads what to install."""
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "from greenxl.returns.cluster import cluster\n"
        "from greenxl.errors import WrongUseError\n"
        "try: cluster('tcp://127.0.0.1:9').__enter__()\n"
        "except WrongUseError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("To read on a cluster, greenxl needs Dask: install greenxl[cluster]")
