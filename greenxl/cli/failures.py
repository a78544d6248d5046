"""What a command that failed ends with: one sentence for people and an exit code, never a traceback."""

import os
import sys
from dataclasses import dataclass

import click

from greenxl.cli.terminal import print_error
from greenxl.errors import STOPPED, CampaignError, GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.system_errors import sentence_of


@dataclass(frozen=True, slots=True)
class Failure:
    code: str
    """What a JSON document calls it."""
    message: str
    exit_code: int
    details: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return what people read."""
        if self.exit_code == STOPPED:
            return (self.message,)
        first = _("Error: {message}").format(message=self.message)
        return first, *(f"  {detail}" for detail in self.details)

    def document(self) -> dict[str, str]:
        """Return what programs read."""
        return {"code": self.code, "message": "\n".join((self.message, *self.details))}


def failure_of(error: BaseException) -> Failure:
    """Return what is printed about an error, and the exit code."""
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return Failure("stopped", _("Stopped."), STOPPED)
    if isinstance(error, click.ClickException):
        return Failure(WrongUseError.code, error.format_message(), error.exit_code)
    if isinstance(error, GreenxlError):
        faults = error.faults if isinstance(error, CampaignError) else ()
        return Failure(error.code, str(error), error.exit_code, tuple(fault.line() for fault in faults))
    if isinstance(error, OSError):
        forget_output()
    code = GreenxlError.code if isinstance(error, OSError | UnicodeEncodeError) else "internal"
    return Failure(code, sentence_of(error), GreenxlError.exit_code)


def print_failure(failure: Failure) -> None:
    for line in failure.lines():
        print_error(line)


def forget_output() -> None:
    """Drop what cannot be printed, or Python tries once more at its end and exits with 120 (docs, signal)."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
