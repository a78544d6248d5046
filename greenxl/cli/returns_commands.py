"""The commands that read returns: check, merge, report, status."""

import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenxl.cli.failures import failure_of, print_failure
from greenxl.cli.here import RoundCommand, TypedPath, refuse_absent
from greenxl.cli.inputs import (
    campaign_source,
    chosen_date,
    evaluate_returns,
    load_campaign,
    require_round,
    returns_or_default,
    unread_returns,
)
from greenxl.cli.options import (
    AS_OF,
    CAMPAIGN,
    FORCE,
    JSON,
    NOTES,
    RETURNS,
    STRICT,
    ReadingOptions,
    reading_options,
    reads_at_once,
)
from greenxl.cli.outputs import (
    default_annual_report,
    default_report,
    refuse_among_returns,
    refuse_as_report,
    refuse_returned,
    refuse_tables,
    write_report,
    write_tables,
)
from greenxl.cli.terminal import print_error, print_json, print_line
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.output_files import refuse_existing, write_new
from greenxl.rounds import folder as round_folder

if TYPE_CHECKING:
    from greenxl.campaign.model import Campaign
    from greenxl.report.comparison import Change, Previous
    from greenxl.report.files import Written
    from greenxl.returns.intake import RemoteReturns
    from greenxl.rounds.evaluate import Evaluation, Round


_FRAMES = "greenxl.scoring.frames"
_FOR_WORKBOOK = (_FRAMES, "greenxl.report.book")
"""What takes long to import."""


@click.command(
    cls=RoundCommand,
    help=_(
        "Read and check returns: who is missing, which cells are wrong.\n\n"
        "RETURNS are files, folders (searched to any depth), zip archives and addresses "
        "such as s3://bucket/folder or sftp://server/folder; "
        "in a round folder they default to what is in returned."
    ),
)
@RETURNS
@CAMPAIGN
@click.option(
    "--sendback",
    "sendback_folder",
    metavar="DIR",
    type=TypedPath(),
    help=_("Write a correction copy for every town that has something to correct."),
)
@reading_options
@reads_at_once
@JSON
@STRICT
@NOTES
def check(
    returns: "tuple[Path | RemoteReturns, ...]",
    campaign_path: Path | None,
    sendback_folder: Path | None,
    reading: ReadingOptions,
    as_json: bool,
    strict: bool,
    notes: bool,
) -> None:
    refuse_absent(*returns, campaign_path)
    paths = returns_or_default(returns)
    if sendback_folder:
        refuse_among_returns(sendback_folder, paths)
    campaign = load_campaign(campaign_path, quiet=as_json)
    found = evaluate_returns(campaign, paths, reading)

    def write() -> None:
        for line in _write_copies(found.result, sendback_folder) if sendback_folder else ():
            (print_error if as_json else print_line)(line)

    _print_and_write(found, write, date.today(), as_json=as_json, notes=notes)
    sys.exit(_exit_code(found.result, strict=strict))


def _write_copies(result: "Round", folder: Path) -> list[str]:
    """Bring the folder of correction copies up to date and return what was done, in lines."""
    from greenxl.cli.outputs import copies_lines
    from greenxl.sendback.problems import merged_workbooks
    from greenxl.sendback.renewal import renew_copies

    lines = copies_lines(renew_copies(result, folder, Path() if round_folder.is_round(Path()) else None))
    merged = merged_workbooks(result)
    if merged:
        lines.append(
            _(
                "No copies are made of what came in consolidated workbooks ({files}): whoever sent them runs "
                "“greenxl check --sendback” there."
            ).format(files="、".join(merged))
        )
    return lines


