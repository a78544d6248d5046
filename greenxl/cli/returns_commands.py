"""The commands that read returns: check, merge, status."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenxl.cli.inputs import (
    Evaluation,
    campaign_source,
    chosen_date,
    evaluate_returns,
    load_campaign,
    returns_or_default,
)
from greenxl.cli.options import AS_OF, CAMPAIGN, EXCLUDE, FORCE, JSON, LATEST, NOTES, RETURNS, STRICT
from greenxl.cli.outputs import default_report, refuse_among_returns, refuse_as_report, refuse_returned
from greenxl.cli.terminal import print_error, print_json, print_line
from greenxl.i18n import _
from greenxl.scoring.choosing import Status

if TYPE_CHECKING:
    from greenxl.report.comparison import Change
    from greenxl.rounds.evaluate import Round


@click.command(
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
        refuse_among_returns(paths, sendback_folder)
    found = evaluate_returns(campaign, paths, latest=latest, exclude=exclude)
    _print(found, None, as_json=as_json, notes=notes)
    copies = _write_copies(found.result, sendback_folder, force) if sendback_folder else []
    for path in copies:
        (print_error if as_json else print_line)(_("Wrote {path}").format(path=path))
    sys.exit(_exit_code(found.result, strict=strict))


def _write_copies(result: "Round", folder: Path, force: bool) -> list[Path]:
    from greenxl.output_files import refuse_existing, write_whole
    from greenxl.sendback.copies import correction_copies

    copies = list(correction_copies(result))
    targets = [folder / copy.file_name for copy in copies]
    refuse_existing(targets, force)
    refuse_returned(result, targets)
    for target, copy in zip(targets, copies, strict=True):
        write_whole(target, copy.data)
    return targets


@click.command(
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
    from greenxl.output_files import refuse_existing, write_whole
    from greenxl.report.comparison import compare
    from greenxl.report.previous import previous_of

    campaign = load_campaign(campaign_path, quiet=as_json)
    today = chosen_date(as_of)
    target = output or default_report(campaign, today)
    refuse_as_report(target, campaign_source(campaign_path)[0])
    refuse_existing([target], force)
    previous = previous_of(campaign, previous_file) if previous_file else None
    found = evaluate_returns(campaign, returns_or_default(returns), latest=latest, exclude=exclude)
    refuse_returned(found.result, [target])
    from greenxl.report.book import consolidate

    write_whole(target, consolidate(found.result, found.tables, today, previous))
    changes = compare(previous, campaign, found.result.choices) if previous else None
    _print(found, target, as_json=as_json, notes=notes, changes=changes)
    sys.exit(_exit_code(found.result, strict=strict))


def _print(
    found: Evaluation,
    output: Path | None,
    *,
    as_json: bool,
    notes: bool,
    changes: "Sequence[Change] | None" = None,
) -> None:
    """Print a result for people or for programs."""
    if as_json:
        from greenxl.report.json_document import document

        path = str(output) if output else None
        print_json(document(found.result, found.tables, path, changes=changes))
        return
    from greenxl.cli.results import print_result

    print_result(found.result, found.tables, notes=notes, changes=changes)
    if output:
        print_line(_("Wrote {path}").format(path=output))


def _exit_code(result: "Round", *, strict: bool) -> int:
    """Return 1 where something is to be corrected; with ``strict`` also for warnings and missing returns."""
    from greenxl.catalogue import Severity
    from greenxl.findings import count

    counts = count(result.findings)
    missing = any(choice.status == Status.MISSING for choice in result.choices)
    return int(bool(counts[Severity.ERROR] or (strict and (counts[Severity.WARNING] or missing))))


@click.command(help=_("Show what each town was sent, has returned and still owes."))
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
    from greenxl.cli.status_output import print_status, status_of_round

    campaign = load_campaign(campaign_path, quiet=as_json)
    found = evaluate_returns(campaign, returns_or_default(returns), latest=latest, exclude=exclude)
    state = status_of_round(found.result, Path())
    if as_json:
        print_json(state.document())
    else:
        print_status(state)
