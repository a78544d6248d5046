"""The commands that begin a round, and the page that carries it: demo, init, template, ui."""

import os
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenxl.campaign import templates
from greenxl.cli.click_texts import Day, OneOf, Port, Year
from greenxl.cli.here import RoundCommand, TypedPath, current_folder, refuse_absent
from greenxl.cli.inputs import load_campaign, town_named
from greenxl.cli.options import AS_OF, CAMPAIGN, FORCE, INSECURE, TOWNS
from greenxl.cli.outputs import refuse_among_returns
from greenxl.cli.terminal import as_typed, print_error, print_line
from greenxl.errors import CampaignError, WrongUseError
from greenxl.i18n import _
from greenxl.names import safe_file_name
from greenxl.rounds import folder as round_folder

if TYPE_CHECKING:
    from greenxl.rounds.written import WrittenBlank


@click.command(
    help=_(
        "See the whole process on samples: blanks, returns, check, merge.\n\n"
        "A round is begun in DIR with the shipped campaign; every command that is run there is shown."
    )
)
@click.argument("folder", metavar="[DIR]", required=False, type=TypedPath())
@click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help=_(
        "The date shown on the result, like 2021-09-30. [default: 2021-10-08, as the samples are of 2021]"
    ),
)
@click.option("--force", is_flag=True, help=_("Begin again in DIR; what was there stays under a dated name."))
def demo(folder: Path | None, as_of: datetime | None, force: bool) -> None:
    from greenxl.rounds import demo as demonstration
    from greenxl.ui.desktop.launcher import write_launcher

    round_folder.refuse_inside_round(folder or Path("greenxl-demo"))
    folder = demonstration.free_folder(folder, date.today(), force=force)
    round_folder.begin(folder, demonstration.campaign())
    write_launcher(folder)
    count = demonstration.copy_returns(folder / round_folder.RETURNED)
    print_line(
        _("A round was begun in {folder}, with {count} sample returns.").format(folder=folder, count=count)
    )
    os.chdir(folder)
    day = as_of.date() if as_of else demonstration.AS_OF
    dated = ["--as-of", f"{day:%Y-%m-%d}"]
    for words in (
        ["template"],
        ["check", "--sendback", round_folder.SENDBACK],
        ["merge", *dated],
        ["send", "report", *dated],
    ):
        _run(words)
    print_line()
    print_line(
        _("The consolidated workbook is in {report}, the mail drafts are in {drafts}.").format(
            report=folder / round_folder.REPORT, drafts=folder / "drafts"
        )
    )
    print_line(
        _("Try next: change a score in {returned}, then run “{command}” in {folder}.").format(
            returned=folder / round_folder.RETURNED,
            command=" ".join(["greenxl", "merge", *dated]),
            folder=folder,
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
@click.argument("folder", metavar="[DIR]", default=".", type=TypedPath())
@click.option(
    "--from",
    "source",
    metavar="CAMPAIGN",
    type=TypedPath(),
    help=_("Copy this campaign. [default: the shipped one]"),
)
@click.option("--empty", is_flag=True, help=_("Begin with examples to be replaced by your own campaign."))
@click.option(
    "--template",
    metavar="NAME",
    type=OneOf(list(templates())),
    help=_("Begin with the form of another programme, to be adapted: {names}.").format(
        names=_(", ").join(templates())
    ),
)
@click.option("--year", type=Year(), metavar="YEAR", help=_("The year of the round."))
@click.option(
    "--force",
    is_flag=True,
    help=_("Begin again where a round was begun; its campaign stays beside the new one under a dated name."),
)
def init(
    folder: Path, source: Path | None, empty: bool, template: str | None, year: int | None, force: bool
) -> None:
    from greenxl.campaign import example, shipped
    from greenxl.campaign.new_round import campaign_data

    refuse_absent(source)
    _refuse_several({"--from": source, "--empty": empty, "--template": template})
    round_folder.refuse_inside_round(folder)
    begun = round_folder.has_campaign(folder)
    if begun and not force:
        raise WrongUseError(_already_begun(folder, year))
    form = example() if empty else templates()[template] if template else None
    new = campaign_data(form or source or shipped(), year or (date.today().year if form else None))
    if begun:
        kept = round_folder.begin_anew(folder, new.data, date.today())
        print_line(
            _(
                "The campaign that was there is kept as {path}; to go back, let that be called {campaign} "
                "again. Returns, reports and journals in this folder are still those of before."
            ).format(path=kept, campaign=round_folder.CAMPAIGN)
        )
    else:
        round_folder.begin(folder, new.data)
    print_line(_("Wrote {path} ({id}).").format(path=folder / round_folder.CAMPAIGN, id=new.campaign.id))
    _write_launcher(folder)
    for warning in new.warnings:
        print_error(warning.line())
    print_line(
        _("Next: replace the examples there by your own campaign, then run “greenxl template”.")
        if form
        else _("Next: fill in deadlines, contacts and mail addresses there, then run “greenxl template”.")
    )


def _write_launcher(folder: Path) -> None:
    """Put into a round what opens its page by a double click."""
    from greenxl.ui.desktop.launcher import write_launcher

    path = write_launcher(folder)
    print_line(_("A double click on “{name}” in it opens the round as a page.").format(name=path.stem))


def _refuse_several(options: Mapping[str, object]) -> None:
    """:raises WrongUseError: more than one of them is given: each says what to begin with."""
    given = [name for name, value in options.items() if value]
    if len(given) > 1:
        raise WrongUseError(
            _("{first} and {second} cannot both be meant. Leave out one of them.").format(
                first=given[0], second=given[1]
            )
        )


def _already_begun(folder: Path, year: int | None) -> str:
    """Return what is in the way of a new round, and the command that begins next year's."""
    from greenxl.campaign.checks import load

    file = round_folder.campaign_of(folder)
    try:
        campaign = load(file)
    except CampaignError:  # not filled in yet: it is still somebody's
        return _("{path}: the round was begun already, and its campaign stays as it is.").format(path=file)
    next_year = year if year and year != campaign.year else campaign.year + 1
    beside = os.path.normpath(folder / os.pardir / f"{safe_file_name(campaign.county)}{next_year}")
    return _(
        "{path}: the round of {year} was begun already, and its campaign stays as it is. "
        "To begin the next one: greenxl init {next_folder} --from {folder} --year {next_year}"
    ).format(
        path=file,
        year=campaign.year,
        next_folder=as_typed(beside),
        folder=as_typed(str(folder)),
        next_year=next_year,
    )


@click.command(
    cls=RoundCommand,
    help=_("Write the blank score workbooks.\n\nOne per town, with one sheet per community."),
)
@CAMPAIGN
@click.option("-o", "--output", metavar="DIR", type=TypedPath(), help=_("The folder. [default: blank]"))
@TOWNS
@click.option(
    "--per",
    type=OneOf(["town", "community"]),
    default="town",
    show_default=True,
    help=_("Write one workbook per town or one per community."),
)
@FORCE
def template(
    campaign_path: Path | None, output: Path | None, towns: tuple[str, ...], per: str, force: bool
) -> None:
    from greenxl.campaign.lint import warnings_of
    from greenxl.rounds.written import write_blanks

    refuse_absent(campaign_path)
    folder = output or Path(round_folder.BLANK)
    refuse_among_returns(folder)
    campaign = load_campaign(campaign_path)
    for warning in warnings_of(campaign):
        print_error(warning.line())
    names = [town_named(campaign, name) for name in towns] or [town.name for town in campaign.towns]
    for blank in write_blanks(campaign, names, folder, per_community=per == "community", force=force):
        _print_blank(blank)


def _print_blank(blank: "WrittenBlank") -> None:
    """Print where a blank is; where a file that differs was kept in its place, that too."""
    print_line((_("Wrote {path}") if blank.is_new else _("Unchanged: {path}")).format(path=blank.path))
    if blank.path != blank.wanted:
        print_error(
            _(
                "{path}: this file differs from the blank of the campaign as it is now, and was kept. "
                "The blank to distribute is {new}; delete the other one if nobody needs it."
            ).format(path=blank.wanted, new=blank.path.name)
        )


@click.command(
    help=_(
        "Show the round as a page in the browser, on this computer only.\n\n"
        "DIR is the folder of a round, or one in which rounds are. "
        "What the page does is what the commands do."
    )
)
@click.argument("folder", metavar="[DIR]", required=False, type=TypedPath())
@click.option(
    "--port",
    type=Port(),
    default=0,
    metavar="PORT",
    help=_("The port on this computer. [default: one that is free]"),
)
@click.option("--no-browser", is_flag=True, help=_("Only print the address; open no browser."))
@AS_OF
@INSECURE
def ui(folder: Path | None, port: int, no_browser: bool, as_of: datetime | None, insecure: bool) -> None:
    import webbrowser

    from greenxl.ui.server import page_of, rounds_may_begin, serve, session_for

    refuse_absent(folder)
    start = folder.resolve() if folder else current_folder()
    address = page_of(start)
    if address:
        print_line(_("The page is open already, at {address}").format(address=address))
        if not no_browser:
            webbrowser.open(address)
        return
    named, day = folder is not None, as_of.date() if as_of else None
    session = session_for(start, rounds_may_begin(start, named=named), day, named=named, insecure=insecure)

    def announce(address: str) -> None:
        print_line(_("The page is at {address}").format(address=address))
        print_line(_("It is for this computer alone. To end it, press its button Close, or Ctrl-C here."))

    serve(session, port, browser=not no_browser, announce=announce)
