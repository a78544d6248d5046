"""A Dask cluster as the executor of batches: the connection, and what keeps it from being used.

Scheduling, transport and running again what a lost computer had are Dask's.
"""

import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from greenxl import __version__
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _

if TYPE_CHECKING:
    from distributed import Client

_SECONDS = 10
"""Of waiting for a scheduler, then for its workers to say what they are."""
_Made = TypeVar("_Made")
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/@]+:[0-9]{1,5}/?")


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give an executor that works on the Dask cluster whose scheduler has this address.

    :raises WrongUseError: this is no address, or the extra is not installed.
    :raises GreenxlError: the cluster cannot be used.
    """
    if not _ADDRESS.fullmatch(address):
        raise WrongUseError(
            _("“{address}” is no address of a cluster. Write it like tcp://10.0.0.5:8786.").format(
                address=address
            )
        )
    with _connected(address) as client:
        _check_workers(client, address)
        yield client.get_executor(pure=False)


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    try:
        from distributed import Client
    except ImportError as error:
        raise WrongUseError(
            _(
                "To read on a cluster, greenxl needs Dask: install greenxl[cluster], "
                "or run the command without --cluster."
            )
        ) from error
    # Its log would break into lines for people; what failed is in those of batches.py.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(action="ignore"):  # of versions: see _check_workers
            client = _in_time(lambda: Client(address, timeout=_SECONDS, set_as_default=False))
    except Exception as error:  # whatever else listens there, answers in its own way
        raise GreenxlError(
            _(
                "{address}: no scheduler of a cluster answers there ({reason}). Start “dask scheduler”, "
                "check the address and that its versions are those of here, or run the command "
                "without --cluster."
            ).format(address=address, reason=type(error).__name__)
        ) from error
    try:
        yield client
    finally:
        client.close(timeout=1)


def _in_time(make: Callable[[], _Made]) -> _Made:
    """Return what a function makes: in a thread, for Dask waits for ever where no scheduler answers.

    :raises TimeoutError: it made nothing within the time for Dask's own limit.
    """
    made: Future[_Made] = Future()

    def run() -> None:
        try:
            made.set_result(make())
        except Exception as error:
            made.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return made.result(timeout=_SECONDS + 2)


def _check_workers(client: "Client", address: str) -> None:
    """:raises GreenxlError: there are none, or some cannot work as this computer does."""
    workers = _workers(client)
    if not workers:
        raise GreenxlError(
            _(
                "{address}: the cluster has no workers. Start “dask worker {address}” on its computers, "
                "or run the command without --cluster."
            ).format(address=address)
        )
    for worker in workers:
        reason = _unfit(client, worker)
        if reason:
            raise GreenxlError(
                _(
                    "{address}: the worker {worker} cannot be used ({reason}). Install greenxl {version} "
                    "with its extra “cluster” there as it is here, or run the command without --cluster."
                ).format(address=address, worker=worker, reason=reason, version=__version__)
            )


def _workers(client: "Client") -> list[str]:
    try:
        client.wait_for_workers(1, timeout=_SECONDS)
    except TimeoutError:
        return []
    return sorted(client.scheduler_info(n_workers=-1)["workers"])


def _unfit(client: "Client", worker: str) -> str | None:
    """Return why a worker cannot work as this computer does, None where it can."""
    try:
        found = client.submit(_version, workers=[worker], pure=False).result(timeout=_SECONDS)
    except ImportError:
        return _("it has no greenxl")
    except Exception as error:
        return type(error).__name__
    return None if found == __version__ else _("it has greenxl {version}").format(version=found)


def _version() -> str:
    return __version__
