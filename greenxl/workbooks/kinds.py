"""What a file is, by its bytes; what only stands for a file elsewhere, by its name too.

Every kind comes with the code of the finding that names the one remedy that helps. No regular expression
runs over a file's text: each step here costs no more than the length of what it looks at.
"""

from codecs import getincrementaldecoder
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePosixPath
from typing import Literal

from greenxl.findings import Finding, Term, finding
from greenxl.i18n import N_
from greenxl.workbooks import safe_zip
from greenxl.workbooks.safe_zip import Archive

Format = Literal["xlsx", "xlsm", "xls", "ods"]
"""What is read."""

LONGEST_TEXT = 32_767
"""Bytes at the beginning of a text from which it is told what it is."""
FIRST_MEMBERS = (b"[Content_Types].xml", b"mimetype", b"_rels/", b"xl/", b"docProps/")
"""What a workbook's zip begins with."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Container(Enum):
    """What has to be opened before one knows what it holds."""

    ZIP = auto()
    OLE = auto()
    MAIL = auto()


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is that is not read."""

    code: str
    """Of the finding that says so."""
    name: str = ""
    """What the message calls it."""
    mark: str = ""
    """By what it was known, where the message quotes that."""

    def finding(self, file: str) -> Finding:
        return finding(self.code, file, found=self.mark, kind=self.name)


def kind_of(name: str, data: bytes) -> Container | Kind:
    """Return what a file is by its bytes; by ``name`` only where it stands for a file elsewhere."""
    if data.startswith(OLE):
        return Container.OLE
    begun = _by_beginning(data)
    if _is_volume(name, data, begun):
        return Kind("archive-volumes")
    if data.startswith((safe_zip.MAGIC, safe_zip.EMPTY_MAGIC)):
        return Container.ZIP
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PLACEHOLDERS:
        return _PLACEHOLDERS[suffix]
    if not data:
        return Kind("file-empty")
    if begun is None and safe_zip.MAGIC in data[:_LONGEST_PREFIX] and safe_zip.end_volume(data) is not None:
        return Kind("file-ambiguous", mark="PK")
    return begun or _text_kind(data) or _unknown(suffix)


_LONGEST_PREFIX = 4096
"""Bytes that a broken download puts before a zip, which some programs open nevertheless."""


def _is_volume(name: str, data: bytes, begun: Kind | None) -> bool:
    """Whether a file is a part of an archive in several: by its records, or by its name where it has none."""
    volume = safe_zip.end_volume(data)
    if volume or data.startswith(_SPANNED):
        return True
    if volume == 0 and data.startswith(safe_zip.MAGIC):
        return False  # a whole zip; the last part of one that was cut without more ado begins otherwise
    stem, _point, suffix = name.lower().rpartition(".")
    numbered = suffix[:1] in "zr0123456789" and suffix[1:].isdecimal() and len(suffix) == 3
    part = suffix == "rar" and stem.rpartition(".part")[2].isdecimal()
    return (numbered or part) and (begun is None or begun.code == "file-archive")


_SPANNED = b"PK\x07\x08"
"""How the first volume of a zip begins."""

# What stands for a file elsewhere.

_SHORTCUT = Kind("file-placeholder", Term(N_("a shortcut to a file")))
_WEB_LINK = Kind("file-placeholder", Term(N_("a link to a web page")))
_ICLOUD = Kind("file-placeholder", Term(N_("a placeholder of iCloud")))
_ANSWER = Kind("file-placeholder", Term(N_("an answer of a server, such as an error message,")))
_LOGIN = Kind("file-placeholder", Term(N_("a web page without a table, such as a login page,")))
_PLACEHOLDERS: Mapping[str, Kind] = {
    ".icloud": _ICLOUD,
    ".lnk": _SHORTCUT,
    ".desktop": _SHORTCUT,
    ".url": _WEB_LINK,
    ".webloc": _WEB_LINK,
}

