"""Safe opening: from a file's bytes to a workbook that a parser may see, or the finding why it may not.

Everything here runs before calamine, which an ill-built workbook can make ask for half a terabyte and
abort. On Windows, where a process cannot be given a memory limit, this look is the only guard.
A file is told by its content; its name only ever earns a note.
"""

import io
import posixpath
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, fromstring

from greenxl.findings import Finding, Term, finding
from greenxl.i18n import N_
from greenxl.returns import safe_zip, sheet_scan
from greenxl.returns.cells import Refused
from greenxl.returns.kinds import Container, Format, Kind, kind_of, ole_kind, zip_kind
from greenxl.returns.safe_zip import Archive, ArchiveError
from greenxl.returns.sheet_scan import MOST_CELLS, Merge, Page

if TYPE_CHECKING:
    from olefile import OleFileIO

MOST_BYTES = 40 * 1024 * 1024
"""Of one file. Our own choice: a return with pictures has a few MiB."""
MOST_STRINGS = 5_000_000
"""Shared texts that a workbook may say it has: calamine allots 24 bytes for each before it sees one."""

DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105  (Excel's own: it opens such files without asking)
COUNTY_TIME = timezone(timedelta(hours=8))
"""For the times that OpenDocument states without a zone."""

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xltx", ".xlsm", ".xltm"),
    "xlsm": (".xlsm", ".xltm", ".xlam"),
    "xls": (".xls", ".xlt", ".et", ".ett", ".xla"),
    "ods": (".ods", ".ots"),
}


@dataclass(frozen=True)
class Workbook:
    """A workbook's bytes that a parser may see, and what the gate learnt of it."""

    kind: Format
    data: bytes
    """Decrypted where it had Excel's default password."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Sheet name -> member of the container, in lower case; empty where the gate does not know it."""
    pages: Mapping[str, Page] = field(default_factory=dict)
    """By sheet name."""
    saved: datetime | None = None
    """When it was last saved, by its own properties."""
    findings: tuple[Finding, ...] = ()

    def member(self, name: str) -> bytes:
        """Return a member of the container by its name in lower case, b'' where there is none."""
        box = self.archive
        return next((box.inflate(m) for m in box.members if m.name.lower() == name), b"")

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.data)

    def merges(self, sheet: str) -> Sequence[Merge]:
        return self.pages[sheet].merged if sheet in self.pages else ()


def inspect(name: str, data: bytes) -> Workbook | Finding:
    """Return the workbook that the bytes are, else the finding that says why they are none."""
    try:
        book = _opened(name, data)
    except ArchiveError as error:
        if error.code == "archive-method":  # no office packs a workbook so, or opens one that is
            return finding("file-ambiguous", name, found=error.found)
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


_UNUSUAL = Term(N_("an old Excel workbook that is not written in the usual way"))
"""What the reader of .xls asks to have saved again."""


def size_text(size: int) -> str:
    number, unit = (size / 1024**3, "GiB") if size >= 1024**3 else (size / 1024**2, "MiB")
    return f"{number:.1f}".removesuffix(".0") + f" {unit}"


def _opened(name: str, data: bytes) -> Workbook | Finding:
    kind = kind_of(name, data)
    if isinstance(kind, Kind):
        return kind.finding(name)
    if kind is Container.MAIL:
        return finding("archive-nested", name)  # the reader opens those that may be opened
    return _zip(name, data) if kind is Container.ZIP else _ole(name, data)


# Zips: Office Open XML and OpenDocument.


def _zip(name: str, data: bytes) -> Workbook | Finding:
    box = Archive(data)
    kind = zip_kind(box)
    if isinstance(kind, Kind):
        return kind.finding(name)
    packed = next((m for m in box.members if m.method not in safe_zip.USUAL_METHODS), None)
    if packed:
        return finding("file-ambiguous", name, found=packed.name)
    if b"encryption-data" in _first(box, "META-INF/manifest.xml"):
        return finding("file-password", name)
    return _looked_at(name, data, box, kind)


