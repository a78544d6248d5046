"""A folder to point the command at, and what comes of it."""

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from greenxl.returns.intake import Intake


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def names(intake: Intake) -> list[str]:
    return [source.name for source in intake.sources]


def told(intake: Intake) -> list[tuple[str, str, str]]:
    return [(e.file, e.outcome, e.reason.code if e.reason else "") for e in intake.entries]


def zipped(files: Mapping[bytes, bytes], flags: int = 0, extra: bytes = b"") -> bytes:
    """A zip whose member names are these very bytes, in whatever code page."""
    buffer = io.BytesIO()
    placeholders = {f"{number:0{len(name)}}": name for number, name in enumerate(files)}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        for placeholder, name in placeholders.items():
            info = zipfile.ZipInfo(placeholder)
            info.extra = extra
            box.writestr(info, files[name], zipfile.ZIP_DEFLATED)
    data = buffer.getvalue()
    for placeholder, name in placeholders.items():
        data = data.replace(placeholder.encode(), name)
    spoilt = bytearray(data)
    at = -1
    while (at := spoilt.find(b"PK\x01\x02", at + 1)) >= 0:
        spoilt[at + 8 : at + 10] = struct.pack("<H", flags)
    return bytes(spoilt)


def symlink(link: Path, target: str) -> None:
    try:
        link.symlink_to(target)
    except OSError as error:
        pytest.skip(f"this system makes no links: {error}")
