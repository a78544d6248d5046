"""The options and arguments that several commands share."""

import click

from greenxl.cli.click_texts import Day
from greenxl.cli.here import TypedPath
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


RETURNS = click.argument("returns", nargs=-1, type=TypedPath(), metavar="[RETURNS]...")


JSON = click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document and nothing else."))


STRICT = click.option(
    "--strict", is_flag=True, help=_("Exit with 1 also for a warning or a missing community.")
)


LATEST = click.option(
    "--latest",
    is_flag=True,
    help=_("Where returns differ, let the one last saved count, with a warning."),
)


EXCLUDE = click.option(
    "--exclude",
    metavar="PATTERN",
    multiple=True,
    help=_("Leave out files of this name, like “*旧*”; may be repeated. The list of files says so."),
)


TOWNS = click.option(
    "--town", "towns", metavar="NAME", multiple=True, help=_("Only this town; may be repeated.")
)


NOTES = click.option("--notes", is_flag=True, help=_("Show notes too, not only errors and warnings."))


INSECURE = click.option(
    "--insecure",
    is_flag=True,
    help=_("Allow a server on this computer that has no encryption (for tests)."),
)