def _first(box: Archive, name: str) -> bytes:
    return next((box.inflate(m) for m in box.members if m.name == name), b"")


# OLE: the old Excel, and everything encrypted.


def _ole(name: str, data: bytes) -> Workbook | Finding:
    import olefile

    try:
        with olefile.OleFileIO(data) as ole:
            streams = {path[0].lower() for path in ole.listdir()}
            kind = ole_kind(ole.listdir())
            if isinstance(kind, Kind):
                return kind.finding(name)
            if kind == "encrypted":
                return _decrypted(name, data)
            heads = list(_globals(ole))
            if any(kind == _FILEPASS for kind, _body in heads):
                return _decrypted(name, data)
            active = tuple(_xls_active(name, streams, heads))
            return Workbook("xls", data, saved=_ole_saved(ole), findings=active)
    except (OSError, ValueError, IndexError, struct.error, AttributeError, TypeError) as error:
        return finding("file-damaged", name, found=str(error))


def _decrypted(name: str, data: bytes) -> Workbook | Finding:
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
    book = _opened(name, plain.getvalue())
    if isinstance(book, Finding):
        return book
    return replace(book, findings=(*book.findings, finding("file-default-password", name)))


# What calamine needs and does not tell: goes with it, when the readers under formats/ have taken over.


def _looked_at(name: str, data: bytes, box: Archive, kind: Format) -> Workbook | Finding:
    names = {member.name.lower() for member in box.members}
    seen: dict[str, bytes] = {}
    found: dict[str, Page] = {}
    for member in box.members:
        part = box.inflate(member)
        lower = member.name.lower()
        _check_part(lower, part)
        if lower in _KEPT:
            seen[lower] = part
        found.update(_pages(member.name, part, kind))
    parts = {} if kind == "ods" else _sheet_parts(seen)
    names_of = {part: sheet for sheet, part in parts.items()}
    sheets = {names_of.get(part.lower(), part): page for part, page in found.items()}
    for sheet, page in sheets.items():
        if page.box > MOST_CELLS:
            return finding("unsafe-box", name, sheet, found=f"{page.box:,}", limit=f"{MOST_CELLS:,}")
    linked = kind == "ods" and any(mark in seen.get("content.xml", b"") for mark in _ODS_LINKS)
    active = tuple(_active(name, names, linked))
    return Workbook(kind, data, parts, sheets, _saved(seen), active)


_KEPT = {
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "docprops/core.xml",
    "content.xml",
    "meta.xml",
}


def _check_part(name: str, part: bytes) -> None:
    """Refuse what would make a parser expand entities or allot memory for strings that are not there.

    A part may be called anything: the workbook's own relations, which a parser follows, say what it is.
    """
    if name.endswith((".xml", ".rels")) or b"sheetData" in part or b"<sst" in part:
        # Every encoding that an XML parser knows shows these letters once its zero bytes are gone.
        if b"<!DOCTYPE" in (part.replace(b"\0", b"") if b"\0" in part[:4] else part):
            raise ArchiveError("unsafe-dtd", name)
        stated = sheet_scan.stated_strings(part) if b"sst" in part else 0
        if stated > MOST_STRINGS:
            raise ArchiveError("unsafe-strings", f"{stated:,}", f"{MOST_STRINGS:,}")


def _pages(name: str, part: bytes, kind: Format) -> dict[str, Page]:
    """Return the pages that a part holds: by its own name, in OpenDocument by the names of the sheets."""
    if kind == "ods":
        try:
            return sheet_scan.ods_pages(part) if name == "content.xml" else {}
        except ParseError as error:
            raise ArchiveError("file-damaged", f"{name}: {error}") from error
    text = sheet_scan.utf8(part)
    return {name: sheet_scan.xlsx_page(text)} if b"sheetData" in text else {}


