"""The options and arguments that several commands share."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps

import click

from greenxl.cli.click_texts import Day, ProcessCount
from greenxl.cli.here import TypedPath, TypedReturns
from greenxl.i18n import _

CAMPAIGN = click.option(
    "-c",
    "--campaign",
    "campaign_path",
    type=TypedPath(),
    metavar="CAMPAIGN",
    help=_(
        "The campaign: a workbook or a folder of CSV files. "
        "[default: that of the round, outside of any the shipped one]"
    ),
)


FORCE = click.option("--force", is_flag=True, help=_("Overwrite outputs that exist."))


AS_OF = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help=_("The date shown on the result, like 2021-09-30. [default: today]"),
)


RETURNS = click.argument("returns", nargs=-1, type=TypedReturns(), metavar="[RETURNS]...")


JSON = click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document and nothing else."))


STRICT = click.option(
    "--strict", is_flag=True, help=_("Exit with 1 also for a warning or a missing community.")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """How returns are read, as it was typed."""

    latest: bool = False
    exclude: tuple[str, ...] = ()
    workers: int | None = None
    cluster: str | None = None


_READING = (
    click.option(
        "--latest",
        is_flag=True,
        help=_("Where returns differ, let the one last saved count, with a warning."),
    ),
    click.option(
        "--exclude",
        metavar="PATTERN",
        multiple=True,
        help=_("Leave out files of this name, like “*旧*”; may be repeated. The list of files says so."),
    ),
    click.option(
        "--workers",
        metavar="NUMBER",
        type=ProcessCount(),
        help=_("Read in so many processes at once. [default: as many as there are processors, at most 8]"),
    ),
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help=_("Read on the Dask cluster whose scheduler is at this address, like tcp://10.0.0.5:8786."),
    ),
)


_NEEDED = ("greenxl.rounds.checked_files", "greenxl.workbooks.formats.xlsx")
"""What reading and checking a return imports."""


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of reading, which come to it as one value, ``reading``."""

    @wraps(command)
    def with_reading(
        *, latest: bool, exclude: tuple[str, ...], workers: int | None, cluster: str | None, **others: object
    ) -> None:
        reading = ReadingOptions(latest=latest, exclude=exclude, workers=workers, cluster=cluster)
        command(reading=reading, **others)

    for option in reversed(_READING):
        option(with_reading)
    return with_reading


def reads_at_once(command: Callable[..., None]) -> Callable[..., None]:
    """Let a worker start while a command that reads in any case prepares for it."""

    @wraps(command)
    def with_worker(*, reading: ReadingOptions, **others: object) -> None:
        from greenxl.returns.starting import worker_ahead

        with nullcontext() if reading.cluster else worker_ahead(_NEEDED):
            command(reading=reading, **others)

    return with_worker


TOWNS = click.option(
    "--town", "towns", metavar="NAME", multiple=True, help=_("Only this town; may be repeated.")
)


NOTES = click.option("--notes", is_flag=True, help=_("Show notes too, not only errors and warnings."))


INSECURE = click.option(
    "--insecure",
    is_flag=True,
    help=_("Allow a server on this computer that has no encryption (for tests)."),
)
