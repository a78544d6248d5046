"""The round of a folder evaluated: its returns read, what counts chosen, and the tables of that."""

import importlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greenxl.campaign.model import Campaign
from greenxl.returns.intake import RemoteReturns
from greenxl.rounds.copies_journal import read_issued
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.rounds.written import written_files

if TYPE_CHECKING:
    from greenxl.scoring.tables import Tables


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A round and its tables."""

    result: Round
    tables: "Tables"


def evaluate_here(
    campaign: Campaign,
    returns: Sequence[Path | RemoteReturns],
    progress: Callable[[int, int, int], None] = lambda done, all, rejected: None,
    *,
    latest: bool = False,
    exclude: Sequence[str] = (),
    workers: int | None = None,
    executor: Executor | None = None,
) -> Evaluation:
    """Return the round in the current folder, whose returns are at these paths, and its tables.

    Everything else, and the errors, are those of :func:`greenxl.rounds.evaluate.evaluate`.
    """
    issued, own = read_issued(Path()), written_files(Path())
    with _importing("greenxl.scoring.tables"):
        result = evaluate(
            campaign,
            returns,
            progress,
            latest=latest,
            exclude=exclude,
            issued=issued,
            own=own,
            workers=workers,
            executor=executor,
        )
    from greenxl.scoring import tables

    return Evaluation(result, tables.build(campaign, result.choices))


@contextmanager
def _importing(module: str) -> Iterator[None]:
    """Import a heavy module while other processes are waited for; a failure shows when it is used."""

    def load() -> None:
        with suppress(ImportError):
            importlib.import_module(module)

    thread = threading.Thread(target=load)
    thread.start()
    try:
        yield
    finally:
        thread.join()
