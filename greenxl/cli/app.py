"""The command ``greenxl``: its subcommands under one roof, with one way to fail.

Exit codes: 0 done and clean; 1 done, and some finding is an error; 2 wrong use or a campaign that cannot
be used; 3 reading, writing or mail failed; 130 stopped by Ctrl-C.
"""

import errno
from typing import Any, NoReturn

import click

from greenxl import __version__
from greenxl.cli.click_texts import plain_wrong_use, put_into_words, refuse_other_dashes
from greenxl.cli.failures import Failure, failure_of, forget_output, print_failure
from greenxl.cli.here import current_folder
from greenxl.cli.mail_commands import collect, mark, send
from greenxl.cli.returns_commands import check, merge, report, status
from greenxl.cli.round_commands import demo, init, template, ui
from greenxl.cli.terminal import prepare_streams, print_json
from greenxl.i18n import _, translate, translate_click


class Commands(click.Group):
    """Turns what a user can cause into one plain message and its exit code."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_WORDS] = tuple(args)
        return super().parse_args(ctx, args)

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        with plain_wrong_use():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        words = ctx.meta[_WORDS]
        as_json = "--json" in words
        try:
            refuse_other_dashes(words)
            current_folder()
            with plain_wrong_use():
                return super().invoke(ctx)
        except click.exceptions.Exit:
            raise
        except click.ClickException as error:
            if as_json:
                _print_document(failure_of(error))
            raise
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # who reads our output has seen enough: click ends quietly
            return _end(ctx, failure_of(error), as_json=as_json)


_WORDS = "greenxl.words"
"""In a context's meta: what was typed after the program's name."""


def _end(ctx: click.Context, failure: Failure, *, as_json: bool) -> NoReturn:
    print_failure(failure)
    if as_json:
        _print_document(failure)
    ctx.exit(failure.exit_code)


def _print_document(failure: Failure) -> None:
    """Print the document of a run that failed before there was a result."""
    from greenxl.report.json_document import FORMAT

    try:
        print_json({"format": FORMAT, "error": failure.document()})
    except OSError:  # the output takes nothing; standard error has said so
        forget_output()


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


for _command in (demo, init, template, check, merge, report, send, mark, collect, status, ui):
    cli.add_command(_command)
put_into_words(cli)