def _sheet_parts(seen: Mapping[str, bytes]) -> dict[str, str]:
    """Return sheet name -> member, in lower case; empty where the workbook does not say it plainly."""
    try:
        relations = fromstring(seen["xl/_rels/workbook.xml.rels"])
        targets = {r.get("Id", ""): r.get("Target", "") for r in relations}
        sheets = _sheets(fromstring(seen["xl/workbook.xml"]))
    except (KeyError, ParseError, ValueError):
        return {}
    return {
        sheet: posixpath.normpath(posixpath.join("/xl", targets[relation])).lstrip("/").lower()
        for sheet, relation in sheets
        if targets.get(relation)
    }


def _sheets(book: Element) -> list[tuple[str, str]]:
    """Return the (name, relation) of each sheet."""
    return [
        (sheet.get("name", ""), next((v for k, v in sheet.items() if k.endswith("}id")), ""))
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    ]


_MODIFIED = re.compile(rb"<(?:dcterms:modified|dc:date)\b[^>]{0,200}>([^<]{1,60})<")


def _saved(seen: Mapping[str, bytes]) -> datetime | None:
    match = _MODIFIED.search(seen.get("docprops/core.xml") or seen.get("meta.xml", b""))
    if not match:
        return None
    try:
        moment = datetime.fromisoformat(match[1].decode("ascii").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=COUNTY_TIME)


_ODS_LINKS = (b"<table:table-source", b"<office:dde-source", b"['file:", b"=['http")
"""What a sheet or formula of OpenDocument says where it draws on another file."""


def _active(name: str, members: Iterable[str], linked: bool) -> Iterator[Finding]:
    """Yield the warnings about what would act if the workbook were opened; here nothing does."""
    if any(m.endswith("vbaproject.bin") or m.startswith("basic/") or "/macrosheets/" in m for m in members):
        yield finding("file-macros", name)
    if linked or any("/externallinks/" in m and m.endswith((".xml", ".bin")) for m in members):
        yield finding("file-links", name)


_FILEPASS, _END, _SHEET, _LINKS = 0x2F, 0x0A, 0x85, 0x1AE
_NO_OTHER_FILE = (b"\x01\x04", b"\x01\x3a")
"""A reference to the workbook's own sheets, or to functions of an add-in."""


def _globals(ole: "OleFileIO") -> Iterator[tuple[int, bytes]]:
    """Yield the records that the workbook stream begins with, before its sheets ([MS-XLS] 2.1.7.20.3)."""
    stream = next(path for path in ole.listdir() if path[0].lower() in ("workbook", "book"))
    data = ole.openstream(stream).read()
    at, kind = 0, 0
    while at + 4 <= len(data) and kind not in (_FILEPASS, _END):
        kind, length = struct.unpack_from("<2H", data, at)
        yield kind, data[at + 4 : at + 4 + length]
        at += 4 + length


def _xls_active(name: str, streams: set[str], heads: Iterable[tuple[int, bytes]]) -> Iterator[Finding]:
    """Yield the same warnings as :func:`_active` does."""
    macro_sheet = any(kind == _SHEET and body[5:6] == b"\x01" for kind, body in heads)
    if "_vba_project_cur" in streams or macro_sheet:
        yield finding("file-macros", name)
    if any(kind == _LINKS and body[2:4] not in _NO_OTHER_FILE for kind, body in heads):
        yield finding("file-links", name)


_SUMMARY = "\x05SummaryInformation"
_LAST_SAVED, _MOMENT = 13, 64
_MOST_PROPERTIES = 100
"""A summary has 19 at most; olefile's own reading believes any number that it states."""


def _ole_saved(ole: "OleFileIO") -> datetime | None:
    """Return when the file says that it was last saved: its summary's property 13 ([MS-OLEPS] 2.25)."""
    with suppress(OSError, struct.error, OverflowError):
        summary = ole.openstream(_SUMMARY).read()
        (start,) = struct.unpack_from("<I", summary, 44)
        (count,) = struct.unpack_from("<I", summary, start + 4)
        for index in range(min(count, _MOST_PROPERTIES)):
            name, at = struct.unpack_from("<2I", summary, start + 8 + 8 * index)
            kind, moment = struct.unpack_from("<IQ", summary, start + at)
            if (name, kind) == (_LAST_SAVED, _MOMENT):
                return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment // 10)
    return None
