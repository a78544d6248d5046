"""Small workbooks by hand, part by part: what no program writes, and what some do."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from greenxl.workbooks.safe_zip import Archive

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Parts = dict[str, str | bytes]


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of parts in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        for name, part in parts.items():
            box.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def archive(parts: Mapping[str, str | bytes]) -> Archive:
    return Archive(zipped(parts))


def relations(*wanted: tuple[str, str, str]) -> str:
    """Return a part of relations of (id, kind, target)."""
    items = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in wanted
    )
    return f'<Relationships xmlns="{RELATIONS}">{items}</Relationships>'


def content_types(overrides: Mapping[str, str]) -> str:
    """Return the part of content types; ``overrides`` are part -> type, the latter's end for our own."""
    items = "".join(
        f'<Override PartName="/{part}" ContentType="{kind if "/" in kind else f"{_ML}.{kind}+xml"}"/>'
        for part, kind in overrides.items()
    )
    default = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'<Types xmlns="{TYPES}">{default}{items}</Types>'


def worksheet(rows: str, *, before: str = "", after: str = "", space: str = MAIN) -> str:
    return f'<worksheet xmlns="{space}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def xlsx_parts(
    rows: str,
    *,
    before: str = "",
    after: str = "",
    strings: Sequence[str] = (),
    formats: Sequence[str] = (),
    styles: str = "",
    workbook: str = "",
) -> Parts:
    """Return the parts of a workbook of one sheet.

    ``before`` and ``after`` stand beside the rows, ``strings`` are the insides of shared texts, ``formats``
    the codes of the styles 1, 2, …, ``styles`` the inside of the styles part in their place, ``workbook``
    stands behind the list of sheets.
    """
    table = "".join(f"<si>{string}</si>" for string in strings)
    return {
        "[Content_Types].xml": content_types(
            {
                "xl/workbook.xml": "sheet.main",
                "xl/worksheets/sheet1.xml": "worksheet",
                "xl/styles.xml": "styles",
                "xl/sharedStrings.xml": "sharedStrings",
            }
        ),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="S" sheetId="1" r:id="rId1"/></sheets>{workbook}</workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "styles", "styles.xml"),
            ("rId3", "sharedStrings", "sharedStrings.xml"),
        ),
        "xl/worksheets/sheet1.xml": worksheet(rows, before=before, after=after),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles or _formats(formats)}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{table}</sst>',
    }


def _formats(codes: Sequence[str]) -> str:
    quoted = [code.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for code in codes]
    formats = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(quoted))
    styles = "".join(f'<xf numFmtId="{200 + n}" fontId="0"/>' for n in range(len(codes)))
    return (
        f"<numFmts>{formats}</numFmts><fonts><font/></fonts>"
        f'<cellXfs><xf numFmtId="0" fontId="0"/>{styles}</cellXfs>'
    )


def cell(content: str, attributes: str = "", address: str = "E9") -> str:
    """Return a row with one cell."""
    digits = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{digits}"><c r="{address}" {attributes}>{content}</c></row>'


# OpenDocument.

_NAMES = {
    "office": "office",
    "table": "table",
    "text": "text",
    "style": "style",
    "number": "datastyle",
    "fo": "xsl-fo-compatible",
    "draw": "drawing",
}
ODF = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for p, n in _NAMES.items()) + (
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3"'
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def table(rows: str, *, name: str = "S", attributes: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>{rows}</table:table>'


def ods_parts(tables: str, *, automatic: str = "", common: str = "") -> Parts:
    """Return the parts of a spreadsheet of these tables, with automatic styles and common ones."""
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    kinds = {"/": MIMETYPE, "content.xml": "text/xml", "styles.xml": "text/xml"}
    entries = "".join(f'<m:file-entry m:full-path="{p}" m:media-type="{k}"/>' for p, k in kinds.items())
    return {
        "mimetype": MIMETYPE,
        "content.xml": f"<office:document-content {ODF}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
        "</office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {ODF}><office:styles>{common}</office:styles>"
        "</office:document-styles>",
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{manifest}" m:version="1.3">{entries}</m:manifest>',
    }


def row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def number(value: str, attributes: str = "", text: str = "") -> str:
    """Return a cell with a number."""
    return _cell(f'office:value-type="float" office:value="{value}" {attributes}', text)


def string(text: str, attributes: str = "") -> str:
    """Return a cell with a text; what ``text`` marks up is kept."""
    return _cell(f'office:value-type="string" {attributes}', text)


def _cell(attributes: str, text: str) -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def every_promise(path: Path) -> None:
    """Write a sheet with a cell for each thing that a reader promises to tell."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("S")
        page.write_number("A1", 0.8, book.add_format({"num_format": "0%"}))
        page.write_formula("A2", "=1/0", None, "#DIV/0!")
        page.write_formula("A3", "=2+2", None, 4)
        page.merge_range("A4:B5", 5)
        page.write_rich_string("A6", book.add_format({"font_strikeout": True}), "3", "4")
        page.write_number("A7", 5, book.add_format({"font_strikeout": True}))
        page.write_datetime("A8", datetime(2021, 9, 30), book.add_format({"num_format": "yyyy-m-d"}))
        page.write_boolean("A9", True)
        page.write_number("A10", 4.5, book.add_format({"num_format": "0"}))
        page.write_number("A11", 5)
        page.set_row(10, None, None, {"hidden": True})
        page.write_number("C1", 5)
        page.set_column("C:C", None, None, {"hidden": True})
