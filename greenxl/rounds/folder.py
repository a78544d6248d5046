"""The folder of a round: how it is found, where its campaign is, and how one is begun."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from greenxl.campaign import WORKBOOK
from greenxl.errors import CampaignError, GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.names import safe_file_name
from greenxl.output_files import write_new, write_unless_there, write_whole
from greenxl.system_errors import reason_of

if TYPE_CHECKING:  # every command looks for its round first: what few need of it is imported there
    from greenxl.campaign.model import Campaign

CAMPAIGN = WORKBOOK
BLANK = "blank"
RETURNED = "returned"
SENDBACK = "sendback"
REPORT = "report"
ANNUAL_TEMPLATE = "总结评估报告模板.docx"
"""The round's own template of the annual report, where it has one."""

_TABLES = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv"}
"""What a campaign may have been saved as."""
_PROGRAMME_LENGTH = 50
"""Characters of a file name that are the programme's."""
_PROGRAMME_BYTES = 160
"""The same in UTF-8: file systems allow a name 255 bytes, of which a temporary name needs some."""
_LEADER_COPY = "（领导版）"
"""Ends the name of a leader's copy."""
_OPEN_MARKS = ("~${name}", ".~{name}", ".~lock.{name}#")
"""The files that Excel, WPS and LibreOffice put beside a workbook while it is open."""


def find(start: Path) -> Path | None:
    """Return the round's folder: this or the nearest above that looks like one, as git finds its own."""
    return next((folder for folder in (start, *start.parents) if is_round(folder)), None)


def is_round(folder: Path) -> bool:
    """Whether a folder looks like a round: by a file ``campaign*.*``, or by ``returned/`` and ``report/``."""
    return has_campaign(folder) or all((folder / name).is_dir() for name in (RETURNED, REPORT))


def has_campaign(folder: Path) -> bool:
    """Whether a folder has a file that is called as a campaign is."""
    return bool(_campaigns(folder))


def _campaigns(folder: Path) -> list[Path]:
    """Return the files of a folder that are called as a campaign is."""
    try:
        found = sorted(folder.iterdir())
    except OSError:  # a folder above that is closed to us
        return []
    return [f for f in found if f.name.casefold().startswith("campaign") and f.suffix and not f.is_dir()]


def campaign_of(folder: Path) -> Path:
    """Return the one campaign workbook of a round.

    :raises CampaignError: there is none of that name, there are several, or it is open in another program.
    """
    found = _campaigns(folder)
    workbooks = [file for file in found if file.suffix.lower() in _TABLES] or found
    campaign, *others = workbooks if workbooks else [Path()]
    if others or campaign.name.casefold() != CAMPAIGN:
        raise CampaignError(_no_one_campaign(folder, [file.name for file in workbooks]))
    for mark in _OPEN_MARKS:
        lock = folder / mark.format(name=CAMPAIGN)
        if lock.exists():
            raise CampaignError(
                _(
                    "{path}: the campaign is open in another program, and may hold what is not saved yet. "
                    "Save and close it there. If it is open nowhere, delete {lock}."
                ).format(path=folder / CAMPAIGN, lock=lock)
            )
    return campaign


def _no_one_campaign(folder: Path, found: Sequence[str]) -> str:
    """Return what is there instead of one campaign, and what to do."""
    where = folder.resolve()
    if not found:
        return _(
            "{folder}: this looks like a round, but it has no {campaign}. Put it back, "
            "name a campaign with -c, or begin a round in another folder with “greenxl init”."
        ).format(folder=where, campaign=CAMPAIGN)
    if len(found) > 1:
        return _(
            "{folder}: this round has several campaigns: {found}. Let the right one be called {campaign} "
            "and move the others to another folder; or name one with -c."
        ).format(folder=where, found="、".join(found), campaign=CAMPAIGN)
    if Path(found[0]).suffix.lower() not in _TABLES:
        return _(
            "{folder}: this looks like a round because of {found}, but it has no {campaign}. "
            "If it is a round, put its {campaign} back; if it is none, give {found} another name; "
            "or name a campaign with -c."
        ).format(folder=where, found=found[0], campaign=CAMPAIGN)
    if found[0].casefold().endswith(".xlsx"):
        return _(
            "{folder}: this round has no {campaign}, only {found}. Rename it to {campaign} "
            "if it is the right one; or name one with -c."
        ).format(folder=where, found=found[0], campaign=CAMPAIGN)
    return _(
        "{folder}: this round has no {campaign}, only {found}. Open it in Excel or WPS and save it as "
        "{campaign} (Excel workbook), then move the old file to another folder; or name one with -c."
    ).format(folder=where, found=found[0], campaign=CAMPAIGN)


