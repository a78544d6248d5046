"""Safe opening: from a file's bytes to the cells of the workbook that they are, or why they are not read.

A file is known by its content; its name only ever earns a note.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from greenxl.findings import Finding, Term, finding
from greenxl.i18n import N_
from greenxl.system_errors import reason_of
from greenxl.workbooks import formats, safe_zip
from greenxl.workbooks.cells import INSIDE_DAMAGED, Refused, Wanted, WorkbookCells
from greenxl.workbooks.kinds import Container, Format, Kind, kind_of, ole_kind, zip_kind
from greenxl.workbooks.safe_zip import Archive, ArchiveError

MOST_BYTES = 40 * 1024 * 1024
"""Of one file. Our own choice: a return with pictures has a few MiB."""
DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105  (Excel's own: it opens such files without asking)

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xltx", ".xlsm", ".xltm"),
    "xlsm": (".xlsm", ".xltm", ".xlam"),
    "xls": (".xls", ".xlt", ".et", ".ett", ".xla"),
    "ods": (".ods", ".ots"),
}
_UNUSUAL = Term(N_("an old Excel workbook that is not written in the usual way"))
"""What the reader of .xls asks to have saved again."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was read, and what was found on opening it."""

    kind: Format
    cells: WorkbookCells
    findings: tuple[Finding, ...] = ()


def open_file(path: Path | Traversable) -> Workbook | Finding:
    """Return the workbook in a file, else the finding that says why it is not read."""
    name = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except PermissionError:
        return finding("file-locked", name)
    except OSError as error:
        return finding("file-unreadable", name, found=reason_of(error))
    if len(data) > MOST_BYTES:
        more = f"> {size_text(MOST_BYTES)}"
        return finding("file-too-big", name, found=more, limit=size_text(MOST_BYTES))
    return open_workbook(path.name, data)


def open_workbook(name: str, data: bytes, wanted: Wanted | None = None) -> Workbook | Finding:
    """Return the workbook that the bytes are, else the finding that says why they are none.

    ``wanted`` names the sheets that are needed; by default all are read.
    """
    try:
        book = _opened(name, data, wanted)
    except ArchiveError as error:
        if error.code == "archive-method":  # no office packs a workbook so, or opens one that is
            return finding("file-ambiguous", name, found=error.found)
        return refusal(name, error)
    except Refused as error:
        return refusal(name, error)
    if isinstance(book, Finding):
        return book
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _SUFFIXES[book.kind]:
        return book
    note = finding("file-extension", name, found=suffix, wanted=f".{book.kind}")
    return replace(book, findings=(note, *book.findings))


def refusal(name: str, error: ArchiveError | Refused) -> Finding:
    """Return the finding about a file that is not read because of what was found on opening it."""
    sheet = error.sheet if isinstance(error, Refused) else ""
    return finding(error.code, name, sheet, found=error.found, limit=error.limit, kind=_UNUSUAL)


def size_text(size: int) -> str:
    number, unit = (size / 1024**3, "GiB") if size >= 1024**3 else (size / 1024**2, "MiB")
    return f"{number:.1f}".removesuffix(".0") + f" {unit}"


def _opened(name: str, data: bytes, wanted: Wanted | None) -> Workbook | Finding:
    kind = kind_of(name, data)
    if isinstance(kind, Kind):
        return kind.finding(name)
    if kind is Container.MAIL:
        return finding("archive-nested", name)  # the reader opens those that may be opened
    return _zip(name, data, wanted) if kind is Container.ZIP else _ole(name, data, wanted)


def _zip(name: str, data: bytes, wanted: Wanted | None) -> Workbook | Finding:
    """Open Office Open XML or OpenDocument."""
    box = Archive(data)
    kind = zip_kind(box)
    if isinstance(kind, Kind):
        return kind.finding(name)
    packed = next((m for m in box.members if m.method not in safe_zip.USUAL_METHODS), None)
    if packed:
        return finding("file-ambiguous", name, found=packed.name)
    swollen = next((m for m in box.members if m.size > safe_zip.most_inflated(m)), None)
    if swollen:  # though nothing here may ever inflate it, an office would
        raise ArchiveError("unsafe-inflation", swollen.name)
    return Workbook(kind, formats.read(kind, data, box, wanted))


def _ole(name: str, data: bytes, wanted: Wanted | None) -> Workbook | Finding:
    """Open the old Excel, or what is encrypted."""
    import olefile

    try:
        with olefile.OleFileIO(data) as ole:
            kind = ole_kind(ole.listdir())
    except (OSError, ValueError, IndexError, AttributeError, TypeError):
        return finding("file-damaged", name, found=INSIDE_DAMAGED)
    if isinstance(kind, Kind):
        return kind.finding(name)
    if kind == "encrypted":
        return _decrypted(name, data, wanted)
    try:
        return Workbook(kind, formats.read(kind, data))
    except Refused as error:
        if error.code != "file-password":
            raise
    return _decrypted(name, data, wanted)


def _decrypted(name: str, data: bytes, wanted: Wanted | None) -> Workbook | Finding:
    """Return the workbook as it opens with Excel's default password, which a user never sees or types.

    Excel encrypts with it when the structure of a workbook is protected.
    """
    import msoffcrypto

    plain = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=DEFAULT_PASSWORD)
        office.decrypt(plain)
    except Exception:  # noqa: BLE001  (a dozen kinds: the password is another, or the file is damaged)
        return finding("file-password", name)
    book = _opened(name, plain.getvalue(), wanted)
    if isinstance(book, Finding):
        return book
    return replace(book, findings=(*book.findings, finding("file-default-password", name)))
