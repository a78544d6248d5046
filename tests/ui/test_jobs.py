"""One piece of work at a time; it reports how far it is and ends when the server does."""

import threading

import pytest

from greenxl.ui.jobs import BusyError, Job, Jobs, Step


def test_a_second_job_waits_for_nobody() -> None:
    """It is refused by the name of the first, and possible after it."""
    jobs, go_on, begun = Jobs(), threading.Event(), threading.Event()

    def work(step: Step) -> None:
        step(1, 2)
        begun.set()
        go_on.wait(10)

    jobs.start("First", work)
    assert begun.wait(10)
    assert jobs.running == Job("First", 1, 2)
    with pytest.raises(BusyError, match="^First is still under way"):
        jobs.start("Second", work)
    with pytest.raises(BusyError), jobs.alone("Third"):
        raise AssertionError
    go_on.set()
    jobs.stop()
    with jobs.alone("Third"):
        assert jobs.running == Job("Third")


def test_work_ends_at_its_next_step_when_the_server_closes() -> None:
    """It is waited for."""
    jobs, stopping, steps = Jobs(), threading.Event(), list[int]()

    def work(step: Step) -> None:
        for number in range(1000):
            step(number, 1000)
            steps.append(number)
            stopping.wait(0.05)

    jobs.start("Long", work)
    jobs.stop()
    assert jobs.running is None
    assert len(steps) < 1000
