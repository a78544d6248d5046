"""A consolidated workbook and the leader's copy of it, written beside each other."""

import os
from dataclasses import dataclass
from pathlib import Path

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.output_files import Contents, names_of, write_new, write_whole
from greenxl.rounds import folder as round_folder


@dataclass(frozen=True, slots=True)
class Written:
    """Where a report was written."""

    output: Path
    leader_copy: Path | None = None


def write_with_leader_copy(
    target: Path | None, default: Path, report: Contents, copy: Contents, *, force: bool
) -> Written:
    """Write a consolidated workbook and the leader's copy beside it.

    Where none was named, both go beside earlier ones, under the first name that is free for both.

    :raises WrongUseError: there is a workbook of that name meanwhile.
    :raises GreenxlError: one of them cannot be written; of the copy, that the workbook itself is there.
    """
    write = write_whole if force else write_new
    if target is None and not force:
        path = _write_to_free_pair(default, report)
    else:
        path = target or default
        write(path, report)
    beside = round_folder.leader_copy_of(path)
    try:
        write(beside, copy)
    except GreenxlError as error:
        raise GreenxlError(
            _("{path} was written, but not the leader’s copy of it. {reason}").format(path=path, reason=error)
        ) from error
    return Written(path, beside)


def _write_to_free_pair(default: Path, report: Contents) -> Path:
    while True:
        path = next(path for path in names_of(default) if not _is_taken(path))
        try:
            write_new(path, report)
        except WrongUseError:  # another program was quicker: the next name
            continue
        return path


def _is_taken(path: Path) -> bool:
    """Whether a workbook of this name is there, or a copy of one."""
    return any(os.path.lexists(one) for one in (path, round_folder.leader_copy_of(path)))
