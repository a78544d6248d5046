"""The commands that read returns: check, merge, status."""

import json
import re
import sys
from collections.abc import Sequence
from datetime import date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from greenxl.campaign.model import Campaign
from greenxl.cli.inputs import Merged, campaign_source, day, load_campaign, merged, returns_or_default
from greenxl.cli.options import AS_OF, CAMPAIGN, EXCLUDE, FORCE, JSON, LATEST, NOTES, RETURNS, STRICT
from greenxl.cli.terminal import complain, say
from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.rounds import folder as round_folder
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
    own = {e.file for e in result.entries if e.own_report}
    returned = {source.path.resolve() for source in result.sources if source.name not in own}
    for target in targets:
        if target.resolve() in returned:
            raise WrongUseError(
                _(
                    "{path}: this is one of the returned files, which are never changed. Name another output."
                ).format(path=target)
            )


def _send_back(result: "Round", folder: Path, force: bool) -> list[Path]:
    from greenxl.output_files import refuse_existing, write_whole
    from greenxl.sendback.copies import correction_copies

    copies = list(correction_copies(result))
    targets = [folder / copy.file_name for copy in copies]
    refuse_existing(targets, force)
    _refuse_returned(result, targets)
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
    today = day(as_of)
    target = output or _default_report(campaign, today)
    _refuse_as_output(target, campaign_source(campaign_path)[0])
    refuse_existing([target], force)
    previous = previous_of(campaign, previous_file) if previous_file else None
    found = merged(campaign, returns_or_default(returns), latest=latest, exclude=exclude)
    _refuse_returned(found.result, [target])
    from greenxl.report.book import consolidate

    write_whole(target, consolidate(found.result, found.tables, today, previous))
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
    from greenxl.cli.results import tell

    tell(found.result, found.tables, notes=notes, changes=changes)
    if output:
        say(_("Wrote {path}").format(path=output))


def print_json(found: Merged, output: Path | None, changes: "Sequence[Change] | None" = None) -> None:
    from greenxl.report.json_document import document

    target = str(output) if output else None
    print_value(document(found.result, found.tables, target, changes=changes))


def print_value(value: object) -> None:
    """Print a document so that it survives a console of any encoding."""
    unicode = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not unicode, indent=2)
    click.echo(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


_UNSEEN = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""What a terminal obeys or a person cannot see; JSON itself escapes the rest (RFC 8259, section 7)."""


def exit_code(result: "Round", *, strict: bool) -> int:
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
    from greenxl.cli import status_output

    campaign = load_campaign(campaign_path, quiet=as_json)
    found = merged(campaign, returns_or_default(returns), latest=latest, exclude=exclude)
    whole = status_output.status_in(found.result, Path())
    if as_json:
        print_value(whole.document())
    else:
        status_output.tell(whole)
