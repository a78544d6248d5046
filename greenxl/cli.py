"""The commands: parse, call the stages, print, set the exit code. The only module that knows click.

Exit codes: 0 done and clean; 1 done, and some finding is an error; 2 wrong use or a campaign that cannot
be used; 3 reading, writing or mail failed; 130 stopped by Ctrl-C.
"""

import errno
import importlib
import json
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from greenxl import __version__, round_folder
from greenxl.campaign import Campaign
from greenxl.console import complain, prepare_streams, say
from greenxl.errors import CampaignError, GreenxlError, WrongUseError
from greenxl.i18n import _

if TYPE_CHECKING:
    from greenxl.mail_letters import Kind
    from greenxl.merging import Round
    from greenxl.previous import Change
    from greenxl.tables import Tables


STOPPED = 130
"""As shells report what Ctrl-C ended; click's own 1 would read as “done, with findings”."""


class Commands(click.Group):
    """Turns what a user can cause into one plain message and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GreenxlError as error:
            complain(_("Error: {message}").format(message=error))
            for fault in error.faults if isinstance(error, CampaignError) else ():
                complain(f"  {fault}")
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
@click.version_option(__version__, package_name="greenxl")
def cli() -> None:
    pass


def main() -> None:
    prepare_streams()
    cli(prog_name="greenxl")


CAMPAIGN = click.option(
    "-c",
    "--campaign",
    "campaign_path",
    type=click.Path(path_type=Path),
    metavar="CAMPAIGN",
    help=_(
        "The campaign: a workbook or a folder of CSV files. "
        "[default: campaign.xlsx here, else the shipped one]"
    ),
)
FORCE = click.option("--force", is_flag=True, help=_("Overwrite outputs that exist."))
AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=_("The date that the result bears, like 2021-09-30. [default: today]"),
)
# click itself would refuse all for one that cannot be read: that one is a finding.
RETURNS = click.argument(
    "returns", nargs=-1, type=click.Path(readable=False, path_type=Path), metavar="[RETURNS]..."
)
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
    help=_("Leave out files of this name, like “*旧*”; may be repeated. The ledger says so."),
)
TOWNS = click.option(
    "--town", "towns", metavar="NAME", multiple=True, help=_("Only this town; may be repeated.")
)
NOTES = click.option("--notes", is_flag=True, help=_("Show notes too, not only errors and warnings."))


def campaign_source(path: Path | None) -> tuple[Path | Traversable, str]:
    """Return where the campaign stands, and what to call that."""
    from greenxl.campaign_tables import shipped

    if path:
        return path, str(path)
    if round_folder.is_round(Path()):
        return Path(round_folder.CAMPAIGN), round_folder.CAMPAIGN
    return shipped(), _("the shipped one")


def load_campaign(path: Path | None, *, quiet: bool = False) -> Campaign:
    """Return the campaign named, or that of this round folder, or the shipped one; say which."""
    from greenxl.campaign_checks import load

    source, words = campaign_source(path)
    campaign = load(source)
    line = _("Campaign: {id} {title} ({source})").format(id=campaign.id, title=campaign.title, source=words)
    if quiet:
        complain(line)
    else:
        say(line)
    return campaign


def returns_or_default(returns: tuple[Path, ...]) -> list[Path]:
    if returns:
        return list(returns)
    if round_folder.is_round(Path()):
        return [Path(round_folder.RETURNED)]
    raise WrongUseError(
        _(
            "There is nothing to read. Name the returned files or folders, "
            "or run the command in a round folder."
        )
    )


@cli.command(
    help=_(
        "See the whole loop on samples: blanks, returns, check, merge.\n\n"
        "A round is begun in DIR with the shipped campaign; every command that is run there is shown."
    )
)
@click.argument("folder", metavar="[DIR]", default="greenxl-demo", type=click.Path(path_type=Path))
@AS_OF
@FORCE
def demo(folder: Path, as_of: datetime | None, force: bool) -> None:
    from greenxl import demonstration
    from greenxl.writing import refuse_existing

    refuse_existing([folder / round_folder.CAMPAIGN], force)
    round_folder.begin(folder, demonstration.tables())
    count = demonstration.copy_returns(folder / round_folder.RETURNED)
    say(_("A round was begun in {folder}, with {count} sample returns.").format(folder=folder, count=count))
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
    say()
    say(
        _("The consolidated workbook is in {report}, the mail drafts are in {drafts}.").format(
            report=folder / round_folder.REPORT, drafts=folder / "drafts"
        )
    )
    say(
        _("Try next: change a score in {returned}, then run “greenxl merge --force” in {folder}.").format(
            returned=folder / round_folder.RETURNED, folder=folder
        )
    )


def _run(words: list[str]) -> None:
    """Run a command of ours as if it had been typed; findings do not stop the demonstration."""
    say()
    say(f"$ greenxl {' '.join(words)}")
    try:
        code = cli.main(words, prog_name="greenxl", standalone_mode=False)
    except SystemExit as stop:
        code = stop.code
    if isinstance(code, int) and code > 1:
        sys.exit(code)


@cli.command(
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
    from greenxl.campaign_checks import parse
    from greenxl.campaign_tables import read_tables, shipped, with_year
    from greenxl.writing import refuse_existing

    tables = read_tables(source or shipped())
    if year:
        tables = with_year(tables, year)
    campaign = parse(tables, str(source or _("the shipped one")))
    refuse_existing([folder / round_folder.CAMPAIGN], force)
    round_folder.begin(folder, tables)
    say(_("Wrote {path} ({id}).").format(path=folder / round_folder.CAMPAIGN, id=campaign.id))
    say(_("Next: fill in deadlines, contacts and mail addresses there, then run “greenxl template”."))


@cli.command(help=_("Write the blank score workbooks.\n\nOne per town, with one sheet per community."))
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
    from greenxl.blank import blanks
    from greenxl.writing import refuse_existing, write_whole

    campaign = load_campaign(campaign_path)
    folder = output or Path(round_folder.BLANK)
    names = [_town_named(campaign, name) for name in towns] or [town.name for town in campaign.towns]
    made = list(blanks(campaign, names, per_community=per == "community"))
    refuse_existing([folder / blank.file_name for blank in made], force)
    for blank in made:
        write_whole(folder / blank.file_name, blank.data)
        say(_("Wrote {path}").format(path=folder / blank.file_name))


def _town_named(campaign: Campaign, name: str) -> str:
    town = campaign.find_town(name)
    if town is None:
        known = "、".join(t.name for t in campaign.towns)
        raise WrongUseError(
            _("There is no town “{name}” in the campaign. Its towns are: {known}.").format(
                name=name, known=known
            )
        )
    return town.name


@dataclass(frozen=True, slots=True)
class Merged:
    result: "Round"
    tables: "Tables"


@contextmanager
def importing(module: str) -> Iterator[None]:
    """Import a heavy module while other processes are waited for."""
    thread = threading.Thread(target=importlib.import_module, args=(module,))
    thread.start()
    try:
        yield
    finally:
        thread.join()


def merged(
    campaign: Campaign, returns: list[Path], *, latest: bool = False, exclude: tuple[str, ...] = ()
) -> Merged:
    from greenxl.console import progress
    from greenxl.merging import merge

    with progress(_("Reading")) as step, importing("greenxl.tables"):
        result = merge(campaign, returns, step, latest=latest, exclude=exclude)
    from greenxl import tables

    return Merged(result, tables.build(campaign, result.choices))


@cli.command(
    help=_(
        "Read and check returns: who is missing, which cells are wrong.\n\n"
        "RETURNS are files, folders (searched to any depth) and zip archives; "
        "in a round folder they default to what is in returned."
    )
)
@RETURNS
@CAMPAIGN
@click.option(
    "--sendback",
    "sendback_folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=_("Write a correction copy for every town that has something to mend."),
)
@LATEST
@EXCLUDE
@JSON
@STRICT
@NOTES
@FORCE
def check(
    returns: tuple[Path, ...],
    campaign_path: Path | None,
    sendback_folder: Path | None,
    latest: bool,
    exclude: tuple[str, ...],
    as_json: bool,
    strict: bool,
    notes: bool,
    force: bool,
) -> None:
    campaign = load_campaign(campaign_path, quiet=as_json)
    paths = returns_or_default(returns)
    if sendback_folder:
        _refuse_among(paths, sendback_folder)
    found = merged(campaign, paths, latest=latest, exclude=exclude)
    copies = _send_back(found.result, sendback_folder, force) if sendback_folder else []
    _report(found, None, as_json=as_json, notes=notes)
    for path in copies:
        (complain if as_json else say)(_("Wrote {path}").format(path=path))
    sys.exit(exit_code(found.result, strict=strict))


def _refuse_among(returns: list[Path], folder: Path) -> None:
    """Refuse a folder for correction copies in which they would be taken for returns."""
    whole = folder.resolve()
    if any(path.is_dir() and path.resolve() in (whole, *whole.parents) for path in returns):
        raise WrongUseError(
            _(
                "{path}: correction copies among the returns would be taken for returns. Name another folder."
            ).format(path=folder)
        )


def _refuse_returned(result: "Round", targets: list[Path]) -> None:
    """Refuse to write over what was returned, whatever --force allows."""
    own = {e.file for e in result.entries if e.reason and e.reason.code == "skipped-report"}
    returned = {source.path.resolve() for source in result.sources if source.name not in own}
    for target in targets:
        if target.resolve() in returned:
            raise WrongUseError(
                _(
                    "{path}: this is one of the returned files, which are never changed. Name another output."
                ).format(path=target)
            )


def _send_back(result: "Round", folder: Path, force: bool) -> list[Path]:
    from greenxl.archive import ArchiveError
    from greenxl.intake import content
    from greenxl.sendback import send_back
    from greenxl.writing import refuse_existing, write_whole

    sources = {source.name: source for source in result.sources}

    def read_bytes(name: str) -> bytes | None:
        try:
            return content(sources[name])
        except (OSError, ArchiveError):
            return None

    copies = list(send_back(result, read_bytes))
    targets = [folder / copy.file_name for copy in copies]
    refuse_existing(targets, force)
    _refuse_returned(result, targets)
    for target, copy in zip(targets, copies, strict=True):
        write_whole(target, copy.data)
    return targets


@cli.command(
    help=_(
        "Merge returns into one consolidated workbook: the main job.\n\n"
        "RETURNS are files, folders (searched to any depth) and zip archives; "
        "in a round folder they default to what is in returned."
    )
)
@RETURNS
@CAMPAIGN
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("The consolidated workbook. [default: in report]"),
)
@click.option(
    "--previous",
    "previous_file",
    metavar="OLD.xlsx",
    type=click.Path(path_type=Path),
    help=_("An earlier consolidated workbook: tell what changed since."),
)
@LATEST
@EXCLUDE
@AS_OF
@JSON
@STRICT
@NOTES
@FORCE
def merge(
    returns: tuple[Path, ...],
    campaign_path: Path | None,
    output: Path | None,
    previous_file: Path | None,
    latest: bool,
    exclude: tuple[str, ...],
    as_of: datetime | None,
    as_json: bool,
    strict: bool,
    notes: bool,
    force: bool,
) -> None:
    from greenxl.previous import compare, previous_of
    from greenxl.writing import refuse_existing, write_whole

    campaign = load_campaign(campaign_path, quiet=as_json)
    target = output or _default_report(campaign, day(as_of))
    _refuse_as_output(target, campaign_source(campaign_path)[0])
    refuse_existing([target], force)
    previous = previous_of(campaign, previous_file) if previous_file else None
    found = merged(campaign, returns_or_default(returns), latest=latest, exclude=exclude)
    _refuse_returned(found.result, [target])
    from greenxl.consolidated import consolidate

    write_whole(target, consolidate(found.result, found.tables, day(as_of), previous))
    changes = compare(previous, campaign, found.result.choices) if previous else None
    _report(found, target, as_json=as_json, notes=notes, changes=changes)
    sys.exit(exit_code(found.result, strict=strict))


def _refuse_as_output(target: Path, campaign: Path | Traversable) -> None:
    if target.suffix.lower() != ".xlsx" and not target.is_dir():
        raise WrongUseError(
            _("{path}: the consolidated workbook is an .xlsx file. Let its name end so.").format(path=target)
        )
    if isinstance(campaign, Path) and target.resolve() == campaign.resolve():
        raise WrongUseError(
            _("{path}: this is the campaign, which is never written over. Name another output.").format(
                path=target
            )
        )


def _default_report(campaign: Campaign, as_of: date) -> Path:
    folder = Path(round_folder.REPORT) if round_folder.is_round(Path()) else Path()
    return folder / round_folder.report_name(campaign, as_of)


def _report(
    found: Merged,
    output: Path | None,
    *,
    as_json: bool,
    notes: bool,
    changes: "Sequence[Change] | None" = None,
) -> None:
    if as_json:
        print_json(found, output, changes)
        return
    from greenxl.console import tell

    tell(found.result, found.tables, notes=notes, changes=changes)
    if output:
        say(_("Wrote {path}").format(path=output))


def print_json(found: Merged, output: Path | None, changes: "Sequence[Change] | None" = None) -> None:
    from greenxl.document import document

    target = str(output) if output else None
    print_value(document(found.result, found.tables, target, changes=changes))


def print_value(value: object) -> None:
    """Print a document so that it survives a console of any encoding."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(value, ensure_ascii=not unicode, indent=2))


