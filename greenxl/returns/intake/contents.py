"""The bytes of a source, however deep it is packed."""

import os
from functools import lru_cache
from pathlib import Path

from greenxl.returns.intake.entries import Source
from greenxl.returns.intake.mails import Mail
from greenxl.workbooks import safe_zip
from greenxl.workbooks.opening import MOST_BYTES, size_text
from greenxl.workbooks.safe_zip import Archive, ArchiveError, Box

ZIPS = (safe_zip.MAGIC, safe_zip.EMPTY_MAGIC)
"""How an archive begins."""


def content(source: Source) -> bytes:
    """Return a source's bytes.

    :raises OSError: it cannot be read.
    :raises ArchiveError: it is too big, or its archive is damaged.
    """
    return _content(source.path, source.inside)


def container_at(source: Source) -> Box:
    """Return the archive or mail at a source, kept until others are asked for (its members come in turn)."""
    return _container_at(source.path, source.inside)


def _container_at(path: Path, inside: tuple[str, ...]) -> Box:
    stat = path.stat()
    return _container(path, inside, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _container(path: Path, inside: tuple[str, ...], _changed: int, _size: int) -> Box:
    data = _content(path, inside)
    return Archive(data) if data.startswith(ZIPS) else Mail(data)


def _content(path: Path, inside: tuple[str, ...]) -> bytes:
    if not inside:
        return _file_content(path)
    box = _container_at(path, inside[:-1])
    member = next((m for m in box.members if m.name == inside[-1]), None)
    if member is None:
        raise ArchiveError("file-damaged", inside[-1])
    if member.size > MOST_BYTES:
        raise _too_big(member.size)
    return box.inflate(member)


def _file_content(path: Path) -> bytes:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        data = b"" if size > MOST_BYTES else file.read(MOST_BYTES + 1)
    if max(size, len(data)) > MOST_BYTES:
        raise _too_big(max(size, len(data)))
    return data


def _too_big(size: int) -> ArchiveError:
    return ArchiveError("file-too-big", size_text(size), size_text(MOST_BYTES))
