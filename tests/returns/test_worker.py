"""A worker answers what it was asked and nothing else, and ends with its parent."""

import io
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from greenxl.returns.worker import Failure


def serve(job: Callable[..., object], batch: list[object], seconds: float = 60) -> tuple[int, list[Any]]:
    """Run a worker over one batch; return its exit code and every message after the first."""
    code = "from greenxl.returns.worker import serve; serve()"
    asked = pickle.dumps((job, seconds, 2**30)) + pickle.dumps(batch)
    done = subprocess.run([sys.executable, "-c", code], input=asked, capture_output=True, timeout=60)
    stream = io.BytesIO(done.stdout)
    messages = []
    while stream.tell() < len(done.stdout):
        messages.append(pickle.load(stream))
    return done.returncode, messages[1:]


def test_each_item_has_its_answer_in_order_and_the_end_of_input_ends_the_worker() -> None:
    """A job that raises costs its own item alone."""
    assert serve(int, ["1", "x", "3"]) == (0, [1, Failure(error="ValueError"), 3])


def test_what_a_job_prints_is_no_answer() -> None:
    """Nothing but answers comes out of standard output."""
    assert serve(print, ["noise", "more"]) == (0, [None, None])


def test_a_worker_that_is_out_of_memory_ends() -> None:
    """It asks for more than its limit, and what is left of it runs no further item."""
    assert serve(bytes, [3, 2**31, 3]) == (1, [b"\0\0\0"])


def test_a_job_that_hangs_ends_without_a_parent() -> None:
    """Three times that the parent would have waited at most, and the process ends itself."""
    start = time.monotonic()
    assert serve(time.sleep, [0, 50], seconds=0.5) == (1, [None])
    assert time.monotonic() - start < 30
