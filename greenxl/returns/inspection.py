"""The cheap gate: what a file's bytes are, and whether a parser may see them.

Everything here runs before calamine, which an ill-built workbook can make ask for half a terabyte and
abort. On Windows, where a process cannot be given a memory limit, this look is the only guard.
A file is told by its content; its name only ever earns a note.
"""

import io
import posixpath
import re
import struct
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal
from xml.etree.ElementTree import Element, ParseError, fromstring

from greenxl.findings import Finding, Term, finding
from greenxl.i18n import N_
from greenxl.returns import safe_zip, sheet_scan
from greenxl.returns.safe_zip import Archive, ArchiveError
from greenxl.returns.sheet_scan import MOST_CELLS, Merge, Page

if TYPE_CHECKING:
    from olefile import OleFileIO

Kind = Literal["xlsx", "xlsm", "xlsb", "xls", "ods"]

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
    "xlsb": (".xlsb",),
    "xls": (".xls", ".xlt", ".et", ".ett", ".xla"),
    "ods": (".ods", ".ots"),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Workbook:
    """A workbook's bytes that a parser may see, and what the gate learnt of it."""

    kind: Kind
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
        box = self._archive
        return next((box.inflate(m) for m in box.members if m.name.lower() == name), b"")

    @cached_property
    def _archive(self) -> Archive:
        return Archive(self.data)

    def merges(self, sheet: str) -> Sequence[Merge]:
        return self.pages[sheet].merged if sheet in self.pages else ()


def look(name: str, data: bytes) -> Workbook | Finding:
    """Return the workbook that the bytes are, else the finding that says why they are none."""
    try:
        book = _look(name, data)
    except ArchiveError as error:
        return finding(error.code, name, found=error.found, limit=error.limit)
    if isinstance(book, Finding):
        return book
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _SUFFIXES[book.kind]:
        return book
    note = finding("file-extension", name, found=suffix, wanted=f".{book.kind}")
    return replace(book, findings=(note, *book.findings))


def size_text(size: int) -> str:
    number, unit = (size / 1024**3, "GiB") if size >= 1024**3 else (size / 1024**2, "MiB")
    return f"{number:.1f}".removesuffix(".0") + f" {unit}"


def _look(name: str, data: bytes) -> Workbook | Finding:
    if not data:
        return finding("file-empty", name)
    if data.startswith((safe_zip.MAGIC, safe_zip.EMPTY_MAGIC)):
        return _zip(name, data)
    if data.startswith(_OLE):
        return _ole(name, data)
    return _neither(name, data)


# Zips: Office Open XML and OpenDocument.


def is_workbook(box: Archive) -> bool:
    """Whether a zip is a document of its own rather than an archive of files."""
    names = {member.name.lower() for member in box.members}
    return bool(names & {"[content_types].xml", "mimetype", "index/document.iwa"})


def _zip(name: str, data: bytes) -> Workbook | Finding:
    box = Archive(data)
    names = {member.name.lower() for member in box.members}
    kind = _zip_kind(box, names)
    if isinstance(kind, Term):
        return finding("file-resave" if kind == _NUMBERS else "file-kind", name, kind=kind)
    if b"encryption-data" in _first(box, "META-INF/manifest.xml"):
        return finding("file-password", name)
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


def _first(box: Archive, name: str) -> bytes:
    return next((box.inflate(m) for m in box.members if m.name == name), b"")


_KEPT = {
    "xl/workbook.xml",
    "xl/workbook.bin",
    "xl/_rels/workbook.xml.rels",
    "xl/_rels/workbook.bin.rels",
    "docprops/core.xml",
    "content.xml",
    "meta.xml",
}
_BEGIN_STRINGS = 159


