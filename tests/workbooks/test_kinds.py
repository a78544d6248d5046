"""Every kind of file that is not read is named as what it is, with the one remedy that helps."""

import time
from pathlib import Path

import pytest

from greenxl.catalogue import CATALOGUE
from greenxl.workbooks.kinds import Container, Kind, is_document, kind_of, ole_kind, zip_kind
from greenxl.workbooks.safe_zip import Archive
from tests.tools.office import Office
from tests.tools.spoil import packed

HTML_TABLE = (
    b"<html><head><style>" + b" " * 40_000 + b"</style></head><body><table><tr><td>1</td></tr></table>"
)
UOF = (
    '<?xml version="1.0"?><uof:UOF xmlns:uof="http://schemas.uof.org/cn/2003/uof" uof:mimetype="vnd.uof.%s">'
)
FLAT = (
    '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="%s">'
)
WEBLOC = '<?xml version="1.0"?><plist version="1.0"><dict><key>URL</key><string>https://a.cn</string></dict></plist>'
MAIL = b"Received: from a\r\n\tby b\r\nFrom: a@b.cn\r\nSubject: x\r\n\r\nbody, and more\r\n"
END_OF_LAST_VOLUME = b"PK\x05\x06" + b"\x02\0" * 4 + bytes(10)


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", "file-empty", "empty"),
        (UOF.encode() % b"spreadsheet", "file-resave", "a UOF spreadsheet"),
        (UOF.encode() % b"text", "file-kind", "a UOF text"),
        (FLAT.encode() % b"application/vnd.oasis.opendocument.spreadsheet", "file-resave", "(.fods)"),
        (FLAT.encode() % b"application/vnd.oasis.opendocument.text", "file-kind", "an OpenDocument text"),
        (b"b\x14#e" + bytes(range(256)) * 9, "file-encrypted", "62 14 23 65"),
        (b"%TSD-Header-###%" + bytes(100), "file-encrypted", "%TSD-Header-"),
        (bytes(4) + b"\1\2E-SafeNet\0LOCK" + bytes(100), "file-encrypted", "E-SafeNet"),
        (b"<## NASCA DRM FILE - VER1.00 ##>" + bytes(100), "file-encrypted", "NASCA"),
        (b"bplist00\xd1\1\2_\x10\x10NSURLNameKey", "file-placeholder", "iCloud"),
        (b"bplist00\xd1\1\2SURL_\x10\x10https", "file-placeholder", "a link to a web page"),
        (WEBLOC.encode(), "file-placeholder", "a link to a web page"),
        (b"[InternetShortcut]\r\nURL=https://a.cn\r\n", "file-placeholder", "a link to a web page"),
        (b"[Desktop Entry]\nType=Link\n", "file-placeholder", "a shortcut"),
        (b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0" + bytes(100), "file-placeholder", "a shortcut"),
        (b'\n{"code": 401, "message": "login"}', "file-placeholder", "an answer of a server"),
        (b"[ {}, 1]", "file-placeholder", "an answer of a server"),
        (b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', "file-placeholder", "an answer"),
        (b"<!DOCTYPE html><html><form><input name=u></form></html>", "file-placeholder", "a login page"),
        (b"<html><table><td><input type='password'></table></html>", "file-placeholder", "a login page"),
        (HTML_TABLE, "file-resave", "a web page (HTML)"),
        ("<html><table>".encode("utf-16"), "file-resave", "a web page (HTML)"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n", "file-resave", "a web archive"),
        (b"From: <Saved by Blink>\r\nSubject: x\r\n\r\n", "file-resave", "a web archive"),
        (b"\x78\x9f\x3e\x22\1\2", "file-mail", "winmail.dat"),
        (b"Rar!\x1a\x07\1\0", "file-archive", "a RAR archive"),
        (b"PK\x07\x08PK\x03\x04" + bytes(99), "archive-volumes", "volume"),
        (b"\xff\0\xfe" * 99 + END_OF_LAST_VOLUME, "archive-volumes", "volume"),
        ("名称,得分\n鸿嘉社区,90\n".encode("gb18030"), "file-resave", "text with tabs or commas"),
        ("得分;5\n\n得分;4\n备注\n".encode(), "file-resave", "text with tabs or commas"),
        ("社区\t得分".encode("utf-16"), "file-resave", "text with tabs or commas"),
        (b"Dear colleagues, the scores follow.\nRegards\n", "file-kind", "plain text"),
        (b"\tDear colleagues", "file-kind", "plain text"),
        (b"Dear colleagues, the scores follow.", "file-kind", "plain text"),
        (b"<?xml version='1.0'?><a/>", "file-kind", "an XML document"),
        (b"%PDF-1.7", "file-kind", "a PDF document"),
        (b"\0\1\2\3" * 99, "file-kind", "a file of an unknown kind,"),
    ],
)
def test_every_kind_has_its_name_and_its_remedy(data: bytes, code: str, said: str) -> None:
    """The finding is told by the bytes alone, and its message says what they are."""
    kind = kind_of("a.bin", data)
    assert isinstance(kind, Kind)
    assert kind.code == code
    assert said in kind.finding("a").message("en")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        (".果里镇.xlsx.icloud", b"", "file-placeholder"),
        ("果里镇.xlsx.lnk", b"\0\1", "file-placeholder"),
        ("a.url", b"https://a.cn", "file-placeholder"),
        ("a.webloc", b"\0\1", "file-placeholder"),
        ("a.z02", b"\0\1", "archive-volumes"),
        ("a.zip.001", b"PK\x03\x04" + bytes(99), "archive-volumes"),
        ("a.zip.002", b"\0\1", "archive-volumes"),
        ("a.zip.002", b"\0\1" + packed({"a": b"1"})[30:], "archive-volumes"),
        ("a.xlsx", b"\r\n" + packed({"a": b"1"}), "file-ambiguous"),
        ("a.r00", b"\0\1", "archive-volumes"),
        ("a.part02.rar", b"Rar!\x1a\x07\1\0", "archive-volumes"),
        ("a.7z.001", b"7z\xbc\xaf\x27\x1c", "archive-volumes"),
        ("IMG.001", b"\x89PNG", "file-kind"),
        ("apart.rar", b"Rar!\x1a\x07\1\0", "file-archive"),
    ],
)
def test_a_name_tells_only_what_originals_a_file_or_is_a_part_of_one(
    name: str, data: bytes, code: str
) -> None:
    """The volumes of an archive but the first and the last have no mark of their own."""
    kind = kind_of(name, data)
    assert isinstance(kind, Kind)
    assert kind.code == code