# What is told by how it begins.

_EXCEL_5 = Kind("file-resave", Term(N_("a workbook of Excel 5 or older")))
_PICTURE = Kind("file-kind", Term(N_("a picture")))
_FILM = Kind("file-kind", Term(N_("a picture, sound or film")))
_CIPHERS = (b"b\x14#e", b"%TSD-Header-", b"<## NASCA DRM FILE", b"SCDSA00", b"\x9b DRMONE")
"""How the programs begin a file that they encrypt without their user's doing (E-SafeNet, TSD, NASCA …)."""
_CIPHER_MARK = b"E-SafeNet"
"""Or what they put somewhere into its first bytes."""
_BEGINNINGS: Mapping[bytes, Kind] = {
    b"\t\x08": _EXCEL_5,
    b"\t\x04": _EXCEL_5,
    b"\t\x02": _EXCEL_5,
    b"\t\x00\x04": _EXCEL_5,
    b"\t\x00\x06": _EXCEL_5,
    b"Rar!\x1a\x07": Kind("file-archive", Term(N_("a RAR archive"))),
    b"7z\xbc\xaf\x27\x1c": Kind("file-archive", Term(N_("a 7z archive"))),
    b"\x1f\x8b": Kind("file-archive", Term(N_("a gzip archive"))),
    b"BZh": Kind("file-archive", Term(N_("a bzip2 archive"))),
    b"\xfd7zXZ\x00": Kind("file-archive", Term(N_("an xz archive"))),
    b"\x28\xb5\x2f\xfd": Kind("file-archive", Term(N_("a Zstandard archive"))),
    b"\x78\x9f\x3e\x22": Kind("file-mail", Term(N_("a winmail.dat of Outlook"))),
    b"L\0\0\0\x01\x14\x02\0": _SHORTCUT,
    b"%PDF": Kind("file-kind", Term(N_("a PDF document"))),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"BM": _PICTURE,
    b"II*\0": _PICTURE,
    b"MM\0*": _PICTURE,
    b"RIFF": _FILM,
    b"{\\rtf": Kind("file-kind", Term(N_("a rich text document"))),
    b"MZ": Kind("file-kind", Term(N_("a program"))),
}


def _by_beginning(data: bytes) -> Kind | None:
    for start in _CIPHERS:
        if data.startswith(start):
            return Kind("file-encrypted", mark=_printed(start))
    if _CIPHER_MARK in data[:512]:
        return Kind("file-encrypted", mark=_printed(_CIPHER_MARK))
    if data.startswith(b"bplist00") and b"URL" in data:
        return _ICLOUD if b"NSURL" in data else _WEB_LINK
    for start, kind in _BEGINNINGS.items():
        if data.startswith(start):
            return kind
    if data[4:8] == b"ftyp":
        return _FILM
    return Kind("file-archive", Term(N_("a tar archive"))) if data[257:262] == b"ustar" else None


def _printed(mark: bytes) -> str:
    text = mark.decode("latin-1")
    return text if text.isascii() and text.isprintable() else mark.hex(" ")


def _unknown(suffix: str) -> Kind:
    """Return the kind of bytes that are neither text nor known."""
    name = N_("a file of an unknown kind")
    if suffix in _TELLING:
        name = N_("a file of an unknown kind, perhaps encrypted by security software")
    return Kind("file-kind", Term(name))


_TELLING = {".xlsx", ".xlsm", ".xls", ".ods", ".et", ".zip"}
"""What a file is called that is not what its name says."""

# Texts.


