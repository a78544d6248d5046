"""The command ``greenxl``: its subcommands under one roof, with one way to fail.

Exit codes: 0 done and clean; 1 done, and some finding is an error; 2 wrong use or a campaign that cannot
be used; 3 reading, writing or mail failed; 130 stopped by Ctrl-C.
"""

import errno
from typing import Any, NoReturn

import click

from greenxl import __version__
from greenxl.cli.failures import Failure, failure_of
from greenxl.cli.mail_commands import collect, send
from greenxl.cli.returns_commands import check, merge, status
from greenxl.cli.round_commands import demo, init, template
from greenxl.cli.terminal import prepare_streams, print_error
from greenxl.i18n import _, translate, translate_click


class Commands(click.Group):
    """Turns what a user can cause into one plain message and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # who reads our output has seen enough: click ends quietly
            return _end(ctx, failure_of(error))


def _end(ctx: click.Context, failure: Failure) -> NoReturn:
    for line in failure.lines:
        print_error(line)
    ctx.exit(failure.exit_code)


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
    """Hold the subcommands; on its own it does nothing."""


def main() -> None:
    """Run the command with the arguments of the process."""
    prepare_streams()
    translate_click()
    cli(prog_name="greenxl")


for _command in (demo, init, template, check, merge, send, collect, status):
    cli.add_command(_command)
