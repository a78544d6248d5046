"""The folder of notices brought up to date: the journal first, then the files."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.errors import GreenxlError
from greenxl.form.layout import NOTICE_SHEET
from greenxl.i18n import _
from greenxl.journals import open_journal
from greenxl.names import safe_file_name
from greenxl.output_files import free_name, write_whole
from greenxl.report.notices.choosing import TownNotice, UnitNotice, department_notices, town_notices
from greenxl.report.notices.department_book import department_book
from greenxl.report.notices.journal import (
    NOTICES_LOG,
    CurrentNotice,
    NoticeUnit,
    WrittenNotices,
    read_notices,
    record_of_file,
    record_of_run,
)
from greenxl.report.notices.plan import Draft, Files, Plan, plan_notices
from greenxl.report.notices.town_book import town_book
from greenxl.rounds.sendings import SETTLED
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import Tables
from greenxl.scoring.vocabulary import status_words
from greenxl.system_errors import reason_of

FOLDER = NOTICE_SHEET
"""The folder of notices, beside the consolidated workbook."""
_DEPARTMENTS = "各部门"
_URGENT = (
    Status.FAILED,
    Status.INVALID,
    Status.CONFLICT,
    Status.INCOMPLETE,
    Status.MISSING,
    Status.PASSED,
)
"""The order in which a mail names units."""
_NO_DAY = date(2000, 1, 1)
"""For the digest of a notice, which does not change with the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewedNotices:
    """What was done."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    retired: tuple[Path, ...]
    """Where those are now that nobody needs any more."""
    in_the_way: tuple[tuple[Path, Path], ...]
    """Files into which somebody typed and that were left alone, and the notices beside them."""
    clear: tuple[str, ...]
    """The towns that have nothing to put right, and no notice."""


def renew_notices(
    campaign: Campaign, tables: Tables, report: Path, as_of: date, round_folder: Path | None
) -> RenewedNotices:
    """Write the notices of a consolidated workbook into the folder beside it.

    :param round_folder: where the journal is; None where the notices are not the round's: then no file in
        the folder is known to be greenxl's own, and none is replaced.
    :raises GreenxlError: the journal is damaged, another process has it, or the folder cannot be written.
    """
    towns, folder = town_notices(campaign, tables), report.parent / FOLDER
    drafts = list(_drafts(campaign, towns, as_of, report.name))
    clear = tuple(one.town for one in towns if one.is_clear)
    if round_folder is None:
        plan = plan_notices(drafts, _files(folder), WrittenNotices())
        return _carry_out(plan, folder, clear, lambda _draft: None)
    with open_journal(round_folder / NOTICES_LOG) as journal:
        plan = plan_notices(drafts, _files(folder), read_notices(round_folder))

        def record(draft: Draft) -> None:
            journal.write(record_of_file(draft.about.file, draft.about.sha256))

        done = _carry_out(plan, folder, clear, record)
        journal.write(record_of_run(as_of.isoformat(), plan.current))
    return done


_Make = Callable[[date, str], bytes]
"""Makes a workbook for a day and the name of the consolidated workbook."""


def _drafts(campaign: Campaign, towns: Sequence[TownNotice], as_of: date, source: str) -> Iterator[Draft]:
    for notice in towns:
        if not notice.is_clear:
            make = partial(town_book, campaign, notice)
            yield _draft(campaign, _about(campaign, notice), notice.town, make, as_of, source)
    departments = department_notices(campaign, towns)
    if departments:
        about = CurrentNotice(town="", file="", sha256="", content="")
        make = partial(department_book, campaign, departments)
        yield _draft(campaign, about, _DEPARTMENTS, make, as_of, source)


def _about(campaign: Campaign, notice: TownNotice) -> CurrentNotice:
    statuses = status_words(campaign)
    units = tuple(
        NoticeUnit(
            name=unit.row.community.name,
            status=statuses[unit.row.status],
            wanted=_wanted(unit),
            tasks=len(unit.tasks),
        )
        for unit in sorted(notice.units, key=lambda unit: _URGENT.index(unit.row.status))
        if not unit.is_clear
    )
    return CurrentNotice(
        town=notice.town, file="", sha256="", content="", listed=len(notice.units), units=units
    )


def _wanted(unit: UnitNotice) -> str:
    """Return what a mail says of a unit."""
    if unit.row.status is Status.PASSED or not unit.tasks:
        return unit.wanted
    return f"{unit.wanted}，须整改{len(unit.tasks)}处"


def _draft(
    campaign: Campaign, about: CurrentNotice, name: str, make: _Make, as_of: date, source: str
) -> Draft:
    data = make(as_of, source)
    about = replace(
        about,
        file=_file_name(name, str(campaign.year)),
        sha256=hashlib.sha256(data).hexdigest(),
        content=hashlib.sha256(make(_NO_DAY, "")).hexdigest(),
    )
    return Draft(about=about, dated=_file_name(name, as_of.isoformat()), data=data)


def _file_name(name: str, when: str) -> str:
    return safe_file_name(f"{name}-{NOTICE_SHEET}-{when}") + ".xlsx"


def _files(folder: Path) -> Files:
    """Return what a folder holds, nothing where there is none.

    :raises GreenxlError: it cannot be read.
    """
    try:
        return {path.name: _digest(path) for path in sorted(folder.iterdir())}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _failed(folder, error) from error


def _digest(path: Path) -> str | None:
    """Return the SHA-256 of a file, None of what is no file or cannot be read."""
    if not path.is_file() or path.is_symlink():
        return None
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # open in Excel: it is not touched
        return None


def _carry_out(
    plan: Plan, folder: Path, clear: tuple[str, ...], record: Callable[[Draft], None]
) -> RenewedNotices:
    for draft in plan.write:
        record(draft)
        write_whole(folder / draft.about.file, draft.data)
    return RenewedNotices(
        written=tuple(folder / draft.about.file for draft in plan.write),
        unchanged=tuple(folder / one.file for one in plan.unchanged),
        retired=tuple(_put_away(folder / name) for name in plan.retire),
        in_the_way=tuple((folder / old, folder / new) for old, new in plan.in_the_way),
        clear=clear,
    )


def _put_away(path: Path) -> Path:
    """Move a file to the settled ones and return where it is."""
    folder = path.parent / SETTLED
    try:
        folder.mkdir(exist_ok=True)
        return path.rename(free_name(folder / path.name))
    except OSError as error:
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> GreenxlError:
    return GreenxlError(
        _("{path}: cannot be read or moved ({reason}). Close it elsewhere and run the command again.").format(
            path=path, reason=_(reason_of(error))
        )
    )