@pytest.mark.parametrize(
    ("name", "data", "container"),
    [
        ("a.lnk", packed({"a": b"1"}), Container.ZIP),
        ("a.001", packed({"a": b"1"}), Container.ZIP),
        ("a.icloud", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Container.OLE),
        ("a.txt", MAIL, Container.MAIL),
        ("a.zip", b"PK\x05\x06" + bytes(18), Container.ZIP),
        ("a.zip", packed({"a": b"1"})[:20], Container.ZIP),
    ],
)
def test_what_has_to_be_opened_is_told_by_its_bytes(name: str, data: bytes, container: Container) -> None:
    """Whatever it is called: a whole archive is no volume, and a workbook no shortcut."""
    assert kind_of(name, data) is container


def test_bytes_that_say_nothing_under_a_workbook_s_name_may_be_ciphertext() -> None:
    """The sender sees a common workbook, so the message says what may have happened to it."""
    said = {name: kind_of(name, b"\0\1\2\3" * 99) for name in ("a.xlsx", "a.dat")}
    assert ["encrypted" in str(kind) for kind in said.values()] == [True, False]


def types(kind: str) -> bytes:
    return f'<Types><Override PartName="/x.xml" ContentType="application/{kind}.main+xml"/></Types>'.encode()


EXCEL = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"[Content_Types].xml": types(EXCEL), "x.xml": b""}, "xlsx"),
        ({"[content_types].XML": types(EXCEL).decode().encode("utf-16")}, "xlsx"),
        ({"[Content_Types].xml": types("vnd.ms-excel.sheet.macroEnabled")}, "xlsm"),
        ({"[Content_Types].xml": b"", "xl/workbook22.xml": b""}, "xlsx"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "ods"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "xl/x": b""}, "file-ambiguous"),
        ({"[Content_Types].xml": b"", "xl/workbook.bin": b""}, "file-resave a binary workbook (.xlsb)"),
        ({"[Content_Types].xml": b"", "word/document.xml": b""}, "file-kind a Word document"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "file-kind an OpenDocument text"),
        ({"Index/Document.iwa": b""}, "file-resave an Apple Numbers document"),
        ({"OFD.xml": b""}, "file-kind an OFD document"),
        ({"uof.xml": b""}, "file-resave a UOF spreadsheet"),
        ({"[Content_Types].xml": b""}, "file-kind a zip archive without a workbook"),
    ],
)
def test_what_a_zip_is_is_told_by_what_it_says_of_itself(members: dict[str, bytes], kind: str) -> None:
    """By its content types, wherever its parts are; what may be two things at once is ambiguous."""
    box = Archive(packed(members))
    found = zip_kind(box)
    assert (f"{found.code} {found.name}" if isinstance(found, Kind) else found).startswith(kind)
    assert is_document(box)