def _check_part(name: str, part: bytes) -> None:
    """Refuse what would make a parser expand entities or allot memory for strings that are not there.

    A part may be called anything: the workbook's own relations, which a parser follows, say what it is.
    """
    if name.endswith((".xml", ".rels")) or b"sheetData" in part or b"<sst" in part:
        # Every encoding that an XML parser knows shows these letters once its zero bytes are gone.
        if b"<!DOCTYPE" in (part.replace(b"\0", b"") if b"\0" in part[:4] else part):
            raise ArchiveError("unsafe-dtd", name)
        if b"sst" in part:
            _check_strings(sheet_scan.stated_strings(part))
    elif name.endswith("sharedstrings.bin"):
        for kind, start, end in sheet_scan.records(part):
            if kind == _BEGIN_STRINGS and end - start >= 8:
                _check_strings(max(struct.unpack_from("<2I", part, start)))
                break


def _check_strings(stated: int) -> None:
    if stated > MOST_STRINGS:
        raise ArchiveError("unsafe-strings", f"{stated:,}", f"{MOST_STRINGS:,}")


def _pages(name: str, part: bytes, kind: Kind) -> dict[str, Page]:
    """Return the pages that a part holds: by its own name, in OpenDocument by the names of the sheets."""
    if kind == "ods":
        try:
            return sheet_scan.ods_pages(part) if name == "content.xml" else {}
        except ParseError as error:
            raise ArchiveError("file-damaged", f"{name}: {error}") from error
    lower = name.lower()
    if lower.endswith(".bin"):
        return {name: sheet_scan.xlsb_page(part)} if "sheets/" in lower else {}
    text = sheet_scan.utf8(part)
    return {name: sheet_scan.xlsx_page(text)} if b"sheetData" in text else {}


def _sheet_parts(seen: Mapping[str, bytes]) -> dict[str, str]:
    """Return sheet name -> member, in lower case; empty where the workbook does not say it plainly."""
    book = "xl/workbook.bin" if "xl/workbook.bin" in seen else "xl/workbook.xml"
    folder, _slash, base = book.rpartition("/")
    try:
        relations = fromstring(seen[f"{folder}/_rels/{base}.rels"])
        targets = {r.get("Id", ""): r.get("Target", "") for r in relations}
        sheets = (
            sheet_scan.xlsb_sheets(seen[book]) if book.endswith("bin") else _sheets(fromstring(seen[book]))
        )
    except (KeyError, ParseError, ValueError, struct.error):
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


_MODIFIED = re.compile(rb"<(?:dcterms:modified|dc:date)\b[^>]*>\s*([^<]+?)\s*<")


def _saved(seen: Mapping[str, bytes]) -> datetime | None:
    match = _MODIFIED.search(seen.get("docprops/core.xml") or seen.get("meta.xml", b""))
    if not match:
        return None
    try:
        moment = datetime.fromisoformat(match[1].decode("ascii"))
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


_NUMBERS = Term(N_("an Apple Numbers document"))
_ZIPPED = {
    "word/": Term(N_("a Word document")),
    "ppt/": Term(N_("a PowerPoint presentation")),
    "visio/": Term(N_("a Visio drawing")),
}


def _zip_kind(box: Archive, names: set[str]) -> Kind | Term:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsm" if "xl/vbaproject.bin" in names else "xlsx"
    for start, kind in _ZIPPED.items():
        if any(name.startswith(start) for name in names):
            return kind
    if "index/document.iwa" in names:
        return _NUMBERS
    stated = _first(box, "mimetype")[:200]
    if b"opendocument.spreadsheet" in stated:
        return "ods"
    if b"opendocument" in stated:
        return Term(N_("an OpenDocument text or drawing"))
    return Term(N_("a zip archive without a workbook"))


# OLE: the old Excel, and everything encrypted.

_OLE_KINDS = {
    "worddocument": Term(N_("a Word document")),
    "powerpoint document": Term(N_("a PowerPoint presentation")),
    "__properties_version1.0": Term(N_("an Outlook message")),
}


def _ole(name: str, data: bytes) -> Workbook | Finding:
    import olefile

    try:
        with olefile.OleFileIO(data) as ole:
            streams = {path[0].lower() for path in ole.listdir()}
            if "encryptedpackage" in streams:
                return _decrypted(name, data)
            if not streams & {"workbook", "book"}:
                return finding("file-kind", name, kind=_ole_kind(streams))
            heads = list(_globals(ole))
            if any(kind == _FILEPASS for kind, _body in heads):
                return _decrypted(name, data)
            active = tuple(_xls_active(name, streams, heads))
            return Workbook("xls", data, saved=_ole_saved(ole), findings=active)
    except (OSError, ValueError, IndexError, struct.error, AttributeError, TypeError) as error:
        return finding("file-damaged", name, found=str(error))


