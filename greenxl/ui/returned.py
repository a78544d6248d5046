"""The folder of returns as the page changes it: files come in under their own names, go out and come back.

Nothing is ever written over, and no name from a browser leads out of the round.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePosixPath
from typing import IO

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.names import safe_file_name
from greenxl.output_files import free_name, write_unless_there
from greenxl.rounds.folder import RETURNED
from greenxl.system_errors import reason_of
from greenxl.workbooks.opening import MOST_BYTES

WITHDRAWN = "撤回"
"""The folder beside that of the returns, for those that were taken out again."""
MOST_ARCHIVE = 5 * MOST_BYTES
"""Bytes of a zip; what is in it is bounded when it is read."""
_MOST_FOLDERS = 6
_SUFFIX_LENGTH = 10


class Arrival(Enum):
    """What became of a file."""

    NEW = auto()
    RENAMED = auto()
    """Another one has its name."""
    SAME = auto()
    """It was there already, to the byte."""
    TOO_LARGE = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Received:
    name: str
    """As it was sent, cleaned."""
    arrival: Arrival
    kept_as: str = ""
    """Below the folder of returns; why it was not kept, where it failed."""


def most_bytes(name: str) -> int:
    """Return how many bytes a file of this name may have."""
    return MOST_ARCHIVE if name.lower().endswith(".zip") else MOST_BYTES


def receive(folder: Path, name: str, stream: IO[bytes]) -> Received:
    """Write a file that a browser sent among the returns of a round.

    :param name: as the browser has it, with the folders that were dropped.
    """
    place = cleaned(name)
    data = stream.read(most_bytes(place.name) + 1)
    if len(data) > most_bytes(place.name):
        return Received(str(place), Arrival.TOO_LARGE)
    target = folder / RETURNED / place
    try:
        _refuse_outside(target.parent, folder / RETURNED)
        path, is_new = write_unless_there(target, data)
    except GreenxlError as error:
        return Received(str(place), Arrival.FAILED, str(error))
    arrival = Arrival.SAME if not is_new else Arrival.NEW if path == target else Arrival.RENAMED
    return Received(str(place), arrival, path.relative_to(folder / RETURNED).as_posix())


def cleaned(name: str) -> PurePosixPath:
    """Return a relative path of names that every system takes, with its folders as far as these are few."""
    parts = [part for part in name.replace("\\", "/").split("/") if part.strip(" .")]
    kept = parts[-_MOST_FOLDERS:] or ["_"]
    return PurePosixPath(*map(safe_file_name, kept[:-1]), _file_name(kept[-1]))


def _file_name(name: str) -> str:
    """Return a safe name that keeps its extension, however long it is."""
    stem, point, suffix = name.rpartition(".")
    if not stem or len(suffix) > _SUFFIX_LENGTH:
        return safe_file_name(name)
    return safe_file_name(safe_file_name(stem)[: 80 - len(suffix) - 1] + point + suffix)


def _refuse_outside(folder: Path, root: Path) -> None:
    """:raises GreenxlError: a link among the returns leads the folder to another place."""
    if not folder.resolve().is_relative_to(root.resolve()):
        raise GreenxlError(_("This folder of the returns leads to another place; nothing is written there."))


def files_in(folder: Path) -> list[str]:
    """Return the files of a folder, at any depth, as paths below it in the order of names."""
    return sorted(path.relative_to(folder).as_posix() for path in _walk(folder))


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files; what cannot be entered is named by the check."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path


def id_of(name: str) -> str:
    """Return what the page calls a file, whatever bytes its name has."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:24]


def withdraw(folder: Path, file_id: str) -> str:
    """Take a return out, and return its name.

    :raises WrongUseError: there is no such return.
    :raises GreenxlError: it cannot be moved.
    """
    return _move(folder / RETURNED, folder / WITHDRAWN, file_id)


def put_back(folder: Path, file_id: str) -> str:
    """Put a withdrawn return back; parameters and errors of :func:`withdraw`."""
    return _move(folder / WITHDRAWN, folder / RETURNED, file_id)


def _move(source: Path, target: Path, file_id: str) -> str:
    name = next((one for one in files_in(source) if id_of(one) == file_id), None)
    if name is None:
        raise WrongUseError(_("This file is not there any more. It may have been moved or renamed."))
    try:
        _refuse_outside((source / name).parent, source)
        path = free_name(target / name)
        path.parent.mkdir(parents=True, exist_ok=True)
        (source / name).rename(path)
    except OSError as error:
        raise GreenxlError(
            _("{name} cannot be moved ({reason}). Close it in other programs and try again.").format(
                name=name, reason=_(reason_of(error))
            )
        ) from error
    return name