@pytest.mark.parametrize(
    ("paths", "kind"),
    [
        ([["Workbook"], ["\x05SummaryInformation"]], "xls"),
        ([["Book"]], "xls"),
        ([["EncryptedPackage"]], "encrypted"),
        ([["EncryptedPackage"], ["\x06DataSpaces", "DRMEncryptedTransform", "x"]], "file-encrypted"),
        ([["Workbook"], ["\tDRMContent"]], "file-encrypted"),
        ([["__properties_version1.0"], ["__attach_version1.0_#00000000", "x"]], "file-mail"),
        ([["WordDocument"]], "file-kind"),
        ([["Contents"]], "file-kind"),
    ],
)  # fmt: skip
def test_what_an_ole_container_is_is_told_by_its_streams(paths: list[list[str]], kind: str) -> None:
    """An Outlook message has an attachment to save; a document under rights management has to be freed."""
    found = ole_kind(paths)
    assert (found.code if isinstance(found, Kind) else found) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"a" * 58_000,
        b"a," * 29_000,
        b"a:" + b"b" * 40_000 + b":",
        b"<" * 58_000,
        b"<html>" * 9_000,
        ("{" * 58_000).encode(),
        b"\n" * 58_000,
        b"a: b\n" * 12_000,
        b"\t" * 58_000,
        ("得," * 12_000).encode("gb18030"),
    ],
)
def test_sniffing_a_text_costs_no_more_than_its_length(data: bytes) -> None:
    """58 KB of one line once took half a minute."""
    start = time.process_time()
    kind_of("a.txt", data * 20)
    assert time.process_time() - start < 0.5


def test_a_real_flat_spreadsheet_is_named(office: Office, tmp_path: Path) -> None:
    """LibreOffice writes its own type behind some thirty namespaces."""
    office.new(tmp_path / "a.xlsx", {"A": {"A1": 1.0}})
    office.convert(tmp_path / "a.xlsx", tmp_path / "a.fods")
    kind = kind_of("a.fods", (tmp_path / "a.fods").read_bytes())
    assert isinstance(kind, Kind)
    assert kind.code == "file-resave"


def test_every_kind_has_a_message_in_the_catalogue() -> None:
    """No kind waits for a finding that does not exist."""
    from greenxl.workbooks import kinds

    every = [one for one in vars(kinds).values() if isinstance(one, Kind)]
    tables = [one.values() for one in vars(kinds).values() if isinstance(one, dict)]
    every += [one for table in tables for one in table if isinstance(one, Kind)]
    assert len(every) > 30
    assert {one.code for one in every} <= CATALOGUE.keys()