def _ole_kind(streams: set[str]) -> Term:
    known = (kind for stream, kind in _OLE_KINDS.items() if stream in streams)
    return next(known, Term(N_("an Office document of another kind")))


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
    book = _look(name, plain.getvalue())
    if isinstance(book, Finding):
        return book
    return replace(book, findings=(*book.findings, finding("file-default-password", name)))


# Everything else, told by how it begins.

_RESAVE = {
    b"MIME-Version:": Term(N_("a web archive")),
    b"\t\x08": Term(N_("a workbook of Excel 5 or older")),
    b"\t\x04": Term(N_("a workbook of Excel 5 or older")),
    b"\t\x02": Term(N_("a workbook of Excel 5 or older")),
    b"\t\x00\x04": Term(N_("a workbook of Excel 5 or older")),
    b"\t\x00\x06": Term(N_("a workbook of Excel 5 or older")),
}
_ARCHIVES = {
    b"Rar!\x1a\x07": Term(N_("a RAR archive")),
    b"7z\xbc\xaf\x27\x1c": Term(N_("a 7z archive")),
    b"\x1f\x8b": Term(N_("a gzip archive")),
    b"BZh": Term(N_("a bzip2 archive")),
    b"\xfd7zXZ\x00": Term(N_("an xz archive")),
    b"PK\x07\x08": Term(N_("a zip archive in several volumes")),
}
_OTHERS = {
    b"%PDF": Term(N_("a PDF document")),
    b"\x89PNG": Term(N_("a picture")),
    b"\xff\xd8\xff": Term(N_("a picture")),
    b"GIF8": Term(N_("a picture")),
    b"BM": Term(N_("a picture")),
    b"II*\0": Term(N_("a picture")),
    b"MM\0*": Term(N_("a picture")),
    b"RIFF": Term(N_("a picture, sound or film")),
    b"{\\rtf": Term(N_("a rich text document")),
    b"MZ": Term(N_("a program")),
}


def _neither(name: str, data: bytes) -> Finding:
    for code, kinds in (("file-resave", _RESAVE), ("file-archive", _ARCHIVES), ("file-kind", _OTHERS)):
        for start, kind in kinds.items():
            if data.startswith(start):
                return finding(code, name, kind=kind)
    if data[4:8] == b"ftyp":
        return finding("file-kind", name, kind=Term(N_("a picture, sound or film")))
    if data[257:262] == b"ustar":
        return finding("file-archive", name, kind=Term(N_("a tar archive")))
    return _text(name, data)


def _text(name: str, data: bytes) -> Finding:
    head = _decoded(data[:65536])
    if head is None:
        return finding("file-kind", name, kind=Term(N_("a file of an unknown kind")))
    start = head.lstrip("\ufeff \t\r\n").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return finding("file-resave", name, kind=Term(N_("an XML spreadsheet of Excel 2003")))
    if (
        re.match(r"<(?:!doctype html|html|head|meta|body|table|style|div)\b", start)
        or "<html" in start[:2000]
    ):
        return finding("file-resave", name, kind=Term(N_("a web page (HTML)")))
    if start.startswith("<?xml"):
        return finding("file-kind", name, kind=Term(N_("an XML document")))
    if re.search(r"\S[^\r\n]*[\t,;]", head):
        return finding("file-resave", name, kind=Term(N_("text with tabs or commas between its columns")))
    return finding("file-kind", name, kind=Term(N_("plain text")))


def _decoded(head: bytes) -> str | None:
    """Return the text that a file begins with, None where it is no text."""
    encodings = ["utf-16"] if head.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8", "gb18030"]
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            # The last character may be cut in two, or four: all but those must be text.
            text = getincrementaldecoder(encoding)().decode(head)
            if not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
                return text
    return None
