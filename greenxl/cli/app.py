"""The commands: parse, call the stages, print, set the exit code. The only module that knows click.

Exit codes: 0 done and clean; 1 done, and some finding is an error; 2 wrong use or a campaign that cannot
be used; 3 reading, writing or mail failed; 130 stopped by Ctrl-C.
"""

import errno
import os
import sys
import tempfile
import traceback
from typing import Any

import click

from greenxl import __version__
from greenxl.cli import STOPPED
from greenxl.cli.mail_commands import collect, send
from greenxl.cli.returns_commands import check, merge, status
from greenxl.cli.round_commands import demo, init, template
from greenxl.cli.terminal import complain, prepare_streams
from greenxl.errors import CampaignError, GreenxlError
from greenxl.i18n import _, translate, translate_click


class Commands(click.Group):
    """Turns what a user can cause into one plain message and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GreenxlError as error:
            complain(_("Error: {message}").format(message=error))
            for fault in error.faults if isinstance(error, CampaignError) else ():
                complain(f"  {fault.line()}")
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            complain(_("Stopped."))
            ctx.exit(STOPPED)
        except OSError as error:
            if error.errno == errno.EPIPE:  # who reads our output has seen enough: click ends quietly
                raise
            _forget_output()
            told = _(
                "{path}: cannot be used ({reason}). Check the name, the rights and the space on the disk."
            )
            path = error.filename or _("the output")
            complain(
                _("Error: {message}").format(message=told.format(path=path, reason=error.strerror or error))
            )
            ctx.exit(GreenxlError.exit_code)
        except UnicodeEncodeError as error:
            message = _(
                "This system’s settings cannot write “{text}” in a file name. "
                "Set PYTHONUTF8=1 and run the command again."
            )
            text = error.object[error.start : error.end]
            complain(_("Error: {message}").format(message=message.format(text=text)))
            ctx.exit(GreenxlError.exit_code)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:
            complain(_("Error: {message}").format(message=_kept(error)))
            ctx.exit(GreenxlError.exit_code)


def _kept(error: Exception) -> str:
    """Keep the traceback of a fault of our own in a file, and return the sentence that names it."""
    handle, path = tempfile.mkstemp(prefix="greenxl-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write("".join(traceback.format_exception(error)))
    return _(
        "greenxl itself failed ({reason}); what was written before stays as it is. "
        "The details are in {path}: send that file to whoever maintains greenxl."
    ).format(reason=type(error).__name__, path=path)


def _forget_output() -> None:
    """Drop what cannot be printed, or Python tries once more at its end and exits with 120 (docs, signal)."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_("Carry a scoring round from blank spreadsheets to a leader’s desk."),
    epilog=_("Start with: greenxl demo"),
)
@click.version_option(
    __version__,
    package_name="greenxl",
    help=translate("Show the version and exit."),  # click.po has it
)
def cli() -> None:
    pass


def main() -> None:
    prepare_streams()
    translate_click()
    cli(prog_name="greenxl")


for _command in (demo, init, template, check, merge, send, collect, status):
    cli.add_command(_command)
