"""A worker can be started before there is a job for it."""

import os

import pytest

from greenxl.errors import GreenxlError
from greenxl.returns import starting
from greenxl.returns.pool import run_all


def process_of(_item: int) -> int:
    return os.getpid()


def test_the_next_pool_takes_the_worker_that_was_started_ahead() -> None:
    """It is the one worker of that pool."""
    with starting.worker_ahead(()):
        (ahead,) = starting._ahead
        assert set(run_all(process_of, range(20), workers=1)) == {ahead.pid}
        assert not starting._ahead
    assert ahead.poll() is not None


def test_a_worker_that_no_pool_took_is_ended() -> None:
    """A command that fails before it reads leaves none behind."""
    with starting.worker_ahead(()):
        (ahead,) = starting._ahead
    assert ahead.poll() is not None
    assert not starting._ahead


def test_where_no_worker_can_be_started_the_pool_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker that is started ahead is only for speed."""
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with starting.worker_ahead(()):
        assert not starting._ahead
        with pytest.raises(GreenxlError, match="No process could be started"):
            list(run_all(process_of, range(2)))
