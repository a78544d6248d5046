"""Where a command runs: in its round's folder, which is found from any folder below it."""

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from greenxl.cli.terminal import print_error
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.rounds import folder as round_folder

if TYPE_CHECKING:
    from greenxl.returns.intake import RemoteReturns

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_TYPED_IN = "greenxl.typed_in"
"""In a context's meta: the folder that typed paths begin at, where that is not the round's."""


def current_folder() -> Path:
    """Return the folder in which the command was typed.

    :raises GreenxlError: it was deleted meanwhile.
    """
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise GreenxlError(
            _("The folder in which this was typed does not exist any more. Go to another folder.")
        ) from error


class RoundCommand(click.Command):
    """A command that works in the folder of the round in which, or below which, it was typed.

    So that names in reports and journals are the same wherever in the round that was.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        here = current_folder()
        folder = round_folder.find(here)
        if folder and folder != here:
            ctx.meta[_TYPED_IN] = here
            ctx.call_on_close(lambda: os.chdir(here))
            os.chdir(folder)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        if _TYPED_IN in ctx.meta:
            print_error(_("The round is {folder}; its files are named from there.").format(folder=Path.cwd()))
        return super().invoke(ctx)


class TypedPath(click.Path):
    """A path as it was typed, turned to lead from the round's folder to the same place."""

    def __init__(self) -> None:
        # click itself would refuse all for one that cannot be read: that one is a finding.
        super().__init__(readable=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = super().convert(value, param, ctx)
        typed_in = ctx.meta.get(_TYPED_IN) if ctx else None
        if typed_in is None or not isinstance(path, Path) or path.is_absolute():
            return path
        return Path(os.path.relpath(typed_in / path))


class TypedReturns(TypedPath):
    """A path, or the address of returns that are not on this computer.

    Copies of those last as long as the command.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not (ctx and isinstance(value, str) and _ADDRESS.match(value)):
            return super().convert(value, param, ctx)
        from greenxl.returns.intake import RemoteReturns

        return RemoteReturns(value, Path(ctx.with_resource(TemporaryDirectory(prefix="greenxl-"))))


def refuse_absent(*paths: "Path | RemoteReturns | None") -> None:
    """Refuse to begin where something that was typed to be read does not exist.

    :raises WrongUseError: naming the first of them.
    """
    for path in paths:
        if isinstance(path, Path) and not os.path.lexists(path):
            raise WrongUseError(
                _("{path}: there is no such file or folder. Check the name.").format(path=path)
            )
