"""Whatever an executor does with its batches, the answers are those of this computer, in their order."""

import logging
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns import batches
from greenxl.returns.intake import Source, take_in
from greenxl.returns.pool import process_all, read_all
from tests.tools.jobs import die_outside, outcome_and_process
from tests.tools.packed_mails import multipart, named
from tests.tools.spoil import good, packed


class Here(Executor):
    """Runs what is submitted at once, or does with it what a test says."""

    def __init__(self, run: Callable[..., Any] = lambda function, *arguments: function(*arguments)) -> None:
        self.run = run
        self.submitted = 0
        self.most = 0
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.submitted += 1
        future: Future[Any] = Future()
        self.futures.append(future)
        try:
            future.set_result(self.run(fn, *args))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture(scope="module")
def returned(huantai: Campaign, tmp_path_factory: pytest.TempPathFactory) -> tuple[Source, ...]:
    """Files of every kind: alone, in an archive, attached to a mail, no workbook, and one that is locked."""
    folder = tmp_path_factory.mktemp("returned")
    for number in range(6):
        (folder / f"{number}.xlsx").write_bytes(good(huantai, "果里镇"))
    (folder / "7.zip").write_bytes(packed({"a.xlsx": good(huantai), "b.xlsx": b"none"}))
    (folder / "8.eml").write_bytes(
        multipart(named("c.xlsx", good(huantai)), head=b"From: a@example.cn\r\nSubject: x\r\n")
    )
    (folder / "9.txt").write_bytes(b"no workbook")
    return take_in([folder]).sources


def several(monkeypatch: pytest.MonkeyPatch, files: int = 2) -> None:
    """Let a batch be small, so that there are several."""
    monkeypatch.setattr(batches, "_FILES", files)


@contextmanager
def processes() -> Iterator[Executor]:
    """Two processes that are started as on every system."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


@pytest.mark.parametrize("executor", [lambda: ThreadPoolExecutor(2), processes], ids=["threads", "processes"])
def test_an_executor_gives_the_same_readings(
    huantai: Campaign,
    returned: tuple[Source, ...],
    executor: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To the last value and in the same order, mails' attachments with the paths of this computer."""
    several(monkeypatch)
    with executor() as started:
        found = list(read_all(returned, huantai, executor=started))
    assert found == list(read_all(returned, huantai))
    paths = {one.source.path for reading in found for one in reading.attached if one.source}
    assert paths == {source.path for source in returned if source.name.endswith(".eml")}


def test_files_are_read_elsewhere_from_their_bytes_alone(
    huantai: Campaign, returned: tuple[Source, ...]
) -> None:
    """No path of this computer is in a batch: another may have no such disk, or another system."""
    sent: list[bytes] = []

    def run(function: Callable[..., Any], *arguments: Any) -> Any:
        sent.append(pickle.dumps(arguments))
        return function(*arguments)

    readings = list(read_all(returned, huantai, executor=Here(run)))
    assert len(sent) == 1
    assert {reading.entry.file for reading in readings} == {source.name for source in returned}
    assert b"pathlib" not in sent[0]


def broken(_function: Callable[..., Any], *_arguments: Any) -> Any:
    raise RuntimeError("out of order")


def nonsense(_function: Callable[..., Any], *_arguments: Any) -> Any:
    return b"no answers"


def otherwise(function: Callable[..., Any], _version: str, *arguments: Any) -> Any:
    return function("0.0.0", *arguments)


