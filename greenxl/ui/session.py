"""What the page is about at the moment: a round, what its returns came to, and what was last done."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.errors import CampaignError, GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.rounds import folder as round_folder
from greenxl.rounds.copies_journal import COPIES_LOG
from greenxl.rounds.evaluation import Evaluation, evaluate_here
from greenxl.rounds.written import WRITTEN_LOG
from greenxl.system_errors import sentence_of
from greenxl.ui.jobs import BusyError, Jobs, Step, StoppedError
from greenxl.ui.remembered import Remembered
from greenxl.ui.returned import Received

Stamp = frozenset[tuple[str, int, int]]
"""The files that an evaluation depends on: path, size, when changed."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence about what was done, or what kept it from being done."""

    text: str
    is_problem: bool = False
    details: tuple[str, ...] = ()


def problem(error: BaseException) -> Message:
    """Return what people read about an error: a sentence, never a traceback."""
    if isinstance(error, CampaignError):
        return Message(str(error), True, tuple(fault.line() for fault in error.faults))
    if isinstance(error, GreenxlError):
        return Message(str(error), True)
    return Message(sentence_of(error), True)


class Session:
    """The state of the one page; its round is the current folder of the process, as commands have it.

    Work changes it from a thread, one at a time (:class:`greenxl.ui.jobs.Jobs`); whole values are put in the
    place of others, so that a page that is made meanwhile shows one or the other.
    """

    def __init__(
        self,
        remembered: Remembered,
        places: Sequence[Path],
        *,
        today: Callable[[], date] = date.today,
        insecure: bool = False,
    ) -> None:
        self.remembered = remembered
        self.places = tuple(places)
        """The folders in which a round may be begun."""
        self.today = today
        self.insecure = insecure
        self.jobs = Jobs()
        self.folder: Path | None = None
        self.campaign: Campaign | None = None
        self.found: Evaluation | None = None
        self.messages: tuple[Message, ...] = ()
        self.received: tuple[Received, ...] = ()
        """What came in since the last check was asked for."""
        self._stamp: Stamp | None = None
        """Of the last check, whatever it came to."""

    # Which round.

    def open(self, folder: Path) -> None:
        """Go to a round; it is checked as soon as it is shown."""
        os.chdir(folder)
        self._forget()
        self.folder = folder
        self.remembered.add(folder)

    def leave(self, *messages: Message) -> None:
        """Go to no round."""
        os.chdir(Path.home())
        self._forget()
        self.messages = messages

    def _forget(self) -> None:
        self.folder, self.campaign, self.found, self._stamp = None, None, None, None
        self.messages, self.received = (), ()

    def look(self) -> None:
        """See whether the round is still there, and check it where its files have changed."""
        if self.folder is None or self.jobs.running:
            return
        if not self.folder.is_dir():
            name = self.folder.name
            self.leave(
                Message(
                    _(
                        "The folder “{name}” is gone: it was moved, renamed or deleted. "
                        "If it was moved, open the page from there."
                    ).format(name=name),
                    True,
                )
            )
        elif self._stamp != self._now():
            try:
                self.jobs.start(_("Checking"), self.check)
            except BusyError:  # another window was quicker
                return

    def _now(self) -> Stamp:
        returned = Path(round_folder.RETURNED)
        journals = (Path(COPIES_LOG), Path(WRITTEN_LOG))
        return frozenset(_facts([*returned.rglob("*"), *Path().glob("*campaign*"), *journals]))

    # Work.

    @contextmanager
    def report_problems(self) -> Iterator[None]:
        """Keep what goes wrong as a message."""
        try:
            yield
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, the page says so in a sentence)
            self.messages = (*self.messages, problem(error))

    def check(self, step: Step) -> None:
        """Read the campaign and the returns, and keep what they come to."""
        stamp = self._now()
        try:
            campaign = load(round_folder.campaign_of(Path()))
            Path(round_folder.RETURNED).mkdir(exist_ok=True)
            self.found = evaluate_here(campaign, [Path(round_folder.RETURNED)], step)
            self.campaign = campaign
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, the page says so in a sentence)
            self.campaign, self.found = None, None
            self.messages = (*self.messages, problem(error))
        finally:
            self._stamp = stamp

    def fresh(self, step: Step) -> Evaluation:
        """Return what the returns come to now.

        :raises WrongUseError: the campaign or the returns cannot be read; messages say why.
        """
        if self.found is None or self._stamp != self._now():
            self.messages = ()
            self.check(step)
        if self.found is None:
            raise WrongUseError(_("Nothing was done, because this round cannot be checked."))
        return self.found


def _facts(files: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    for path in files:
        try:
            state = path.stat()
        except OSError:  # it went away meanwhile: the next look sees that
            continue
        if path.is_file():
            yield path.as_posix(), state.st_size, state.st_mtime_ns
