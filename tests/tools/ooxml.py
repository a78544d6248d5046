"""Workbooks in Office Open XML by hand: one package, and what each program makes of it in its own way.

The ways are known from files that the programs wrote and from reports about them; what is rebuilt is what a
reader may stumble over, not the whole of it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from tests.tools.packages import MAIN, OFFICE, STRICT, Parts, content_types, relations, worksheet, zipped
from tests.tools.sheets import Book, Put, Sheet, letters, place

_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_BUILT_IN = {
    "General": 0,
    "0": 1,
    "0.00": 2,
    "0%": 9,
    "0.00%": 10,
    "0.00E+00": 11,
    "# ?/?": 12,
    "[h]:mm:ss": 46,
    "@": 49,
}
"""The formats that a file only numbers."""  # fmt: skip

Way = Callable[[Parts], Parts]
"""From one program's package to another's."""


def xlsx(book: Book, *ways: Way, iso_dates: bool = False) -> bytes:
    """Return a workbook, written in these ways one after the other."""
    parts = _parts(book, iso_dates=iso_dates)
    for way in ways:
        parts = way(parts)
    return zipped(parts)


def dense(book: Book) -> Book:
    """Return a workbook in which no cell is left out before the last one of a row, no row before the last."""
    return replace(book, sheets=[replace(sheet, cells=_dense(sheet)) for sheet in book.sheets])


def _dense(sheet: Sheet) -> Mapping[str, Put]:
    rows = sheet.rows()
    gaps = (
        f"{letters(column)}{row}"
        for row in range(1, max(rows) + 1)
        for column in range(1, max(rows.get(row, {1: None})) + 1)
    )
    return {**{a1: Put() for a1 in gaps}, **sheet.cells}


# The package.


class _Styles:
    """The number formats and fonts that the cells ask for, numbered as they come."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._cells: dict[tuple[int, bool], int] = {(0, False): 0}
        self._changes: dict[str, int] = {}

    def number(self, put: Put) -> int:
        return self._cells.setdefault((self._code(put.code), put.struck), len(self._cells))

    def change(self, code: str) -> int:
        """Return the number of a conditional style with a number format."""
        return self._changes.setdefault(code, len(self._changes))

    def _code(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        return self._codes.setdefault(code, 176 + len(self._codes))

    def part(self) -> str:
        formats = "".join(_format(number, code) for code, number in self._codes.items())
        cells = "".join(
            f'<xf numFmtId="{code}" fontId="{int(struck)}" fillId="0" borderId="0" applyNumberFormat="1"/>'
            for code, struck in self._cells
        )
        changes = "".join(f"<dxf>{_format(300 + n, code)}</dxf>" for code, n in self._changes.items())
        return (
            f'<styleSheet xmlns="{MAIN}"><numFmts count="{len(self._codes)}">{formats}</numFmts>'
            '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
            '<font><strike/><sz val="11"/><name val="宋体"/></font></fonts>'
            '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
            "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
            '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f"<cellXfs>{cells}</cellXfs>"
            '<cellStyles><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>'
            f"<dxfs>{changes}</dxfs></styleSheet>"
        )


def _format(number: int, code: str) -> str:
    return f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'


class _Strings:
    """The shared texts by their markup."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, put: Put) -> int:
        runs = "".join(_run(text, struck) for text, struck in put.runs)
        return self._numbers.setdefault(runs or _text(str(put.value)), len(self._numbers))

    def part(self) -> str:
        items = "".join(f"<si>{markup}</si>" for markup in self._numbers)
        return f'<sst xmlns="{MAIN}" uniqueCount="{len(self._numbers)}">{items}</sst>'


def _run(text: str, struck: bool) -> str:
    return f"<r><rPr>{'<strike/>' * struck}</rPr>{_text(text)}</r>"


def _text(text: str) -> str:
    return f'<t xml:space="preserve">{escape(text)}</t>' if text.strip() != text else f"<t>{escape(text)}</t>"


def _parts(book: Book, *, iso_dates: bool) -> Parts:
    styles, strings = _Styles(), _Strings()
    sheets = {
        f"xl/worksheets/sheet{n}.xml": _sheet(sheet, styles, strings, book, iso_dates=iso_dates)
        for n, sheet in enumerate(book.sheets, 1)
    }
    types = dict.fromkeys(sheets, "worksheet") | {
        "xl/workbook.xml": _MACRO_TYPE if book.macros else "sheet.main",
        "xl/styles.xml": "styles",
        "xl/sharedStrings.xml": "sharedStrings",
    }
    targets = [(f"rId{n}", "worksheet", part.removeprefix("xl/")) for n, part in enumerate(sheets, 1)]
    targets += [("rId900", "styles", "styles.xml"), ("rId901", "sharedStrings", "sharedStrings.xml")]
    more: Parts = {}
    if book.links:
        types["xl/externalLinks/externalLink1.xml"] = "externalLink"
        targets.append(("rId902", "externalLink", "externalLinks/externalLink1.xml"))
        more |= _link()
    if book.macros:
        types["xl/vbaProject.bin"] = "application/vnd.ms-office.vbaProject"
        more["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 macros"
    workbook = relations(*targets)
    if book.macros:
        kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
        macros = f'<Relationship Id="rId903" Type="{kind}" Target="vbaProject.bin"/></Relationships>'
        workbook = workbook.replace("</Relationships>", macros)
    return {
        "[Content_Types].xml": content_types(types),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": _workbook(book),
        "xl/_rels/workbook.xml.rels": workbook,
        **sheets,
        "xl/styles.xml": styles.part(),
        "xl/sharedStrings.xml": strings.part(),
        **more,
    }


def _link() -> Parts:
    path = relations(("rId1", "externalLinkPath", "file:///D:/2020.xlsx"))
    return {
        "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<externalBook r:id="rId1"><sheetNames><sheetName val="2020"/></sheetNames></externalBook>'
        "</externalLink>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": path.replace("/>", ' TargetMode="External"/>'),
    }


def _workbook(book: Book) -> str:
    states = {"visible": "", "hidden": ' state="hidden"', "veryHidden": ' state="veryHidden"'}
    sheets = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}"{states[sheet.state]} r:id="rId{n}"/>'
        for n, sheet in enumerate(book.sheets, 1)
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr'
        + ' date1904="1"' * book.from_1904
        + f"/><bookViews><workbookView/></bookViews><sheets>{sheets}</sheets>"
        + '<externalReferences><externalReference r:id="rId902"/></externalReferences>' * book.links
        + '<calcPr calcId="191029"'
        + ' fullCalcOnLoad="1"' * (not book.calculated)
        + "/></workbook>"
    )


def _sheet(sheet: Sheet, styles: _Styles, strings: _Strings, book: Book, *, iso_dates: bool) -> str:
    def cell(a1: str, put: Put) -> str:
        style = f' s="{styles.number(put)}"'.replace(' s="0"', "")
        kind, content = _content(a1, put, strings, from_1904=book.from_1904, iso_dates=iso_dates)
        return f'<c r="{a1}"{style}{kind}>{content}</c>'

    rows = "".join(
        f'<row r="{row}"{_height(sheet, row)}>'
        + "".join(cell(f"{letters(column)}{row}", put) for column, put in cells.items())
        + "</row>"
        for row, cells in sheet.rows().items()
    )
    columns = "".join(_columns(sheet))
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in sheet.merges)
    rules = "".join(
        f'<conditionalFormatting sqref="{ref}"><cfRule type="cellIs" dxfId="{styles.change(code)}" '
        'priority="1" operator="greaterThan"><formula>0</formula></cfRule></conditionalFormatting>'
        for ref, code in sheet.conditional.items()
    )
    rules += "".join(map(_icons, sheet.icons)) + "".join(map(_bar, sheet.bars))
    zeros = "" if sheet.zeros else ' showZeros="0"'
    view = f'<sheetViews><sheetView{zeros} workbookViewId="0"/></sheetViews>'
    return worksheet(
        rows,
        before=view + '<sheetFormatPr defaultRowHeight="14.4"/>' + f"<cols>{columns}</cols>" * bool(columns),
        after=f'<mergeCells count="{len(sheet.merges)}">{merges}</mergeCells>' * bool(merges) + rules,
    )


def _icons(cells: str) -> str:
    bounds = "".join(f'<cfvo type="percent" val="{bound}"/>' for bound in (0, 33, 67))
    return (
        f'<conditionalFormatting sqref="{cells}"><cfRule type="iconSet" priority="2">'
        f'<iconSet iconSet="3TrafficLights1" showValue="0">{bounds}</iconSet></cfRule>'
        "</conditionalFormatting>"
    )


def _bar(cells: str) -> str:
    return (
        f'<conditionalFormatting sqref="{cells}"><cfRule type="dataBar" priority="3"><dataBar showValue="0">'
        '<cfvo type="min"/><cfvo type="max"/><color rgb="FF638EC6"/></dataBar></cfRule>'
        "</conditionalFormatting>"
    )


def _height(sheet: Sheet, row: int) -> str:
    if row in sheet.low_rows:
        return ' ht="0" customHeight="1"'
    return ' hidden="1"' * (row in sheet.hidden_rows)


def _columns(sheet: Sheet) -> Iterator[str]:
    for column in sorted({*sheet.hidden_columns, *sheet.narrow_columns}):
        number = place(f"{column}1")[1]
        how = 'width="9" hidden="1"' if column in sheet.hidden_columns else 'width="0"'
        yield f'<col min="{number}" max="{number}" {how} customWidth="1"/>'


def _content(a1: str, put: Put, strings: _Strings, *, from_1904: bool, iso_dates: bool) -> tuple[str, str]:
    """Return the type of a cell as an attribute, and what stands in it."""
    how = f' t="array" ref="{a1}"' * put.array
    formula = f"<f{how}>{escape(put.formula)}</f>" if put.formula else ""
    if put.error:
        return ' t="e"', f"{formula}<v>{escape(put.error)}</v>"
    if put.value is None:
        return "", formula
    if isinstance(put.value, bool):
        return ' t="b"', f"{formula}<v>{int(put.value)}</v>"
    if isinstance(put.value, str):
        if formula:
            return ' t="str"', f"{formula}<v>{escape(put.value)}</v>"
        return ' t="s"', f"<v>{strings.number(put)}</v>"
    if iso_dates and isinstance(put.value, date):
        return ' t="d"', f"{formula}<v>{put.value.isoformat()}</v>"
    return "", f"{formula}<v>{put.number(from_1904=from_1904)!r}</v>"


# The ways of programs.


def _changed(parts: Parts, change: Callable[[str], str], *names: str) -> Parts:
    """Return the parts with those that begin with these names changed."""
    return {
        name: change(part) if isinstance(part, str) and name.startswith(names) else part
        for name, part in parts.items()
    }


_SHEETS = "xl/worksheets/"
_MICROSOFT = "http://schemas.microsoft.com/office/spreadsheetml"


def excel(parts: Parts) -> Parts:
    """As Excel: ignorable extensions, spans, phonetic properties; rows of height 0 are hidden, too."""
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" '
        f'xmlns:x14ac="{_MICROSOFT}/2009/9/ac" xmlns:xr="{_MICROSOFT}/2014/revision"'
    )

    def sheet(part: str) -> str:
        part = part.replace(
            "<worksheet ", f'<worksheet {spaces} xr:uid="{{00000000-0001-0000-0000-000000000000}}" '
        )
        part = part.replace("<sheetViews>", '<dimension ref="A1:F29"/><sheetViews>')
        part = re.sub(r"<row ([^>]*)>", r'<row \1 spans="1:6" x14ac:dyDescent="0.15">', part)
        part = part.replace('ht="0" customHeight', 'ht="0" hidden="1" customHeight')
        return re.sub("(</mergeCells>)", r'\1<phoneticPr fontId="1" type="noConversion"/>', part)

    parts = _changed(parts, sheet, _SHEETS)
    read_aloud = '<phoneticPr fontId="1" type="noConversion"/></si>'
    parts = _changed(parts, lambda part: part.replace("</si>", read_aloud), "xl/sharedStrings")
    version = '<fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="24805"/><workbookPr'
    return _changed(parts, lambda part: part.replace("<workbookPr", version), "xl/workbook.xml")


def wps(parts: Parts) -> Parts:
    """As WPS: a dimension of one cell, pictures as formulas, formats of the built-in numbers redefined."""
    spaces = 'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
    picture = 't="str"><f>_xlfn.DISPIMG("ID_0A1B",1)</f><v>=DISPIMG("ID_0A1B",1)</v></c></row>'
    money = _format(42, '_ "￥"* #,##0_ ;_ "￥"* \\-#,##0_ ;_ "￥"* "-"_ ;_ @_ ')

    def sheet(part: str) -> str:
        part = part.replace("<worksheet ", f"<worksheet {spaces} ")
        part = part.replace("<sheetViews>", '<sheetPr/><dimension ref="A1"/><sheetViews>')
        part = part.replace("<sheetFormatPr", '<sheetFormatPr defaultColWidth="9"')
        return re.sub(r'(<row r="2".*?)</row>', rf'\1<c r="K2" {picture}', part)

    def relation(part: str) -> str:
        kind = "http://www.wps.cn/officeDocument/2020/cellImage"
        image = f'<Relationship Id="rId950" Type="{kind}" Target="cellimages.xml"/></Relationships>'
        return part.replace("</Relationships>", image)

    parts = _changed(parts, sheet, _SHEETS)
    parts = _changed(parts, relation, "xl/_rels/workbook")
    parts = _changed(parts, lambda part: re.sub("(<numFmts[^>]*>)", rf"\1{money}", part), "xl/styles")
    parts = _changed(
        parts, lambda part: part.replace('fullCalcOnLoad="1"', 'calcCompleted="0"'), "xl/workbook.xml"
    )
    return {**parts, "xl/cellimages.xml": f"<etc:cellImages {spaces}/>"}


def gnumeric(parts: Parts) -> Parts:
    """As Gnumeric: white space between all elements, and a dimension of the whole sheet."""
    whole = '<dimension ref="A1:XFD1048576"/><sheetViews>'
    parts = _changed(parts, lambda part: part.replace("<sheetViews>", whole), _SHEETS)
    return _changed(
        parts, lambda part: re.sub("><(?!/[vtf]>)", ">\n  <", part), _SHEETS, "xl/workbook", "xl/styles"
    )


def strict(parts: Parts) -> Parts:
    """As Excel's “Strict Open XML Spreadsheet”: other names of namespaces and of relations."""

    def change(part: str) -> str:
        return part.replace(MAIN, STRICT).replace(OFFICE, _STRICT_OFFICE)

    conforming = '<workbook conformance="strict" '
    parts = _changed(parts, lambda part: part.replace("<workbook ", conforming), "xl/workbook.xml")
    return _changed(parts, change, "xl/", "_rels/")


def inline(parts: Parts) -> Parts:
    """As POI’s streaming writer: texts in their cells; types that need not be said, booleans in words."""
    strings = re.findall("<si>(.*?)</si>", str(parts["xl/sharedStrings.xml"]), re.S)

    def sheet(part: str) -> str:
        part = re.sub(
            ' t="s"><v>([0-9]+)</v>', lambda m: f' t="inlineStr"><is>{strings[int(m[1])]}</is>', part
        )
        part = re.sub(r'(<c r="[A-Z0-9]+"(?: s="[0-9]+")?)(><(?:v|f))', r'\1 t="n"\2', part)
        return re.sub(r'(hidden|customHeight|customWidth)="1"', r'\1="true"', part)

    return _changed(parts, sheet, _SHEETS)


def typed(parts: Parts) -> Parts:
    """As programs that write plain texts like results of formulas; texts in several fonts stay inline."""
    plain = r't="inlineStr"><is><t[^>]*>([^<]*)</t></is>'
    return _changed(parts, lambda part: re.sub(plain, r't="str"><v>\1</v>', part), _SHEETS)


def unaddressed(parts: Parts) -> Parts:
    """As Power BI: rows and cells without addresses (the workbook must be :func:`dense`)."""
    return _changed(parts, lambda part: re.sub(r'(<(?:row|c)) r="[A-Z0-9]+"', r"\1", part), _SHEETS)


def bare_styles(parts: Parts) -> Parts:
    """As the Open XML SDK: a cell format without anything, which is General; numbers of formats unsaid."""
    return _changed(parts, lambda part: re.sub(r"(<cellXfs>)<xf [^>]*/>", r"\1<xf/>", part), "xl/styles")


def prefixed(parts: Parts) -> Parts:
    """As the Open XML SDK: every element of the main namespace with a prefix."""

    def change(part: str) -> str:
        return re.sub(r"<(/?)(?=[A-Za-z]+[ />])", r"<\1x:", part).replace('xmlns="', 'xmlns:x="')

    return _changed(parts, change, _SHEETS, "xl/workbook", "xl/styles", "xl/sharedStrings")


def absolute(parts: Parts) -> Parts:
    """As Excel on the web: relations that lead to parts by their whole names."""
    return _changed(parts, lambda part: re.sub('Target="(?!file:)', 'Target="/xl/', part), "xl/_rels/")
