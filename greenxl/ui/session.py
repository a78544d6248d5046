"""What the page is about at the moment: a round, what its returns came to, and what was last done."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from greenxl.campaign.checks import load
from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.rounds import folder as round_folder
from greenxl.rounds.copies_journal import COPIES_LOG
from greenxl.rounds.evaluate import Evaluation, evaluate_here
from greenxl.rounds.written import WRITTEN_LOG
from greenxl.ui.desktop.remembered import Remembered
from greenxl.ui.jobs import BusyError, Jobs, Step, StoppedError
from greenxl.ui.messages import Message, problem, receipt
from greenxl.ui.returned import Received

Stamp = frozenset[tuple[str, int, int]]
"""The files that an evaluation depends on: path, size, when changed."""


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
        self.found: Evaluation | None = None
        self.messages: tuple[Message, ...] = ()
        self.received: list[Received] = []
        """What came in since the last check."""
        self.fault: Message | None = None
        """Why the last check came to nothing."""
        self.moved: Callable[[Path | None], None] = lambda folder: None
        """Called with the round that is gone to."""
        self._stamp: Stamp | None = None
        """Of the last check, whatever it came to."""

    # Which round.

    def open(self, folder: Path) -> None:
        """Go to a round; it is checked as soon as it is shown."""
        os.chdir(folder)
        self._forget()
        self.folder = folder
        self.remembered.add(folder)
        self.moved(folder)

    def leave(self, *messages: Message) -> None:
        """Go to no round."""
        os.chdir(Path.home())
        self._forget()
        self.messages = messages
        self.moved(None)

    def _forget(self) -> None:
        self.folder, self.found, self._stamp = None, None, None
        self.messages, self.received, self.fault = (), [], None

    def look(self) -> None:
        """See whether the round is still there, and check it where its files have changed."""
        if self.jobs.running or self._is_gone() or self.folder is None or self._stamp == self._now():
            return
        with suppress(BusyError):  # another window was quicker
            self.jobs.start(_("Checking"), self.check)

    def _is_gone(self) -> bool:
        """Whether the round's folder is no longer there; then there is no round, and a message says why."""
        if self.folder is None or self.folder.is_dir():
            return False
        text = _(
            "The folder “{name}” is gone: it was moved, renamed or deleted. "
            "If it was moved, open the page from there."
        )
        self.leave(Message(text.format(name=self.folder.name), True))
        return True

    def require_folder(self) -> None:
        """:raises WrongUseError: there is no round to work on."""
        if self.folder is None:
            raise WrongUseError(_("Open or begin a round first."))
        if self._is_gone():
            raise WrongUseError(_("Nothing was done."))

    def ready_folder(self) -> Path | None:
        """Return the folder of the round to work on; a message says if there is none."""
        with self.report_problems():
            self.require_folder()
        return self.folder

    @property
    def shown_messages(self) -> tuple[Message, ...]:
        return (*self.messages, *([self.fault] if self.fault else ()))

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
        """Read the campaign and the returns, and keep what they come to, or why that is nothing."""
        with suppress(OSError):  # it is gone, which the next look sees
            os.chdir(self.folder or ".")  # it may have gone and come back, which is another folder
        stamp = self._now()
        received, self.received = self.received, []
        self.messages = (*self.messages, *receipt(received))
        try:
            if not round_folder.has_campaign(Path()):
                raise WrongUseError(_without_campaign(self.folder.name if self.folder else ""))
            campaign = load(round_folder.campaign_of(Path()))
            Path(round_folder.RETURNED).mkdir(exist_ok=True)
            returned = [Path(round_folder.RETURNED)]
            found = evaluate_here(campaign, returned, lambda done, all, _rejected: step(done, all))
            self.found, self.fault = found, None
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, the page says so in a sentence)
            self.found, self.fault = None, problem(error)
        self._stamp = stamp

    def fresh(self, step: Step) -> Evaluation:
        """Return what the returns come to now.

        :raises WrongUseError: the campaign or the returns cannot be read; messages say why.
        """
        if self.found is None or self._stamp != self._now():
            self.check(step)
        if self.found is None:
            raise WrongUseError(_("Nothing was done, because this round cannot be checked."))
        return self.found


def _without_campaign(name: str) -> str:
    return _(
        "The folder “{name}” is no round: there is no {campaign} in it. If it was moved or renamed, put it "
        "back and press “Check again”; or choose another round below."
    ).format(name=name, campaign=round_folder.CAMPAIGN)


def _facts(files: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    for path in files:
        try:
            state = path.stat()
        except OSError:  # it went away meanwhile: the next look sees that
            continue
        if path.is_file():
            yield path.as_posix(), state.st_size, state.st_mtime_ns
