"""Files are written whole or not at all, and never over another one unless that is asked for."""

import contextlib
import os
import tempfile
from pathlib import Path

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _


def refuse_existing(targets: list[Path], force: bool) -> None:
    """Refuse to go on where an output exists already, or is a folder.

    :raises WrongUseError: naming the first of them.
    """
    for target in targets:
        if target.is_dir():
            raise WrongUseError(_("{path}: this is a folder. Name a file in it.").format(path=target))
    existing = [target for target in targets if target.exists()]
    if existing and not force:
        raise WrongUseError(
            _("{path}: the file exists already. Add --force to overwrite it, or name another output.").format(
                path=existing[0]
            )
        )


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that at any moment the old one or the new one stands there, whole.

    :raises GreenxlError: the folder cannot be written, the disk is full, or the file is open in Excel.
    """
    temporary = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".greenxl-", suffix=".tmp", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise GreenxlError(_reason(target, error)) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut; Windows opens no folder, and needs none of it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _reason(target: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return _(
            "{path}: the file cannot be written. If it is open in Excel or WPS, close it; "
            "if the folder is read-only, name another with -o."
        ).format(path=target)
    if isinstance(error, FileExistsError | NotADirectoryError):
        return _(
            "{path}: the file cannot be written, because a part of its path is no folder. Name another."
        ).format(path=target)
    return _("{path}: the file cannot be written ({reason}). Free some space or name another folder.").format(
        path=target, reason=error.strerror or error
    )
