"""The files below a folder on the disk; links are never followed into folders, nor out of what was given."""

import errno
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from greenxl.findings import Finding, finding
from greenxl.names import clean
from greenxl.system_errors import reason_of


def files(path: Path, walked: set[str]) -> Iterator[Path | Finding]:
    """Yield what is no folder at and below a path, links included; each folder once (``walked``)."""
    if not os.path.isdir(path):  # noqa: PTH112  (Path.is_dir raises where the folder above is closed to us)
        yield path
        return
    folders = [path]
    while folders:
        folder = folders.pop()
        real = os.path.realpath(folder)
        if real in walked:
            continue
        walked.add(real)
        try:
            with os.scandir(folder) as found:
                items = sorted(found, key=lambda item: item.name)
        except OSError as error:
            yield _unreadable(folder, error)
            continue
        below = {item.name for item in items if _is_folder(item, real)}
        folders += [folder / item.name for item in reversed(items) if item.name in below]
        yield from (folder / item.name for item in items if item.name not in below)


def _is_folder(item: "os.DirEntry[str]", folder: str) -> bool:
    """Whether an item of a folder is one itself, not a link to one (on Windows, a junction)."""
    if not item.is_dir(follow_symlinks=False):
        return False
    own = os.path.join(folder, item.name)  # noqa: PTH118  (as realpath writes it)
    return os.name != "nt" or os.path.normcase(os.path.realpath(own)) == os.path.normcase(own)


def real_path(path: Path, folders: dict[Path, str]) -> str:
    """Return a path without links; ``folders`` keeps those of the folders that were met.

    On Windows one file may have two names in a folder, a long and a short one.
    """
    if os.name == "nt" or os.path.islink(path):  # noqa: PTH114  (Path.is_symlink raises in a closed folder)
        return os.path.realpath(path)
    if path.parent not in folders:
        folders[path.parent] = os.path.realpath(path.parent)
    return os.path.join(folders[path.parent], path.name)  # noqa: PTH118  (as realpath writes it)


def size_of(path: Path, real: str, given: Collection[str]) -> int | Finding:
    """Return the bytes of a file, or why it is not opened.

    ``real`` is its path without links, ``given`` are the real paths to stay below.
    """
    try:
        status = path.stat()
        mode, size = status.st_mode, status.st_size
    except FileNotFoundError:
        return finding("skipped-special", shown(path))
    except OSError as error:
        if error.errno != errno.ELOOP:
            return _unreadable(path, error)
        mode, size = stat.S_IFDIR, 0
    if not any(_is_below(real, one) for one in given):
        return finding("link-outside", shown(path), target=shown(Path(real)))
    if stat.S_ISDIR(mode):
        return finding("link-loop", shown(path), target=shown(Path(real)))
    return size if stat.S_ISREG(mode) else finding("skipped-special", shown(path))


def _is_below(real: str, folder: str) -> bool:
    real, folder = os.path.normcase(real), os.path.normcase(folder)
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)


def _unreadable(path: Path, error: OSError) -> Finding:
    return finding("folder-unreadable", shown(path), found=reason_of(error))


def shown(path: Path) -> str:
    """Return a path as reports show it: names that are no UTF-8 are taken as Chinese Windows writes them."""
    name = path.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", "replace")
    return clean(name)
