"""The commands that begin a round: demo, init, template."""

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from greenxl.cli.inputs import load_campaign, town_named
from greenxl.cli.options import AS_OF, CAMPAIGN, FORCE, TOWNS
from greenxl.cli.terminal import print_line
from greenxl.i18n import _
from greenxl.rounds import folder as round_folder


@click.command(
    help=_(
        "See the whole loop on samples: blanks, returns, check, merge.\n\n"
        "A round is begun in DIR with the shipped campaign; every command that is run there is shown."
    )
)
@click.argument("folder", metavar="[DIR]", default="greenxl-demo", type=click.Path(path_type=Path))
@AS_OF
@FORCE
def demo(folder: Path, as_of: datetime | None, force: bool) -> None:
    from greenxl.output_files import refuse_existing
    from greenxl.rounds import demo as demonstration

    refuse_existing([folder / round_folder.CAMPAIGN], force)
    round_folder.begin(folder, demonstration.tables())
    count = demonstration.copy_returns(folder / round_folder.RETURNED)
    print_line(
        _("A round was begun in {folder}, with {count} sample returns.").format(folder=folder, count=count)
    )
    os.chdir(folder)
    overwrite = ["--force"] if force else []
    dated = ["--as-of", as_of.strftime("%Y-%m-%d")] if as_of else []
    for words in (
        ["template", *overwrite],
        ["check", "--sendback", round_folder.SENDBACK, *overwrite],
        ["merge", *dated, *overwrite],
        ["send", "report", *overwrite],
    ):
        _run(words)
    print_line()
    print_line(
        _("The consolidated workbook is in {report}, the mail drafts are in {drafts}.").format(
            report=folder / round_folder.REPORT, drafts=folder / "drafts"
        )
    )
    print_line(
        _("Try next: change a score in {returned}, then run “greenxl merge --force” in {folder}.").format(
            returned=folder / round_folder.RETURNED, folder=folder
        )
    )


def _run(words: list[str]) -> None:
    """Run a command of ours as if it had been typed; findings do not stop the demonstration."""
    print_line()
    print_line(f"$ greenxl {' '.join(words)}")
    try:
        group = click.get_current_context().find_root().command
        code = group.main(words, prog_name="greenxl", standalone_mode=False)
    except SystemExit as stop:
        code = stop.code
    if isinstance(code, int) and code > 1:
        sys.exit(code)


@click.command(
    help=_(
        "Begin a round in a folder of its own.\n\n"
        "DIR gets campaign.xlsx and the folders blank, returned, sendback and report."
    )
)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    metavar="CAMPAIGN",
    type=click.Path(path_type=Path),
    help=_("Copy this campaign. [default: the shipped one]"),
)
@click.option("--year", type=click.IntRange(1900, 9999), metavar="YEAR", help=_("The year of the round."))
@FORCE
def init(folder: Path, source: Path | None, year: int | None, force: bool) -> None:
    from greenxl.campaign.checks import campaign_of
    from greenxl.campaign.tables import read_tables, shipped, with_year
    from greenxl.output_files import refuse_existing

    tables = read_tables(source or shipped())
    if year:
        tables = with_year(tables, year)
    campaign = campaign_of(tables, str(source or _("the shipped one")))
    refuse_existing([folder / round_folder.CAMPAIGN], force)
    round_folder.begin(folder, tables)
    print_line(_("Wrote {path} ({id}).").format(path=folder / round_folder.CAMPAIGN, id=campaign.id))
    print_line(_("Next: fill in deadlines, contacts and mail addresses there, then run “greenxl template”."))


@click.command(help=_("Write the blank score workbooks.\n\nOne per town, with one sheet per community."))
@CAMPAIGN
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help=_("The folder. [default: blank]")
)
@TOWNS
@click.option(
    "--per",
    type=click.Choice(["town", "community"]),
    default="town",
    show_default=True,
    help=_("Write one workbook per town or one per community."),
)
@FORCE
def template(
    campaign_path: Path | None, output: Path | None, towns: tuple[str, ...], per: str, force: bool
) -> None:
    from greenxl.form.blank import blanks
    from greenxl.output_files import refuse_existing, write_whole

    campaign = load_campaign(campaign_path)
    folder = output or Path(round_folder.BLANK)
    names = [town_named(campaign, name) for name in towns] or [town.name for town in campaign.towns]
    made = list(blanks(campaign, names, per_community=per == "community"))
    refuse_existing([folder / blank.file_name for blank in made], force)
    for blank in made:
        write_whole(folder / blank.file_name, blank.data)
        print_line(_("Wrote {path}").format(path=folder / blank.file_name))
