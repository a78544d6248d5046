"""Spoiled returns: a real blank, filled in, and then made wrong in one way, each with what must be found.

The good return is 果里镇's workbook with its one community, 鸿嘉社区, on the second sheet; its scores
stand in E4 to E23.
"""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import msoffcrypto

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank

TOWN = "果里镇"
SHEET = "xl/worksheets/sheet2.xml"
BOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"


@cache
def good(campaign: Campaign, town: str = TOWN) -> bytes:
    """A town's workbook with 4.5 in every score cell."""
    communities = campaign.communities_of(town)
    return blank(
        campaign,
        town,
        communities,
        scores={c: [Decimal("4.5")] * len(campaign.criteria) for c in communities},
    )


# Taking a workbook apart and putting it together again.


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return {info.filename: box.read(info) for info in box.infolist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        for name, part in parts.items():
            box.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def with_part(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Change the text of a member, which is made if there is none."""
    parts = members(data)
    parts[name] = change(parts.get(name, b"").decode()).encode()
    return packed(parts)


def replaced(part: str, old: str, new: str) -> Callable[[bytes], bytes]:
    def spoil(data: bytes) -> bytes:
        assert old in members(data)[part].decode()
        return with_part(data, part, lambda text: text.replace(old, new, 1))

    return spoil


def added(name: str, content: bytes) -> Callable[[bytes], bytes]:
    return lambda data: packed({**members(data), name: content})


def cell(address: str, attributes: str = "", content: str = "") -> Callable[[bytes], bytes]:
    """Put something else into a cell of the score sheet, in its own style."""

    def change(text: str) -> str:
        pattern = rf'<c r="{address}"( s="\d+")[^>]*?(?:/>|>.*?</c>)'
        new, count = re.subn(pattern, rf'<c r="{address}"\1 {attributes}>{content}</c>', text)
        assert count == 1
        return new

    return lambda data: with_part(data, SHEET, change)


def text_cell(address: str, text: str) -> Callable[[bytes], bytes]:
    return cell(address, 't="inlineStr"', f"<is><t>{text}</t></is>")


def value_cell(address: str, value: str) -> Callable[[bytes], bytes]:
    return cell(address, "", f"<v>{value}</v>")


def far(reference: str) -> Callable[[bytes], bytes]:
    row = re.sub(r"[A-Z]+", "", reference)
    new = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'
    return replaced(SHEET, "</sheetData>", new)


def formatted_rows(data: bytes) -> bytes:
    """Every row of the sheet formatted, as when a clerk paints whole columns."""
    rows = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(40, 1_048_577))
    return replaced(SHEET, "</sheetData>", f"{rows}</sheetData>")(data)


def encrypted(password: str) -> Callable[[bytes], bytes]:
    def spoil(data: bytes) -> bytes:
        result = io.BytesIO()
        msoffcrypto.OfficeFile(io.BytesIO(data)).encrypt(password, result)
        return result.getvalue()

    return spoil


def with_directory(data: bytes, name: str, field: int, value: int) -> bytes:
    """Let the zip's directory lie about a member: ``field`` is the offset in its record."""
    spoilt = bytearray(data)
    at = spoilt.index(b"PK\x01\x02")
    while spoilt[at + 46 : at + 46 + len(name)] != name.encode():
        at = spoilt.index(b"PK\x01\x02", at + 4)
    struct.pack_into("<I", spoilt, at + field, value)
    return bytes(spoilt)


PACKED_SIZE, SIZE, OFFSET = 20, 24, 42


def overlapping(data: bytes) -> bytes:
    """Two members that share their packed bytes, as in the zips that inflate without end."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        for name, part in members(data).items():
            box.writestr(name, part)
        again = zipfile.ZipInfo("xl/again.xml")
        last = box.filelist[-1]
        for what in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
            setattr(again, what, getattr(last, what))
        box.filelist.append(again)
    return buffer.getvalue()


def twice(data: bytes) -> bytes:
    """Two members of one name: which of them counts depends on who reads."""
    data = added("xl/worksheets/sheetX.xml", b"<worksheet/>")(data)
    return data.replace(b"xl/worksheets/sheetX.xml", b"xl/worksheets/sheet2.xml")


def lying(data: bytes) -> bytes:
    """A member that says it is shorter than it is."""
    return with_directory(data, SHEET, SIZE, 1000)


HTML = "<html><head><meta charset=gbk></head><body><table><tr><td>社区名称</td></tr></table></body></html>"
XML_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)


@dataclass(frozen=True)
class Spoiled:
    """One way in which a return is spoiled, and what must be said of it."""

    name: str
    file: str
    make: Callable[[bytes], bytes]
    code: str
    cell: str = ""
    read: bool = True
    """Whether the return is read all the same."""


def _refused(name: str, file: str, make: Callable[[bytes], bytes], code: str) -> Spoiled:
    return Spoiled(name, file, make, code, read=False)


def _is(content: bytes) -> Callable[[bytes], bytes]:
    return lambda _data: content


FILES = [
    _refused("empty", "a.xlsx", _is(b""), "file-empty"),
    _refused("cut off", "a.xlsx", lambda data: data[:9000], "file-damaged"),
    _refused("nothing but a beginning", "a.xlsx", lambda data: data[:40], "file-damaged"),
    _refused("PDF", "a.xlsx", _is(b"%PDF-1.7\n..."), "file-kind"),
    _refused("picture", "扫描件.xlsx", _is(PICTURE), "file-kind"),
    _refused("Word document", "a.docx", _is(packed({"[Content_Types].xml": b"", "word/a.xml": b""})), "file-kind"),
    _refused("plain text", "a.xlsx", _is("见附件".encode()), "file-kind"),
    _refused("bytes of no kind", "a.xls", _is(bytes(range(256))), "file-kind"),
    _refused("program", "a.xlsx", _is(b"MZ\x90\0" + bytes(60)), "file-kind"),
    _refused("web page", "a.xls", _is(HTML.encode("gbk")), "file-resave"),
    _refused("tabs", "a.xls", _is("社区\t得分\r\n鸿嘉社区\t90\r\n".encode("gb18030")), "file-resave"),
    _refused("tabs in UTF-16", "a.xls", _is("社区\t得分\r\n".encode("utf-16")), "file-resave"),
    _refused("XML of Excel 2003", "a.xls", _is(XML_2003.encode()), "file-resave"),
    _refused("Excel 4", "a.xls", _is(b"\t\x04\x06\0\0\0\x10\0" + bytes(50)), "file-resave"),
    _refused("Apple Numbers", "a.numbers", _is(packed({"Index/Document.iwa": b"x"})), "file-resave"),
    _refused("RAR", "a.rar", _is(b"Rar!\x1a\x07\x01\0" + bytes(50)), "file-archive"),
    _refused("7z", "a.7z", _is(b"7z\xbc\xaf\x27\x1c" + bytes(50)), "file-archive"),
    _refused("password", "a.xlsx", encrypted("secret"), "file-password"),
    _refused("too many parts", "a.xlsx", lambda d: packed({**members(d), **dict.fromkeys(map(str, range(1000)), b"")}), "unsafe-members"),
    _refused("inflates without bound", "a.xlsx", added("xl/media/a.png", bytes(20_000_000)), "unsafe-inflation"),
    _refused("states too much", "a.xlsx", lambda d: with_directory(d, SHEET, SIZE, 400 << 20), "unsafe-size"),
    _refused("lies about a size", "a.xlsx", lying, "unsafe-directory"),
    _refused("overlapping parts", "a.xlsx", overlapping, "unsafe-directory"),
    _refused("two parts of one name", "a.xlsx", twice, "unsafe-directory"),
    _refused("entities", "a.xlsx", replaced(SHEET, "<worksheet", '<!DOCTYPE w [<!ENTITY a "b">]><worksheet'), "unsafe-dtd"),
    _refused("external entity", "a.xlsx", replaced(STRINGS, "<sst", '<!DOCTYPE w SYSTEM "file:///etc/passwd"><sst'), "unsafe-dtd"),
    _refused("a value of no number", "a.xlsx", value_cell("E7", "1,5"), "file-ambiguous"),
    _refused("two cells at one address", "a.xlsx", replaced(SHEET, '<c r="E8"', '<c r="E7"><v>1</v></c><c r="E8"'), "file-ambiguous"),
    _refused("rows out of order", "a.xlsx", replaced(SHEET, '<row r="7"', '<row r="70"/><row r="7"'), "file-ambiguous"),
    _refused("XML that breaks off", "a.xlsx", replaced(SHEET, "</sheetData>", ""), "file-ambiguous"),
    Spoiled("value far off", "a.xlsx", far("AZ2000"), "stray-value", "AZ2000"),
    Spoiled("value in the last cell", "a.xlsx", far("XFD1048576"), "stray-value", "XFD1048576"),
    Spoiled("value in the last cell, unaddressed", "a.xlsx", replaced(SHEET, "</sheetData>", '<row r="1048576">' + "<c/>" * 16383 + "<c><v>1</v></c></row></sheetData>"), "stray-value", "XFD1048576"),
    Spoiled("wrong extension", "a.xls", lambda data: data, "file-extension"),
    Spoiled("Excel’s default password", "a.xlsx", encrypted("VelvetSweatshop"), "file-default-password"),
    Spoiled("macros", "a.xlsm", added("xl/vbaProject.bin", b"x"), "file-macros"),
    Spoiled("macros in an xlsx", "a.xlsx", added("xl/vbaProject.bin", b"x"), "file-extension"),
    Spoiled("macro sheet", "a.xlsx", added("xl/macrosheets/sheet1.xml", b"<x/>"), "file-macros"),
    Spoiled("external link", "a.xlsx", added("xl/externalLinks/externalLink1.xml", b"<x/>"), "file-links"),
    Spoiled("hidden sheet", "a.xlsx", replaced(BOOK, 'sheetId="2"', 'sheetId="2" state="hidden"'), "sheet-hidden"),
    Spoiled("hidden row", "a.xlsx", replaced(SHEET, '<row r="7"', '<row r="7" hidden="1"'), "scores-hidden", "E7"),
    Spoiled("hidden column", "a.xlsx", replaced(SHEET, '<col min="5"', '<col hidden="true" min="5"'), "scores-hidden", "E4"),
    Spoiled("merged scores", "a.xlsx", replaced(SHEET, "</mergeCells>", '<mergeCell ref="E4:E6"/></mergeCells>'), "score-merged", "E5"),
]  # fmt: skip

CELLS = [
    Spoiled("blank", "a.xlsx", cell("E7"), "score-blank", "E7"),
    Spoiled("white space", "a.xlsx", text_cell("E7", "\u3000"), "score-blank", "E7"),
    Spoiled("error", "a.xlsx", cell("E7", 't="e"', "<v>#REF!</v>"), "score-broken", "E7"),
    Spoiled("formula that failed", "a.xlsx", cell("E7", 't="e"', "<f>1/0</f><v>#DIV/0!</v>"), "score-broken", "E7"),
    Spoiled("formula never calculated", "a.xlsx", cell("E7", "", "<f>2+2</f>"), "score-broken", "E7"),
    Spoiled("formula to be calculated", "a.xlsx", cell("E7", "", "<f>2+2</f><v>0</v>"), "score-broken", "E7"),
    Spoiled("formula", "a.xlsx", lambda d: replaced(BOOK, ' fullCalcOnLoad="1"', "")(cell("E7", "", "<f>2+2</f><v>4</v>")(d)), "score-formula", "E7"),
    Spoiled("struck through in part", "a.xlsx", cell("E7", 't="inlineStr"', "<is><r><rPr><strike/></rPr><t>3</t></r><r><t>4</t></r></is>"), "score-struck", "E7"),
    Spoiled("telephone number", "a.xlsx", value_cell("E7", "13812345678"), "score-high", "E7"),
    Spoiled("telephone number as text", "a.xlsx", text_cell("E7", "13812345678"), "score-high", "E7"),
    Spoiled("number beside the scores", "a.xlsx", replaced(SHEET, '<c r="E7" s="12"><v>4.5</v></c>', '<c r="E7" s="12"><v>4.5</v></c><c r="F7"><v>3</v></c>'), "scores-beside", "F7"),
    Spoiled("Chinese number", "a.xlsx", text_cell("E7", "五"), "score-text", "E7"),
    Spoiled("range", "a.xlsx", text_cell("E7", "4-5"), "score-text", "E7"),
    Spoiled("grade", "a.xlsx", text_cell("E7", "优"), "score-text", "E7"),
    Spoiled("slash", "a.xlsx", text_cell("E7", "/"), "score-text", "E7"),
    Spoiled("none", "a.xlsx", text_cell("E7", "无"), "score-text", "E7"),
    Spoiled("exponent", "a.xlsx", text_cell("E7", "1e5"), "score-text", "E7"),
    Spoiled("infinity", "a.xlsx", text_cell("E7", "inf"), "score-text", "E7"),
    Spoiled("underscore", "a.xlsx", text_cell("E7", "1_0"), "score-text", "E7"),
    Spoiled("Arabic digit", "a.xlsx", text_cell("E7", "٣"), "score-text", "E7"),
    Spoiled("boolean", "a.xlsx", cell("E7", 't="b"', "<v>1</v>"), "score-boolean", "E7"),
    Spoiled("date", "a.xlsx", cell("E7", 't="d"', "<v>2021-04-05</v>"), "score-date", "E7"),
    Spoiled("three decimals", "a.xlsx", value_cell("E7", "3.125"), "score-decimals", "E7"),
    Spoiled("above the points", "a.xlsx", value_cell("E7", "6"), "score-high", "E7"),
    Spoiled("below zero", "a.xlsx", value_cell("E7", "-1"), "score-negative", "E7"),
    Spoiled("full width", "a.xlsx", text_cell("E7", "５"), "score-spelling", "E7"),
    Spoiled("spaces", "a.xlsx", text_cell("E7", " 5 "), "score-spelling", "E7"),
    Spoiled("unit", "a.xlsx", text_cell("E7", "5分"), "score-spelling", "E7"),
    Spoiled("full-width decimals", "a.xlsx", text_cell("E7", "４．５"), "score-spelling", "E7"),
    Spoiled("criterion gone", "a.xlsx", text_cell("C7", "已删除"), "criterion-missing"),
    Spoiled("points changed", "a.xlsx", value_cell("D7", "10"), "points-changed", "D7"),
    Spoiled("other campaign", "a.xlsx", lambda d: with_part(d, "xl/sharedStrings.xml", lambda t: t.replace("huantai-2021", "huantai-2020")), "other-campaign", read=False),
]  # fmt: skip

SPOILED = [*FILES, *CELLS]