@click.command(
    cls=RoundCommand,
    help=_(
        "Merge returns into one consolidated workbook: the main job.\n\n"
        "RETURNS are files, folders (searched to any depth), zip archives and addresses "
        "such as s3://bucket/folder or sftp://server/folder; "
        "in a round folder they default to what is in returned."
    ),
)
@RETURNS
@CAMPAIGN
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=TypedPath(),
    help=_("The consolidated workbook. [default: in report, under the first free name]"),
)
@click.option(
    "--previous",
    "previous_file",
    metavar="OLD.xlsx",
    type=TypedPath(),
    help=_(
        "An earlier consolidated workbook: show what has changed since. "
        "[default: in a round the newest earlier one in report]"
    ),
)
@click.option("--no-previous", "alone", is_flag=True, help=_("Compare with no earlier workbook."))
@click.option(
    "--notices",
    "with_notices",
    is_flag=True,
    help=_(
        "Also write notices of what to put right, beside the workbook: "
        "one for each town, and one for the departments."
    ),
)
@click.option(
    "--tables",
    "tables_folder",
    metavar="DIR",
    type=TypedPath(),
    help=_("Also write the tables as Parquet files into DIR, for programs (needs greenxl[parquet])."),
)
@reading_options
@reads_at_once
@AS_OF
@JSON
@STRICT
@NOTES
@FORCE
def merge(
    returns: "tuple[Path | RemoteReturns, ...]",
    campaign_path: Path | None,
    output: Path | None,
    previous_file: Path | None,
    alone: bool,
    with_notices: bool,
    tables_folder: Path | None,
    reading: ReadingOptions,
    as_of: datetime | None,
    as_json: bool,
    strict: bool,
    notes: bool,
    force: bool,
) -> None:
    refuse_absent(*returns, campaign_path, previous_file)
    paths = returns_or_default(returns)
    if output:
        refuse_as_report(output, campaign_source(campaign_path)[0])
        refuse_existing([output], force)
        refuse_existing([round_folder.leader_copy_of(output)], force)
    if tables_folder:
        refuse_tables(tables_folder, paths, force=force)
    campaign = load_campaign(campaign_path, quiet=as_json)
    today = chosen_date(as_of)
    previous = None if alone else _previous(campaign, previous_file, today)
    found = evaluate_returns(campaign, paths, reading, _FOR_WORKBOOK)

    def write() -> "Written":
        written = _write_report(found, output, today, previous, force=force)
        left_out = unread_returns(found.result) if returns else 0
        if left_out and not output:
            print_error(
                _(
                    "This workbook is not of the whole round: {count} files in returned were not read. "
                    "Run “greenxl merge” without naming files before you report."
                ).format(count=left_out)
            )
        if not as_json:
            print_line(_("Wrote {path}").format(path=written.output))
            print_line(_("Wrote {path}, the leader’s copy").format(path=written.leader_copy))
        notices = with_notices and _write_notices(found, written.output, today, partial=left_out > 0)
        tables = write_tables(found.result, found.tables, tables_folder, force=force) if tables_folder else ()
        for line in (*(notices or ()), *(_("Wrote {path}").format(path=path) for path in tables)):
            (print_error if as_json else print_line)(line)
        return written

    changes = _changes(found, previous)
    _print_and_write(found, write, today, as_json=as_json, notes=notes, changes=changes)
    sys.exit(_exit_code(found.result, strict=strict))


@click.command(
    cls=RoundCommand,
    help=_(
        "Write the annual report, a Word document.\n\n"
        "The figures of the returns are filled in. Its template is the round’s own, which Word can change "
        "(see --write-template), else the shipped one; what only people can write is left "
        "marked in it. RETURNS are as for merge."
    ),
)
@RETURNS
@CAMPAIGN
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=TypedPath(),
    help=_("The annual report, a .docx file. [default: in report, under the first free name]"),
)
@click.option(
    "--template",
    "template_file",
    metavar="FILE.docx",
    type=TypedPath(),
    help=_("The template. [default: {name} of the round, else the shipped one]").format(
        name=round_folder.ANNUAL_TEMPLATE
    ),
)
@click.option(
    "--write-template",
    is_flag=True,
    help=_(
        "Put the shipped template into the round as {name}, to be changed in Word; write no report."
    ).format(name=round_folder.ANNUAL_TEMPLATE),
)
@reading_options
@reads_at_once
@AS_OF
@JSON
@STRICT
@NOTES
@FORCE
def report(
    returns: "tuple[Path | RemoteReturns, ...]",
    campaign_path: Path | None,
    output: Path | None,
    template_file: Path | None,
    write_template: bool,
    reading: ReadingOptions,
    as_of: datetime | None,
    as_json: bool,
    strict: bool,
    notes: bool,
    force: bool,
) -> None:
    from greenxl.report.annual.document import annual_report, read_template, try_template
    from greenxl.report.files import Written

    if write_template:
        _write_template()
        return
    refuse_absent(*returns, campaign_path, template_file)
    paths = returns_or_default(returns)
    if output:
        refuse_as_report(output, campaign_source(campaign_path)[0], ".docx")
        refuse_existing([output], force)
    campaign = load_campaign(campaign_path, quiet=as_json)
    today = chosen_date(as_of)
    template = read_template(template_file or _own_template())
    try_template(template, campaign, today)
    found = evaluate_returns(campaign, paths, reading, [_FRAMES])

    def write() -> "Written":
        default = default_annual_report(campaign, today)
        refuse_returned(found.result, [output or default])
        filled = annual_report(template, found.result, found.tables, today)
        path = write_report(output, default, filled.data, force=force)
        if not as_json:
            print_line(_("Wrote {path}").format(path=path))
        if filled.to_be_filled:
            print_error(
                _("It has {count} places that only people can fill in: look for “{mark}” in Word.").format(
                    count=filled.to_be_filled, mark="【请填写"
                )
            )
        return Written(path)

    _print_and_write(found, write, today, as_json=as_json, notes=notes)
    sys.exit(_exit_code(found.result, strict=strict))


def _own_template() -> Path | None:
    """Return the round's own template, None where it has none."""
    own = Path(round_folder.ANNUAL_TEMPLATE)
    return own if round_folder.is_round(Path()) and own.exists() else None