@pytest.mark.parametrize("run", [broken, nonsense, otherwise], ids=lambda run: run.__name__)
def test_a_batch_that_fails_is_read_here(
    huantai: Campaign,
    returned: tuple[Source, ...],
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error, an answer that is none, another greenxl: one line each, and after three no more is sent."""
    several(monkeypatch)
    monkeypatch.setattr(batches, "_IN_FLIGHT", 1)
    executor = Here(run)
    assert list(read_all(returned, huantai, executor=executor)) == list(read_all(returned, huantai))
    assert executor.submitted == 3
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 4
    assert "2 files came back unread" in caplog.messages[0]
    assert "all else is read here" in caplog.messages[-1]


def test_one_batch_that_fails_does_not_end_the_others(
    huantai: Campaign, returned: tuple[Source, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The executor goes on where it only sometimes fails."""
    several(monkeypatch)
    count = iter(range(100))

    def run(function: Callable[..., Any], *arguments: Any) -> Any:
        return broken(function) if next(count) % 2 else function(*arguments)

    executor = Here(run)
    assert list(read_all(returned, huantai, executor=executor)) == list(read_all(returned, huantai))
    assert executor.submitted == 5


@pytest.mark.parametrize("state", ["shut-down", "cancelled", "silent"])
def test_an_executor_that_gives_nothing_back_is_not_waited_for(
    huantai: Campaign, returned: tuple[Source, ...], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it takes nothing, drops what it had or has gone silent, the files are read here."""
    several(monkeypatch)
    monkeypatch.setattr(batches, "_PATIENCE", 0.2)
    executor = ThreadPoolExecutor(1)
    blocked = threading.Event()
    executor.submit(blocked.wait)
    if state == "shut-down":
        executor.shutdown(wait=False)
    elif state == "cancelled":
        threading.Timer(0.05, lambda: executor.shutdown(wait=False, cancel_futures=True)).start()
    try:
        assert list(read_all(returned, huantai, executor=executor)) == list(read_all(returned, huantai))
    finally:
        blocked.set()


def test_a_process_that_is_killed_costs_no_file(
    huantai: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pool of processes that breaks in the middle: what it had is read here."""
    several(monkeypatch)
    for number in range(6):
        (tmp_path / f"{number}.xlsx").write_bytes(good(huantai, "果里镇"))
    sources = take_in([tmp_path]).sources
    with processes() as executor:
        executor.submit(os._exit, 1)
        readings = list(read_all(sources, huantai, executor=executor))
    assert [reading.entry.outcome for reading in readings] == ["read"] * 6


def test_a_file_that_fails_elsewhere_is_tried_here(huantai: Campaign, tmp_path: Path) -> None:
    """Another computer may be short of memory or time; the answer is always that of this one."""
    (tmp_path / "1.xlsx").write_bytes(good(huantai, "果里镇"))
    (tmp_path / "2.xlsx").write_bytes(good(huantai, "索镇"))
    sources = take_in([tmp_path]).sources

    def run(function: Callable[..., Any], *arguments: Any) -> Any:
        os.environ["TESTS_ELSEWHERE"] = "1"
        try:
            return function(*arguments)
        finally:
            del os.environ["TESTS_ELSEWHERE"]

    done = list(process_all(die_outside, sources, huantai, executor=Here(run)))
    assert done == ["1.xlsx elsewhere", "2.xlsx here"]


def test_what_cannot_be_sent_is_read_here(
    huantai: Campaign, returned: tuple[Source, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files larger than a batch may be, and those that are gone, cost the others nothing."""
    biggest = max(source.path.stat().st_size for source in returned)
    monkeypatch.setattr(batches, "_BYTES", biggest - 1)
    asked = [*returned, Source("gone.xlsx", Path("gone.xlsx"))]
    executor = Here()
    assert list(read_all(asked, huantai, executor=executor)) == list(read_all(asked, huantai))
    assert executor.submitted > 0


def test_only_so_many_batches_are_out_at_once(
    huantai: Campaign, returned: tuple[Source, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly their answers are taken, so that memory does not grow with the round."""
    several(monkeypatch, 1)
    monkeypatch.setattr(batches, "_IN_FLIGHT", 3)
    executor = Here()
    for taken, _reading in enumerate(read_all(returned, huantai, executor=executor)):
        assert executor.submitted <= taken + 3


def test_batches_that_are_no_longer_wanted_are_cancelled(
    huantai: Campaign, returned: tuple[Source, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who stops in the middle leaves nothing behind that still waits to run."""
    several(monkeypatch)
    executor = Here()
    pending: list[Future[Any]] = []

    def submit(fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        if not executor.submitted:
            return Here.submit(executor, fn, *args)
        pending.append(Future())
        return pending[-1]

    monkeypatch.setattr(executor, "submit", submit)
    readings = read_all(returned, huantai, executor=executor)
    next(readings)
    readings.close()
    assert pending
    assert all(future.cancelled() for future in pending)


def test_a_batch_is_worked_out_in_contained_processes(
    huantai: Campaign, returned: tuple[Source, ...]
) -> None:
    """Not in the executor's own: a hostile file would end that with all that runs in it."""
    done = list(process_all(outcome_and_process, returned, huantai, executor=Here(), workers=1))
    assert os.getpid() not in {process for _outcome, _campaign, process in done}