def _text_kind(data: bytes) -> Container | Kind | None:
    text = _decoded(data[:LONGEST_TEXT])
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("[internetshortcut]"):
        return _WEB_LINK
    if start.startswith("[desktop entry]"):
        return _SHORTCUT
    if start.startswith("<"):
        return _markup_kind(start, data)
    if _is_json(start):
        return _ANSWER
    headers = _headers(start)
    if _is_web_archive(headers):
        return Kind("file-resave", Term(N_("a web archive")))
    if "from" in headers and headers.keys() & {"to", "subject", "date", "received", "message-id"}:
        return Container.MAIL
    if _is_table(text):
        return Kind("file-resave", Term(N_("text with tabs or commas between its columns")))
    return Kind("file-kind", Term(N_("plain text")))


def _decoded(head: bytes) -> str | None:
    """Return the text that a file begins with, None where it is no text."""
    encodings = ["utf-16"] if head.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8", "gb18030"]
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            # The last character may be cut in two, or four: all but those must be text.
            text = getincrementaldecoder(encoding)().decode(head)
            if _CONTROLS.isdisjoint(text):
                return text
    return None


_CONTROLS = {*map(chr, range(32))} - set("\t\n\v\f\r\x1a\x1b")

_SPREADSHEETS = {
    "urn:schemas-microsoft-com:office:spreadsheet": Term(N_("an XML spreadsheet of Excel 2003")),
    "vnd.oasis.opendocument.spreadsheet": Term(N_("a flat OpenDocument spreadsheet (.fods)")),
    "schemas.uof.org": Term(N_("a UOF spreadsheet")),
}
_DOCUMENTS = {
    "vnd.uof.text": Term(N_("a UOF text or presentation")),
    "vnd.uof.presentation": Term(N_("a UOF text or presentation")),
    "urn:oasis:names:tc:opendocument": Term(N_("an OpenDocument text or drawing")),
}
_PAGES = ("<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<style", "<div", "<script", "<!--")
_PASSWORDS = ('type="password"', "type='password'", "type=password")
_TABLES = (b"<table", b"office:excel", b"<\0t\0a\0b\0l\0e\0")
"""What a web page holds that may be a table saved as a page."""


def _markup_kind(start: str, data: bytes) -> Kind:
    """Return the kind of a text in XML or HTML, in small letters."""
    others = _DOCUMENTS if "vnd.uof." in start else {}
    for kinds, code in ((others, "file-kind"), (_SPREADSHEETS, "file-resave"), (_DOCUMENTS, "file-kind")):
        for mark, name in kinds.items():
            if mark in start:
                return Kind(code, name)
    if start.startswith(_PAGES) or "<html" in start[:2000]:
        whole = data.lower()
        if any(mark in start for mark in _PASSWORDS) or not any(mark in whole for mark in _TABLES):
            return _LOGIN
        return Kind("file-resave", Term(N_("a web page (HTML)")))
    if "<plist" in start:
        return _WEB_LINK
    if "<error>" in start[:1000]:
        return _ANSWER
    return Kind("file-kind", Term(N_("an XML document")))


def _is_json(start: str) -> bool:
    return "".join(start[:200].split()).startswith(('{"', "[{", '["', "{}", "[]"))


