"""What a command that failed ends with: one sentence for people and an exit code, never a traceback."""

import os
import sys
import tempfile
import traceback
from dataclasses import dataclass

import click

from greenxl.cli.terminal import print_error
from greenxl.errors import STOPPED, CampaignError, GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.system_errors import reason_of


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
    return Failure(code, _reason(error), GreenxlError.exit_code)


def print_failure(failure: Failure) -> None:
    for line in failure.lines():
        print_error(line)


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError):
        path, reason = error.filename or _("the output"), _(reason_of(error))
        return _(
            "{path}: cannot be used ({reason}). Check the name, the permissions and the free space "
            "on the disk."
        ).format(path=path, reason=reason)
    if isinstance(error, UnicodeEncodeError):
        return _(
            "This system’s settings cannot write “{text}” in a file name. "
            "Set PYTHONUTF8=1 and run the command again."
        ).format(text=error.object[error.start : error.end])
    return _(
        "greenxl itself failed ({reason}); what was written before stays as it is. "
        "The details are in {path}: send that file to whoever maintains greenxl."
    ).format(reason=type(error).__name__, path=_kept_traceback(error))


def _kept_traceback(error: BaseException) -> str:
    """Write the traceback of a fault of our own to a file, and return its path."""
    handle, path = tempfile.mkstemp(prefix="greenxl-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write("".join(traceback.format_exception(error)))
    return path


def forget_output() -> None:
    """Drop what cannot be printed, or Python tries once more at its end and exits with 120 (docs, signal)."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