def exit_code(result: "Round", *, strict: bool) -> int:
    from greenxl.findings import Severity, count

    counts = count(result.findings)
    missing = any(choice.status == "missing" for choice in result.choices)
    return int(bool(counts[Severity.ERROR] or (strict and (counts[Severity.WARNING] or missing))))


def day(as_of: datetime | None) -> date:
    return as_of.date() if as_of else date.today()


INSECURE = click.option(
    "--insecure",
    is_flag=True,
    help=_("Do without encryption where the server is on this computer (for tests)."),
)


@cli.command(
    help=_(
        "Mail blanks, reminders, correction copies or the report.\n\n"
        "Without --send it writes drafts (.eml) that any mail program opens."
    )
)
@click.argument("kind", type=click.Choice(["blank", "reminders", "sendback", "report"]))
@RETURNS
@CAMPAIGN
@click.option("--send", "really", is_flag=True, help=_("Send. Without it nothing leaves this computer."))
@TOWNS
@click.option(
    "--report",
    "report_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("The consolidated workbook to send. [default: the newest in report]"),
)
@click.option("--resend", is_flag=True, help=_("Send again what may not have arrived."))
@click.option("--again", is_flag=True, help=_("Send again even what was sent."))
@click.option(
    "--drafts",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=_("The folder of the drafts. [default: drafts]"),
)
@INSECURE
@LATEST
@EXCLUDE
@AS_OF
@FORCE
def send(
    kind: "Kind",
    returns: tuple[Path, ...],
    campaign_path: Path | None,
    really: bool,
    towns: tuple[str, ...],
    report_file: Path | None,
    resend: bool,
    again: bool,
    drafts: Path | None,
    insecure: bool,
    latest: bool,
    exclude: tuple[str, ...],
    as_of: datetime | None,
    force: bool,
) -> None:
    from greenxl import mail_desk, mail_journal, mail_send

    campaign = load_campaign(campaign_path)
    names = {_town_named(campaign, name) for name in towns}
    chosen = [town for town in campaign.towns if not names or town.name in names]
    if kind == "report":
        letters = mail_desk.report_to_send(campaign, report_file, Path(), day(as_of))
    else:
        result = None
        if kind != "blank":
            result = merged(campaign, returns_or_default(returns), latest=latest, exclude=exclude).result
        letters = mail_desk.town_letters(kind, campaign, chosen, result, Path(), day(as_of))
    log = Path(mail_journal.SEND_LOG)
    planned = mail_send.plan(letters, campaign, mail_journal.read(log), resend=resend, again=again)
    missing = mail_desk.without_address(letters, campaign_source(campaign_path)[0])
    mail_desk.list_letters(planned)
    if really:
        mail_desk.refuse_without_address(missing)
        _require_round()
        code = mail_desk.send_all(planned, campaign, log, ask_password, insecure=insecure)
        mail_desk.print_chats(letters)
        sys.exit(code)
    folder = drafts or Path(mail_desk.DRAFTS)
    left_out = [town.name for town in campaign.towns if town not in chosen]
    mail_desk.write_all_drafts(kind, planned, campaign, folder, left_out, force=force)
    mail_desk.print_chats(letters)
    sys.exit(mail_desk.tell_without_address(missing))