def _write_template() -> None:
    from greenxl.report.annual.document import shipped_template

    require_round()
    own = Path(round_folder.ANNUAL_TEMPLATE)
    if own.exists():
        raise WrongUseError(
            _("{path}: the round has its template already. Change it in Word, or rename it first.").format(
                path=own
            )
        )
    write_new(own, shipped_template().data)
    print_line(_("Wrote {path}").format(path=own))
    print_line(_("Change it in Word as you like; “greenxl report” uses it from now on."))


def _previous(campaign: "Campaign", file: Path | None, today: date) -> "Previous | None":
    """Return the earlier workbook to compare with: the one named, else the newest of this round."""
    if not file and not round_folder.is_round(Path()):
        return None
    from greenxl.report import previous

    if file:
        return previous.previous_of(campaign, file)
    return previous.newest_before(campaign, Path(round_folder.REPORT), today, print_error)


def _changes(found: "Evaluation", previous: "Previous | None") -> "Sequence[Change] | None":
    from greenxl.report.comparison import compare

    return compare(previous, found.result.campaign, found.result.choices) if previous else None


def _write_report(
    found: "Evaluation", output: Path | None, today: date, previous: "Previous | None", *, force: bool
) -> "Written":
    """Write the consolidated workbook and the leader's copy of it, and return where."""
    from greenxl.report.book import writers
    from greenxl.report.files import write_with_leader_copy

    default = default_report(found.result.campaign, today)
    target = output or default
    refuse_returned(found.result, [target, round_folder.leader_copy_of(target)])
    report, copy = writers(found.result, found.tables, today, previous)
    return write_with_leader_copy(output, default, report, copy, force=force)


def _write_notices(found: "Evaluation", report: Path, today: date, *, partial: bool) -> list[str]:
    """Bring the notices beside a consolidated workbook up to date and return what was done, in lines."""
    from greenxl.cli.outputs import notices_lines
    from greenxl.report.notices.renewal import renew_notices

    if partial:  # what was not read would be asked for again
        return [_("No notices were written, because this workbook is not of the whole round.")]
    in_round = (
        round_folder.is_round(Path()) and report.parent.resolve() == Path(round_folder.REPORT).resolve()
    )
    return notices_lines(
        renew_notices(found.result.campaign, found.tables, report, today, Path() if in_round else None)
    )


def _print_and_write(
    found: "Evaluation",
    write: "Callable[[], Written | None]",
    as_of: date,
    *,
    as_json: bool,
    notes: bool,
    changes: "Sequence[Change] | None" = None,
) -> None:
    """Print a result, for people or for programs, whether what goes with it can be written or not.

    :param write: writes what goes with it, and returns where that is.
    """
    if as_json:
        _write_and_print_document(found, write, changes)
        return
    from greenxl.cli.results import print_result

    print_result(found.result, found.tables, as_of=as_of, notes=notes, changes=changes)
    write()


def _write_and_print_document(
    found: "Evaluation", write: "Callable[[], Written | None]", changes: "Sequence[Change] | None"
) -> None:
    """Print one document, which tells of the failure too where something could not be written."""
    from greenxl.report.json_document import document

    written, failure = None, None
    try:
        written = write()
    except (GreenxlError, OSError) as error:
        failure = failure_of(error)
    printed = document(
        found.result,
        found.tables,
        str(written.output) if written else None,
        changes=changes,
        leader_copy=str(written.leader_copy) if written and written.leader_copy else None,
    )
    print_json({**printed, "error": failure.document()} if failure else printed)
    if failure:
        print_failure(failure)
        sys.exit(failure.exit_code)


def _exit_code(result: "Round", *, strict: bool) -> int:
    """Return 1 where something is to be corrected; with ``strict`` also for warnings and missing returns."""
    from greenxl.catalogue import Severity
    from greenxl.findings import count

    counts = count(result.findings)
    from greenxl.scoring.choosing import Status

    missing = any(choice.status == Status.MISSING for choice in result.choices)
    return int(bool(counts[Severity.ERROR] or (strict and (counts[Severity.WARNING] or missing))))


@click.command(cls=RoundCommand, help=_("Show what each town was sent, has returned and still owes."))
@RETURNS
@CAMPAIGN
@reading_options
@reads_at_once
@JSON
def status(
    returns: "tuple[Path | RemoteReturns, ...]",
    campaign_path: Path | None,
    reading: ReadingOptions,
    as_json: bool,
) -> None:
    from greenxl.cli.status_output import print_status
    from greenxl.mail.round_status import status_of_round

    refuse_absent(*returns, campaign_path)
    paths = returns_or_default(returns)
    campaign = load_campaign(campaign_path, quiet=as_json)
    found = evaluate_returns(campaign, paths, reading)
    state = status_of_round(found.result, Path())
    if as_json:
        print_json(state.document())
    else:
        print_status(state)
