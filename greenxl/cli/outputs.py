"""Where results may be written: never over what was returned, nor among it, nor over the campaign."""

import importlib.util
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from greenxl.errors import WrongUseError
from greenxl.i18n import N_, _
from greenxl.output_files import refuse_existing, write_beside, write_new, write_whole
from greenxl.rounds import folder as round_folder

if TYPE_CHECKING:
    from greenxl.campaign.model import Campaign
    from greenxl.report.notices.renewal import RenewedNotices
    from greenxl.returns.intake import RemoteReturns
    from greenxl.rounds.evaluate import Round
    from greenxl.scoring.tables import Tables
    from greenxl.sendback.renewal import Renewed


def refuse_among_returns(folder: Path, returns: "Sequence[Path | RemoteReturns]" = ()) -> None:
    """Refuse a folder for outputs among these returns or those of the round, or where a file is.

    Among returns they would be taken for returns, and a blank is called as what was returned.
    """
    if folder.exists() and not folder.is_dir():
        raise WrongUseError(_("{path}: this is a file. Name a folder.").format(path=folder))
    whole = folder.resolve()
    paths = [path for path in (*returns, *_returned()) if isinstance(path, Path)]
    if any(path.is_dir() and path.resolve() in (whole, *whole.parents) for path in paths):
        raise WrongUseError(
            _(
                "{path}: what is written among the returns would be taken for returned. Name another folder."
            ).format(path=folder)
        )


def _returned() -> list[Path]:
    """Return the folder of returns of this round, if it is one."""
    return [Path(round_folder.RETURNED)] if round_folder.is_round(Path()) else []


def refuse_returned(result: "Round", targets: list[Path]) -> None:
    """Refuse to write over what was returned, whatever --force allows."""
    own = {Path(e.file).resolve() for e in result.entries if e.own_report}
    # Those that were left out of this run are returns, too.
    returned = {*(source.path for source in result.sources), *(Path(e.file) for e in result.entries)}
    folders = [folder.resolve() for folder in _returned()]
    for target in targets:
        whole = target.resolve()
        in_round = whole.exists() and any(folder in whole.parents for folder in folders)
        if whole not in own and (in_round or _is_one_of(returned, target)):
            raise WrongUseError(
                _(
                    "{path}: this is one of the returned files, which are never changed. Name another output."
                ).format(path=target)
            )


def _is_one_of(paths: Iterable[Path], file: Path) -> bool:
    """Whether a file, or a link that leads nowhere, is at one of these paths; some may be inside archives."""
    if not file.exists():
        return file.is_symlink() and file.resolve() in {path.resolve() for path in paths}
    wanted = file.stat()
    for path in paths:
        with suppress(OSError):
            if os.path.samestat(path.stat(), wanted):
                return True
    return False


_REPORTS = {
    ".xlsx": N_("{path}: the consolidated workbook is an .xlsx file. Give it a name that ends in .xlsx."),
    ".docx": N_("{path}: the annual report is a .docx file. Give it a name that ends in .docx."),
}
"""What is said of a report of each kind under another extension."""


def refuse_as_report(target: Path, campaign: Path | Traversable, suffix: str = ".xlsx") -> None:
    """Refuse a report under another extension than its own or in the campaign's place."""
    if target.suffix.lower() != suffix and not target.is_dir():
        raise WrongUseError(_(_REPORTS[suffix]).format(path=target))
    if isinstance(campaign, Path) and target.resolve() == campaign.resolve():
        raise WrongUseError(
            _("{path}: this is the campaign, which is never written over. Name another output.").format(
                path=target
            )
        )


def default_report(campaign: "Campaign", as_of: date) -> Path:
    """Return where the consolidated workbook of a day goes unless another place is named.

    If there is one of that day already, it goes beside it.
    """
    return _reports() / round_folder.report_name(campaign, as_of)


def default_annual_report(campaign: "Campaign", as_of: date) -> Path:
    """Return the same for the annual report."""
    return _reports() / round_folder.annual_report_name(campaign, as_of)


def _reports() -> Path:
    return Path(round_folder.REPORT) if round_folder.is_round(Path()) else Path()


def write_report(target: Path | None, default: Path, data: bytes, *, force: bool) -> Path:
    """Write a report and return where; one that was not named goes beside an earlier one.

    :raises WrongUseError: there is one of that name meanwhile.
    :raises GreenxlError: it cannot be written.
    """
    if target is None and not force:
        return write_beside(default, data)
    write = write_whole if force else write_new
    write(target or default, data)
    return target or default


TABLES = ("communities", "towns", "criteria", "losses", "findings", "files")
"""The tables that are written as Parquet files (:mod:`greenxl.report.parquet`)."""


def refuse_tables(folder: Path, returns: "Sequence[Path | RemoteReturns]", *, force: bool) -> None:
    """Refuse a folder in which the tables may not be written, or to go on without what writes them.

    :raises WrongUseError: saying why.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise WrongUseError(
            _(
                "Parquet files are written by pyarrow, which is not installed. "
                'Install it with: pip install "greenxl[parquet]"'
            )
        )
    refuse_among_returns(folder, returns)
    refuse_existing(_table_files(folder), force)


def _table_files(folder: Path) -> list[Path]:
    return [folder / f"{name}.parquet" for name in TABLES]


def write_tables(result: "Round", tables: "Tables", folder: Path, *, force: bool) -> list[Path]:
    """Write the tables as Parquet files and return where.

    :raises WrongUseError: one of them is a returned file, or is there meanwhile.
    :raises GreenxlError: one cannot be written.
    """
    from greenxl.report.parquet import table_bytes

    targets = _table_files(folder)
    refuse_returned(result, targets)
    for name, target in zip(TABLES, targets, strict=True):
        (write_whole if force else write_new)(target, table_bytes(name, result, tables))
    return targets


def copies_lines(done: "Renewed") -> list[str]:
    """Return what became of the correction copies, in lines."""
    return [
        *(_("Wrote {path}").format(path=path) for path in done.written),
        *(_("Unchanged: {path}").format(path=path) for path in done.unchanged),
        *(_("No longer needed, moved to {path}").format(path=new) for _old, new in done.retired),
        *(
            _("{path}: not as greenxl wrote it, so it was left as it is; the new copy is {copy}.").format(
                path=path, copy=copy
            )
            for path, copy in done.in_the_way
        ),
    ]


def notices_lines(done: "RenewedNotices") -> list[str]:
    """Return what became of the notices, in lines."""
    clear = _("Nothing to put right, so no notice: {towns}").format(towns="、".join(done.clear))
    return [
        *(_("Wrote {path}").format(path=path) for path in done.written),
        *(_("Unchanged: {path}").format(path=path) for path in done.unchanged),
        *(_("No longer needed, moved to {path}").format(path=path) for path in done.retired),
        *(
            _("{path}: somebody typed into it, so it was left as it is; the new notice is {notice}.").format(
                path=path, notice=notice
            )
            for path, notice in done.in_the_way
        ),
        *([clear] if done.clear else ()),
    ]