def _require_round() -> None:
    if not round_folder.is_round(Path()):
        raise WrongUseError(
            _("This is no round folder. Go to the folder that “greenxl init” made and run the command there.")
        )


def ask_password(question: str) -> str:
    return str(click.prompt(question, hide_input=True, err=True))


@cli.command(
    help=_(
        "Bring the attachments of returned mails into “returned”.\n\n"
        "The mailbox is only read; what was collected before is left out."
    )
)
@CAMPAIGN
@click.option(
    "--mailbox", metavar="NAME", default="INBOX", show_default=True, help=_("The mailbox to look into.")
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=_("Only mails from this day on. [default: 1 January of the round’s year]"),
)
@click.option("--from", "sender", metavar="ADDRESS", default="", help=_("Only mails of this sender."))
@click.option("--again", is_flag=True, help=_("Look at mails again that were collected before."))
@INSECURE
def collect(
    campaign_path: Path | None,
    mailbox: str,
    since: datetime | None,
    sender: str,
    again: bool,
    insecure: bool,
) -> None:
    from greenxl import mail_desk
    from greenxl.mail_collect import Selection

    campaign = load_campaign(campaign_path)
    _require_round()
    selection = Selection(mailbox, since.date() if since else date(campaign.year, 1, 1), sender)
    mail_desk.collect_all(campaign, selection, ask_password, again=again, insecure=insecure)


@cli.command(help=_("Show what each town was sent, has returned and still owes."))
@RETURNS
@CAMPAIGN
@LATEST
@EXCLUDE
@JSON
def status(
    returns: tuple[Path, ...],
    campaign_path: Path | None,
    latest: bool,
    exclude: tuple[str, ...],
    as_json: bool,
) -> None:
    from greenxl import standing_desk

    campaign = load_campaign(campaign_path, quiet=as_json)
    found = merged(campaign, returns_or_default(returns), latest=latest, exclude=exclude)
    whole = standing_desk.whole_standing(found.result, Path())
    if as_json:
        print_value(whole.document())
    else:
        standing_desk.tell(whole)
