"""The folder of returns as collecting fills it: each file once, under a safe name, in its town's folder."""

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from greenxl.mail.incoming.inbound import ARCHIVE_SUFFIXES, SPREADSHEET_SUFFIXES, Part
from greenxl.mail.incoming.own import Own
from greenxl.names import safe_file_name
from greenxl.output_files import write_whole
from greenxl.returns.intake import fingerprint

_NAME_LENGTH = 60
"""Characters of an attachment's name that are kept, beside its suffix."""


_NOTHING_OWN = Own()


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file that came with a mail."""

    name: str
    """As the mail names it."""
    path: Path
    town: str
    """By the identity in the workbook; "" where there is none."""
    sha256: str
    is_new: bool
    """False: the same contents had been there before."""


class ReturnStore:
    """The folder of returns, and which contents are there or have been."""

    def __init__(self, folder: Path, collected: Mapping[str, Path], own: Own = _NOTHING_OWN) -> None:
        """Read what is in the folder, and delete what a killed run left half-written.

        :param collected: the files of earlier runs by SHA-256; they count as there, even if moved away since.
        :param own: what never comes into the folder.
        """
        self._folder = folder
        self.own = own
        for path in list(folder.rglob(".greenxl-*.tmp")):  # it may be whole, but it has no name
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        self._paths = {**collected, **_paths_by_sha256(folder)}

    @contextmanager
    def unchecked(self, parts: Sequence[Part]) -> Iterator[list[Path]]:
        """Give files with the contents of attachments, to be read, and delete them.

        They lie in a hidden folder beside the returns, not in the system's: what a killed run leaves there,
        the next one removes.

        :raises GreenxlError: they cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(
            prefix=".greenxl-", suffix=".tmp", dir=self._folder, ignore_cleanup_errors=True
        ) as folder:
            paths = [Path(folder, str(number)) for number in range(len(parts))]
            for path, part in zip(paths, parts, strict=True):
                path.write_bytes(part.data)
            yield paths

    def save(self, part: Part, *, town: str, sender: str, day: str) -> SavedFile:
        """Save an attachment, unless its contents are there already.

        :param town: whose folder it goes into; that of the sender where it is "".
        :param day: when its mail arrived, like 20210930.
        :raises GreenxlError: it cannot be written.
        """
        sha256 = hashlib.sha256(part.data).hexdigest()
        path = self._paths.get(sha256)
        is_new = path is None
        if path is None:
            folder = self._folder / safe_file_name(town or sender or "unknown")
            path = folder / f"{day}-{sha256[:8]}-{_safe_name(part.name)}"
            write_whole(path, part.data)
            self._paths[sha256] = path
        return SavedFile(name=part.name, path=path, town=town, sha256=sha256, is_new=is_new)


def _paths_by_sha256(folder: Path) -> dict[str, Path]:
    prints = ((fingerprint(path)[0], path) for path in sorted(folder.rglob("*")) if path.is_file())
    return {sha256: path for sha256, path in prints if sha256}


def _safe_name(name: str) -> str:
    """Return a safe name that keeps its suffix however long it is."""
    path = PurePath(re.sub(r"[\\/]", "_", name) or "attachment")
    suffix = path.suffix.lower()
    if suffix not in SPREADSHEET_SUFFIXES | ARCHIVE_SUFFIXES:
        return safe_file_name(path.name[:_NAME_LENGTH])
    return safe_file_name(path.stem[:_NAME_LENGTH]) + suffix