def _headers(text: str) -> dict[str, str]:
    """Return the headers with which a mail begins, {} where a text begins otherwise."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.isascii() or not name.replace("-", "").isalnum():
            return {}
        found.setdefault(name, value.strip())
    return found


def _is_web_archive(headers: Mapping[str, str]) -> bool:
    """Whether a browser or Excel saved a page so (.mht)."""
    browser = "snapshot-content-location" in headers or headers.get("from", "").startswith("<saved by")
    return browser or ("mime-version" in headers and "from" not in headers)


_MOST_LINES = 50


def _is_table(text: str) -> bool:
    """Whether a line has a tab inside, or most of the first ones have like many commas or semicolons."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][:_MOST_LINES]
    if any("\t" in line for line in lines):
        return True
    for separator in ",;":
        counts = [line.count(separator) for line in lines]
        usual = max(set(counts) - {0}, key=counts.count, default=0)
        if usual and counts.count(usual) >= max(2, len(lines) // 2 + 1):
            return True
    return False


# What a container holds.

_DOCUMENT_MEMBERS = {"[content_types].xml", "mimetype", "index/document.iwa", "ofd.xml", "uof.xml"}
_ZIPPED = {
    "word/": Kind("file-kind", Term(N_("a Word document"))),
    "ppt/": Kind("file-kind", Term(N_("a PowerPoint presentation"))),
    "visio/": Kind("file-kind", Term(N_("a Visio drawing"))),
    "index/document.iwa": Kind("file-resave", Term(N_("an Apple Numbers document"))),
    "ofd.xml": Kind("file-kind", Term(N_("an OFD document"))),
    "uof.xml": Kind("file-resave", Term(N_("a UOF spreadsheet"))),
}
_EXCEL = (
    b"spreadsheetml.sheet.main+xml",
    b"spreadsheetml.template.main+xml",
    b"ms-excel.sheet.macroenabled.main+xml",
    b"ms-excel.template.macroenabled.main+xml",
    b"ms-excel.addin.macroenabled.main+xml",
)
"""Content types of a workbook; those with macros come last."""
_RIGHTS = {"drmcontent", "drmencryptedtransform", "drmencrypteddataspace"}
"""Streams of documents that are encrypted by the rights of their readers ([MS-OFFCRYPTO] 2.2)."""
_OLE_KINDS = {
    "worddocument": Kind("file-kind", Term(N_("a Word document"))),
    "powerpoint document": Kind("file-kind", Term(N_("a PowerPoint presentation"))),
    "__properties_version1.0": Kind("file-mail", Term(N_("an Outlook message"))),
}


def is_document(box: Archive) -> bool:
    """Whether a zip is a document of its own rather than an archive of files."""
    return any(member.name.lower() in _DOCUMENT_MEMBERS for member in box.members)


def zip_kind(box: Archive) -> Format | Kind:
    """Return the format of the workbook that a zip is, else what it is.

    :raises ArchiveError: a member that would tell is damaged.
    """
    names = {member.name.lower() for member in box.members}
    types = _member(box, "[content_types].xml").replace(b"\0", b"").lower()
    stated = _member(box, "mimetype")[:200]
    if b"opendocument.spreadsheet" in stated:
        return Kind("file-ambiguous", mark="mimetype, xl/") if _is_excel(names, types) else "ods"
    if b"sheet.binary.macroenabled.main" in types or "xl/workbook.bin" in names:
        return Kind("file-resave", Term(N_("a binary workbook (.xlsb)")))
    if _is_excel(names, types):
        with_macros = "xl/vbaproject.bin" in names or any(mark in types for mark in _EXCEL[2:])
        return "xlsm" if with_macros else "xlsx"
    if b"opendocument" in stated:
        return Kind("file-kind", Term(N_("an OpenDocument text or drawing")))
    known = (kind for start, kind in _ZIPPED.items() if any(name.startswith(start) for name in names))
    return next(known, Kind("file-kind", Term(N_("a zip archive without a workbook"))))


def _is_excel(names: Collection[str], types: bytes) -> bool:
    return any(mark in types for mark in _EXCEL) or any(name.startswith("xl/") for name in names)


def _member(box: Archive, name: str) -> bytes:
    return next((box.inflate(member) for member in box.members if member.name.lower() == name), b"")


def ole_kind(paths: Collection[Sequence[str]]) -> Literal["xls", "encrypted"] | Kind:
    """Return what an OLE container holds by the paths of its streams."""
    names = {path[0].lower() for path in paths}
    if any(part.strip("\t").lower() in _RIGHTS for path in paths for part in path):
        return Kind("file-encrypted", mark="Microsoft IRM")
    if "encryptedpackage" in names:
        return "encrypted"
    if names & {"workbook", "book"}:
        return "xls"
    known = (kind for stream, kind in _OLE_KINDS.items() if stream in names)
    return next(known, Kind("file-kind", Term(N_("an Office document of another kind"))))