def refuse_inside_round(folder: Path) -> None:
    """Refuse to begin a round inside another one, where commands would find now one, now the other.

    :raises WrongUseError: the folder is, or is to be, inside a round.
    """
    outer = find(folder.resolve().parent)
    if outer and (outer / CAMPAIGN).is_file():
        raise WrongUseError(
            _("{folder}: this is inside the round {round}. Begin a round in a folder outside of it.").format(
                folder=folder, round=outer
            )
        )


def report_name(campaign: "Campaign", as_of: date) -> str:
    """Return what a consolidated workbook is called: the programme, the round's year, and its own date."""
    return f"{_dated(campaign, '年汇总', as_of)}.xlsx"


def annual_report_name(campaign: "Campaign", as_of: date) -> str:
    """Return what an annual report is called."""
    return f"{_dated(campaign, '年度总结评估报告', as_of)}.docx"


def _dated(campaign: "Campaign", kind: str, as_of: date) -> str:
    """Return a name with its date; a long programme is cut, so that year and date always stay."""
    from greenxl.scoring.vocabulary import subject

    programme = subject(campaign)[:_PROGRAMME_LENGTH].encode()[:_PROGRAMME_BYTES].decode(errors="ignore")
    return safe_file_name(f"{programme}-{campaign.year}{kind}-{as_of:%Y-%m-%d}")


def leader_copy_of(report: Path) -> Path:
    """Return where the leader's copy of a consolidated workbook is: beside it."""
    return report.with_name(f"{report.stem}{_LEADER_COPY}{report.suffix}")


def is_leader_copy(path: Path) -> bool:
    """Whether a workbook is called as a leader's copy is, or as a copy of one."""
    return _LEADER_COPY in path.stem


def reports(folder: Path) -> list[Path]:
    """Return the workbooks of a folder of reports, the newest first; leader's copies are not among them.

    Those that are called as :func:`report_name` calls them go by date and number in their name, for one that
    was opened and saved again is not a newer report; others come after them, the last saved first.
    """
    workbooks = (f for f in folder.glob("*.xlsx") if not f.name.startswith(("~$", ".")) and f.is_file())
    found = [f for f in workbooks if not is_leader_copy(f)]
    return sorted(found, key=_age, reverse=True)


def _age(report: Path) -> tuple[str, int, int, str]:
    named = _DATED.search(report.stem)
    day, number = (named[1], int(named[2] or 1)) if named else ("", 0)
    return day, number, report.stat().st_mtime_ns, report.name


_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})(?:（(\d+)）)?$")


def begin(folder: Path, data: bytes) -> None:
    """Make the round's folders, its journal of correction copies, and its campaign where there is none.

    :raises WrongUseError: there is a campaign meanwhile.
    :raises GreenxlError: the folder cannot be written.
    """
    _make_folders(folder)
    write_new(folder / CAMPAIGN, data)  # last, for with it a folder is a round


def begin_anew(folder: Path, data: bytes, today: date) -> Path:
    """Begin a round in the folder of another, whose campaign stays under a dated name; return that.

    The name does not begin like a campaign's, so that the folder still has one.

    :raises CampaignError: the round has no one campaign.
    :raises GreenxlError: it cannot be read, or the folder not be written.
    """
    campaign = campaign_of(folder)
    try:
        old = campaign.read_bytes()
    except OSError as error:
        raise GreenxlError(
            _(
                "{path}: the file cannot be read ({reason}). Check its name, and close it in other programs."
            ).format(path=campaign, reason=_(reason_of(error)))
        ) from error
    kept, _is_new = write_unless_there(folder / f"{today:%Y-%m-%d}-{CAMPAIGN}", old)
    write_whole(campaign, data)
    _make_folders(folder)
    return kept


def _make_folders(folder: Path) -> None:
    from greenxl.rounds.copies_journal import begin_journal

    for name in (BLANK, RETURNED, SENDBACK, REPORT):
        (folder / name).mkdir(parents=True, exist_ok=True)
    begin_journal(folder)
