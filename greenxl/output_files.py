"""Files are written whole or not at all, and never over another one unless that is asked for."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.system_errors import reason_of

Contents = bytes | Callable[[BinaryIO], None]
"""What a file is to hold, or what writes it into an open file, as often as it is called."""


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


def write_whole(target: Path, data: Contents) -> None:
    """Write a file so that at any moment the old one or the new one stands there, whole.

    :raises GreenxlError: the folder cannot be written, the disk is full, or the file is open in Excel.
    """
    _write(target, data, os.replace)


def write_new(target: Path, data: Contents) -> None:
    """Write a file whole where none is; another program that writes it at the same time is not overwritten.

    :raises WrongUseError: there is one meanwhile.
    :raises GreenxlError: the folder cannot be written or the disk is full.
    """
    try:
        _write(target, data, _rename_to_new)
    except FileExistsError as error:
        refuse_existing([target], force=False)
        raise GreenxlError(_reason(target, error)) from error


def write_beside(target: Path, data: Contents) -> Path:
    """Write a file under the first free name (「总表.xlsx」, 「总表（2）.xlsx」, …), and return it.

    :raises GreenxlError: the folder cannot be written or the disk is full.
    """
    while True:
        path = free_name(target)
        with contextlib.suppress(FileExistsError):  # another program was quicker: the next name
            _write(path, data, _rename_to_new)
            return path


def write_unless_there(target: Path, data: bytes) -> tuple[Path, bool]:
    """Return where a file of these bytes is, and whether it had to be written, under the first free name.

    :raises GreenxlError: the folder cannot be written or the disk is full.
    """
    for path in names_of(target):
        if not os.path.lexists(path):
            return write_beside(target, data), True
        if holds(path, data):
            return path, False
    raise AssertionError("names do not end")


def free_name(target: Path) -> Path:
    """Return the first name that is free: the target's, or that with a number behind it."""
    return next(path for path in names_of(target) if not os.path.lexists(path))


def names_of(target: Path) -> Iterator[Path]:
    """Yield the names that a file can take: 「总表.xlsx」, 「总表（2）.xlsx」 and so on."""
    yield target
    for number in count(2):
        yield target.with_name(f"{target.stem}（{number}）{target.suffix}")


def holds(path: Path, data: bytes) -> bool:
    """Whether a file has these bytes; one that cannot be read is another."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}
"""What file systems without hard links answer (FAT, some network shares)."""


def _rename_to_new(old: str | Path, new: str | Path) -> None:
    """Rename a file unless the new name is taken (FileExistsError)."""
    if os.name != "nt":  # there, rename itself refuses a name that is taken
        try:
            os.link(old, new)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
        else:
            os.unlink(old)  # noqa: PTH108  (as the link above)
            return
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new))
    os.rename(old, new)  # noqa: PTH104  (Path.rename promises no refusal)


def _write(target: Path, data: Contents, rename: Callable[[str, Path], None]) -> None:
    """Write a temporary file beside the target, and give it the target's name.

    :raises FileExistsError: ``rename`` refuses a name that is taken.
    """
    temporary = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".greenxl-", suffix=".tmp", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            if isinstance(data, bytes):
                file.write(data)
            else:
                data(file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        rename(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        if isinstance(error, FileExistsError) and rename is _rename_to_new and temporary:
            raise
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
            "{path}: the file cannot be written, because a part of its path is not a folder. Name another."
        ).format(path=target)
    return _("{path}: the file cannot be written ({reason}). Free some space or name another folder.").format(
        path=target, reason=_(reason_of(error))
    )
