"""Office Open XML by our own strict pass: every promise about a cell, and what is refused as ambiguous."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.workbooks.cells import (
    MOST_CELLS,
    Ambiguous,
    Box,
    Cell,
    Format,
    Refused,
    SheetCells,
    Struck,
    Visibility,
    WorkbookCells,
)
from greenxl.workbooks.formats import xlsx
from greenxl.workbooks.safe_zip import Archive, ArchiveError
from tests.tools.corpus import CORPUS
from tests.tools.office import Office
from tests.tools.packages import (
    MAIN,
    OFFICE,
    STRICT,
    Parts,
    archive,
    cell,
    content_types,
    every_promise,
    relations,
    worksheet,
    xlsx_parts,
)
from tests.tools.spoil import good

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"


def read(parts: Parts) -> WorkbookCells:
    return xlsx.read(archive(parts))


def sheet(rows: str, **parts: object) -> SheetCells:
    (only,) = read(xlsx_parts(rows, **parts)).sheets  # type: ignore[arg-type]
    return only


def e9(content: str, attributes: str = "", **parts: object) -> Cell:
    return sheet(cell(content, attributes), **parts).cell(8, 4)


def changed(part: str, old: str, new: str, parts: Parts | None = None) -> Parts:
    parts = parts or xlsx_parts(cell("<v>1</v>"))
    assert old in str(parts[part])
    return {**parts, part: str(parts[part]).replace(old, new)}


def refused(parts: Parts) -> Refused:
    with pytest.raises(Refused) as caught:
        read(parts)
    return caught.value


def ambiguous(parts: Parts) -> str:
    problem = refused(parts)
    assert (type(problem), problem.code) == (Ambiguous, "file-ambiguous")
    return problem.found


# Values.


@pytest.mark.parametrize(
    ("content", "attributes", "value"),
    [
        ("<v>4.5</v>", "", 4.5),
        ("<v>4.5</v>", 't="n"', 4.5),
        ("<v>0</v>", "", 0.0),
        ("<v>-1</v>", "", -1.0),
        ("<v>+.5E+1</v>", "", 5.0),
        ("<v>1</v>", 't="b"', True),
        ("<v>0</v>", 't="b"', False),
        ("<v>0</v>", 't="s"', "优"),
        ("<is><t>优</t></is>", 't="inlineStr"', "优"),
        ("<v>优</v>", 't="str"', "优"),
        ("<f>A1</f><v>优</v>", 't="inlineStr"', "优"),
        ("<v>2021-09-30</v>", 't="d"', date(2021, 9, 30)),
        ("<v>1<!-- x -->.<?y z?>5</v>", "", 1.5),
        ("<v><![CDATA[4]]>.5</v>", "", 4.5),
        ("<v>&#52;.&#x35;</v>", "", 4.5),
        ("", "", None),
        ("<v/>", "", None),
        ("<v></v>", 't="s"', None),
        ('<x:v xmlns:x="urn:x">9</x:v><v>5</v>', "", 5.0),
        ("<v>5</v><extLst><ext><x>9</x></ext></extLst>", "", 5.0),
    ],
    ids=[
        "number", "told number", "zero", "negative", "exponent", "true", "false", "shared", "inline", "string",
        "inline, as LibreOffice 4", "date", "comment", "CDATA", "references", "nothing", "no value",
        "empty index", "foreign value", "extension",
    ],
)  # fmt: skip
def test_a_cell_has_the_value_that_xml_says(content: str, attributes: str, value: object) -> None:
    """Whatever stands between the digits is no part of them; a value is never cut there."""
    assert e9(content, attributes, strings=["<t>优</t>"]).value == value


@pytest.mark.parametrize(
    ("content", "attributes"),
    [
        ("<v>1_0</v>", ""),
        ("<v>inf</v>", ""),
        ("<v>NaN</v>", ""),
        ("<v>0x10</v>", ""),
        ("<v> 5 </v>", ""),
        ("<v>1e999</v>", ""),
        ("<v>٣</v>", ""),
        ("<v>五</v>", ""),
        ("<v>1</v><v>2</v>", ""),
        ("<v>1<v>2</v></v>", ""),
        ("<v>1<x/>5</v>", ""),
        ("<is><t>1<x/>5</t></is>", 't="inlineStr"'),
        ("<v>5</v><is><t>4</t></is>", ""),
        ("<v>5</v><is><t>4</t></is>", 't="inlineStr"'),
        ("<is><t>4</t></is>", 't="s"'),
        ("<v>1</v>", 't="s"'),
        ("<v>-1</v>", 't="s"'),
        ("<v>00</v>", 't="s"'),
        ("<v>true</v>", 't="b"'),
        ("<v>2021-9-30</v>", 't="d"'),
        ("<v>5</v>", 't="x"'),
        ("<v>5</v>", 's="9"'),
        ("<v>5</v>", 's="-1"'),
        ('<x:c xmlns:x="urn:x"><v>4</v></x:c><v>5</v>', ""),
        (f'<v>5</v><o:v xmlns:o="{STRICT}">4</o:v>', ""),
    ],
)
def test_a_value_that_programs_read_otherwise_is_refused(content: str, attributes: str) -> None:
    """What Python, or one parser, takes for a number is none for that."""
    ambiguous(xlsx_parts(cell(content, attributes), strings=["<t>优</t>"]))


def test_texts_are_joined_and_unescaped() -> None:
    """Runs are one text, phonetic hints none; escapes are the characters that they stand for."""
    runs = "<r><t>坚</t></r><r><rPr><b/></rPr><t xml:space='preserve'> 持</t></r>"
    hint = '<rPh sb="0" eb="1"><t>jian</t></rPh><phoneticPr fontId="1"/>'
    assert e9("<v>0</v>", 't="s"', strings=[runs + hint]).value == "坚 持"
    assert e9("<v>0</v>", 't="s"', strings=["<t>a_x000B_b_x005F_x000B_</t>"]).value == "a\x0bb_x000B_"
    assert e9("<v>0</v>", 't="s"', strings=["<t>_xD83D__xDE00_</t>"]).value == "😀"
    assert e9("<v>0</v>", 't="s"', strings=["<t>_xD83D_</t>"]).value == "\ufffd"
    assert e9("<v>a_x000B_</v>", 't="str"').value == "a\x0b"


# Errors and formulas.


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#SPILL!", "#CALC!", "#BLOCKED!", "Err:502"])
def test_any_error_costs_its_cell(error: str) -> None:
    """New ones too: what it is called is quoted, and it has no value."""
    found = e9(f"<f>A1</f><v>{error}</v>", 't="e"')
    assert (found.value, found.error, found.formula) == (None, error, "=A1")


@pytest.mark.parametrize(
    ("content", "attributes", "value", "formula"),
    [
        ("<f>3+1.25</f><v>0</v>", "", 0.0, "=3+1.25"),
        ("<f>SUM(A1:A2)</f>", "", None, "=SUM(A1:A2)"),
        ("<f>A1&amp;&quot;x&quot;</f><v></v>", "", None, '=A1&"x"'),
        ('<f t="shared" si="0"/><v>4</v>', "", 4.0, "=…"),
        ("<f/><v>4</v>", "", 4.0, "=…"),
        ('<f>IF(A1=0,"","")</f><v></v>', 't="str"', "", '=IF(A1=0,"","")'),
        ('<f t="array" ref="E9:E10">ROW()</f><v>9</v>', "", 9.0, "=ROW()"),
    ],
    ids=["stored", "without value", "empty value", "shared", "without text", "empty text", "array"],
)
def test_a_formula_is_told_beside_its_value(
    content: str, attributes: str, value: object, formula: str
) -> None:
    """Whatever value was stored."""
    found = e9(content, attributes)
    assert (found.value, found.formula) == (value, formula)


def test_the_other_cells_of_an_array_have_a_formula_too() -> None:
    """They hold values alone, and yet nobody typed them."""
    rows = cell('<f t="array" ref="E9:E10">ROW()</f><v>9</v>') + cell("<v>10</v>", address="E10")
    rows += cell("<v>11</v>", address="E11")
    assert [sheet(rows).cell(row, 4).formula for row in (8, 9, 10)] == ["=ROW()", "=…", ""]


@pytest.mark.parametrize(
    ("workbook", "calculated"),
    [
        ("", True),
        ('<calcPr calcId="191029"/>', True),
        ('<calcPr fullCalcOnLoad="1"/>', False),
        ('<calcPr fullCalcOnLoad="true"/>', False),
        ('<calcPr fullCalcOnLoad="0"/>', True),
        ('<calcPr calcCompleted="0"/>', False),
        ('<calcPr calcMode="manual" calcOnSave="0"/>', False),
        ('<calcPr calcMode="manual"/>', True),
    ],
)
def test_a_workbook_says_whether_it_was_calculated(workbook: str, calculated: bool) -> None:
    """An office computes everything anew where it was not, and shows what comes of that."""
    assert read(xlsx_parts("", workbook=workbook)).calculated is calculated


# Formats.


@pytest.mark.parametrize(
    ("code", "content", "kind", "shown"),
    [
        ("0%", "<v>0.8</v>", Format.PERCENT, "80%"),
        ("0\\%", "<v>4</v>", Format.PERCENT, "4%"),
        ("0", "<v>4.5</v>", Format.ROUNDED, "5"),
        ('"1"', "<v>5</v>", Format.OTHER, "1"),
        (";;;", "<v>5</v>", Format.HIDDEN, ""),
        ("yyyy-m-d", "<v>44469</v>", Format.DATE, "2021-9-30"),
        ("0.00", "<v>4.5</v>", Format.PLAIN, ""),
        ("General", "<v>4.5</v>", Format.PLAIN, ""),
    ],
)
def test_a_format_is_told_where_it_shows_something_else(
    code: str, content: str, kind: Format, shown: str
) -> None:
    """The value stays what it is; a date format makes a date of it."""
    found = e9(content, 's="1"', formats=[code])
    assert (found.format, found.shown) == (kind, shown)


STYLES = (
    '<numFmts><numFmt numFmtId="14" formatCode="0%"/></numFmts><fonts><font/></fonts>'
    '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="9" applyNumberFormat="0"/><xf numFmtId="9999"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ("", Format.PLAIN),
        ('s="0"', Format.PLAIN),
        ('s="1"', Format.PERCENT),
        ('s="2"', Format.PERCENT),
        ('s="3"', Format.OTHER),
    ],
    ids=["no style", "no format", "built-in spelt anew", "not applied", "unknown"],
)
def test_styles_are_found_by_their_number(attributes: str, kind: Format) -> None:
    """A first style without a format moves none; a built-in number may be given another code."""
    assert e9("<v>0.8</v>", attributes, styles=STYLES).format is kind


@pytest.mark.parametrize(
    "styles",
    [
        "<cellXfs><xf/></cellXfs><cellXfs><xf/></cellXfs>",
        '<cellXfs><x:xf xmlns:x="urn:x"/><xf/></cellXfs>',
        '<numFmts><numFmt numFmtId="9" formatCode="0"/><numFmt numFmtId="9" formatCode="0%"/></numFmts>',
        '<fonts><font/></fonts><cellXfs><xf fontId="1"/></cellXfs>',
        '<cellXfs><xf numFmtId="x"/></cellXfs>',
    ],
    ids=["two lists", "a stranger in the list", "two codes", "no such font", "no number"],
)
def test_styles_that_may_be_counted_otherwise_are_refused(styles: str) -> None:
    """One more or less in a list shifts the style of every cell."""
    ambiguous(xlsx_parts(cell("<v>1</v>"), styles=styles))


def test_dates_are_counted_from_1904_where_the_workbook_says_so() -> None:
    """As on old Macintoshes."""
    book = read(
        xlsx_parts(cell("<v>1</v>", 's="1"'), formats=["yyyy-m-d"], workbook='<workbookPr date1904="1"/>')
    )
    assert book.date_1904
    assert book.sheets[0].value(8, 4) == date(1904, 1, 2)


def conditional(rule: str) -> str:
    return (
        f'<conditionalFormatting sqref="A1 E4:E23"><cfRule type="expression" {rule}/></conditionalFormatting>'
    )


DXFS = "<fonts><font/></fonts><dxfs><dxf><font><b/></font></dxf><dxf><numFmt/></dxf><dxf><font><strike/></font></dxf></dxfs>"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
NEWER = (
    f'<extLst><ext><x:conditionalFormattings xmlns:x="{X14}"><x:conditionalFormatting><x:cfRule><x:dxf>'
    '<numFmt formatCode=";;;"/></x:dxf></x:cfRule>'
    '<f:sqref xmlns:f="http://schemas.microsoft.com/office/excel/2006/main">E9</f:sqref>'
    "</x:conditionalFormatting></x:conditionalFormattings></ext></extLst>"
)


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (conditional('dxfId="0"'), Format.PLAIN),
        (conditional('dxfId="1"'), Format.OTHER),
        (conditional('dxfId="2"'), Format.OTHER),
        (conditional('dxfId="0"').replace("/></c", '><iconSet showValue="0"/></cfRule></c'), Format.OTHER),
        (conditional('dxfId="0"').replace("/></c", "><dataBar/></cfRule></c"), Format.PLAIN),
        (NEWER, Format.OTHER),
    ],
    ids=["bold", "number format", "strike", "icon alone", "bar and value", "of Excel 2010"],
)
def test_a_condition_that_may_change_what_is_shown_is_told(after: str, kind: Format) -> None:
    """It is not worked out; colours are of no interest."""
    assert e9("<v>5</v>", after=after, styles=DXFS).format is kind


@pytest.mark.parametrize(
    ("stated", "kind"),
    [('showZeros="0"', Format.HIDDEN), ('showZeros="1"', Format.PLAIN), ("", Format.PLAIN)],
)
def test_zeros_that_the_view_does_not_show_are_hidden(stated: str, kind: Format) -> None:
    """A clerk may have switched them off."""
    views = f"<sheetViews><sheetView {stated}/></sheetViews>"
    assert e9("<v>0</v>", before=views).format is kind


# Struck through.

FONTS = '<fonts><font/><font><strike/></font><font><strike val="0"/></font></fonts>'
STRUCK = FONTS + '<cellXfs><xf/><xf fontId="1"/><xf fontId="2"/></cellXfs>'
PIECES = "<r><rPr><strike/></rPr><t>3</t></r>", "<r><rPr><b/></rPr><t>4</t></r>", "<r><t>5</t></r>"


@pytest.mark.parametrize(
    ("content", "attributes", "struck", "shown"),
    [
        ("<v>5</v>", "", Struck.NO, ""),
        ("<v>5</v>", 's="1"', Struck.WHOLE, ""),
        ("<v>5</v>", 's="2"', Struck.NO, ""),
        ("<v>0</v>", 't="s" s="1"', Struck.WHOLE, ""),
        (f"<is>{PIECES[0]}{PIECES[1]}</is>", 't="inlineStr"', Struck.PART, "4"),
        (f"<is>{PIECES[0]}<r><t> </t></r></is>", 't="inlineStr"', Struck.WHOLE, ""),
        (f"<is>{PIECES[0]}{PIECES[2]}</is>", 't="inlineStr" s="1"', Struck.WHOLE, ""),
        (f"<is>{PIECES[1]}{PIECES[2]}</is>", 't="inlineStr" s="1"', Struck.PART, "4"),
        (f"<is>{PIECES[1]}{PIECES[2]}</is>", 't="inlineStr"', Struck.NO, ""),
        ("<v>1</v>", 't="b" s="1"', Struck.WHOLE, ""),
    ],
    ids=[
        "plain", "font", "font that does not", "shared text", "run", "run and a blank", "run as the font",
        "run against the font", "bold run", "true or false",
    ],
)  # fmt: skip
def test_what_is_struck_through_is_told(content: str, attributes: str, struck: Struck, shown: str) -> None:
    """In whole or in part; of a part, what is left is quoted, never the digits joined."""
    found = e9(content, attributes, styles=STRUCK, strings=["<t>5</t>"])
    assert (found.struck, found.shown) == (struck, shown)


# Hidden and merged.


@pytest.mark.parametrize(
    ("attributes", "before", "hidden"),
    [
        ("", "", False),
        ('hidden="1"', "", True),
        ('hidden="true"', "", True),
        ('hidden="0"', "", False),
        ('ht="0" customHeight="1"', "", True),
        ('ht="0.75"', "", True),
        ('ht="15"', "", False),
        ("", '<sheetFormatPr defaultRowHeight="0"/>', True),
        ('ht="15"', '<sheetFormatPr defaultRowHeight="0"/>', False),
        ("", '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>', False),
        ("", '<cols><col min="5" max="5" hidden="1"/></cols>', True),
        ("", '<cols><col min="1" max="16384" width="0"/></cols>', True),
        ("", '<cols><col min="1" max="4" hidden="1"/><col min="6" max="9" hidden="1"/></cols>', False),
        ("", '<cols><col min="5" max="5" width="9"/></cols>', False),
        ("", '<sheetFormatPr defaultColWidth="0"/><cols><col min="1" max="4" width="9"/></cols>', True),
        ("", '<sheetFormatPr defaultColWidth="0"/><cols><col min="5" max="5" width="9"/></cols>', False),
    ],
)
def test_rows_and_columns_that_nobody_sees_are_hidden(attributes: str, before: str, hidden: bool) -> None:
    """By the flag, or by a height or width that shows nothing."""
    rows = cell("<v>5</v>").replace("<row ", f"<row {attributes} ")
    assert sheet(rows, before=before).cell(8, 4).hidden is hidden


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", Visibility.VISIBLE),
        ('state="visible"', Visibility.VISIBLE),
        ('state="hidden"', Visibility.HIDDEN),
        ('state="veryHidden"', Visibility.VERY_HIDDEN),
    ],
)
def test_a_sheet_has_a_state(state: str, expected: Visibility) -> None:
    """Its cells are hidden with it."""
    (found,) = read(changed(BOOK, "<sheet ", f"<sheet {state} ")).sheets
    assert found.state is expected
    assert found.cell(8, 4).hidden is (expected is not Visibility.VISIBLE)


def test_merged_cells_belong_to_their_first() -> None:
    """A value below them is kept, and told to be covered."""
    rows = cell("<v>5</v>") + cell("<v>4</v>", address="E10")
    found = sheet(rows, after='<mergeCells><mergeCell ref="E9:E11"/><mergeCell ref="A1:XFD8"/></mergeCells>')
    assert [found.cell(row, 4).merged_into for row in (7, 8, 9, 10, 11)] == ["A1", "", "E9", "E9", ""]
    assert found.merges == [Box(8, 4, 10, 4), Box(0, 0, 7, 16_383)]


# Where things stand.


def test_cells_without_addresses_follow_each_other() -> None:
    """Rows and cells may leave out where they are, as some programs do."""
    rows = (
        "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r='5'><c r='B5'><v>2</v></c><c><v>3</v></c></row>"
    )
    assert list(sheet(rows).values()) == [(0, 0, 1.0), (0, 2, 3.0), (4, 1, 2.0), (4, 2, 3.0)]


@pytest.mark.parametrize(
    "rows",
    [
        cell("<v>1</v>") * 2,
        cell("<v>1</v>", address="E10") + cell("<v>1</v>"),
        '<row r="9"><c r="E9"><v>1</v></c><c r="E9"><v>2</v></c></row>',
        '<row r="9"><c r="F9"><v>1</v></c><c r="E9"><v>2</v></c></row>',
        '<row r="9"><c r="E10"><v>1</v></c></row>',
        '<row r="19"><c r="E9"><v>1</v></c></row>',
        '<row r="9"><c r="e9"><v>1</v></c></row>',
        '<row r="9"><c r="XFE9"><v>1</v></c></row>',
        '<row r="9"><c r="$E$9"><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="09"><c><v>1</v></c></row>',
        '<x:w xmlns:x="urn:x"><row r="9"><c><v>1</v></c></row></x:w>',
        f'<o:row xmlns:o="{STRICT}" r="9"/>',
    ],
    ids=[
        "a row twice", "rows out of order", "a cell twice", "cells out of order", "of another row",
        "of a longer row", "small letters", "beyond the last column", "dollars", "beyond the last row",
        "row 0", "leading zero", "wrapped", "of the other form",
    ],
)  # fmt: skip
def test_a_place_that_programs_take_otherwise_is_refused(rows: str) -> None:
    """The same address twice, an order that Excel repairs, rows inside what one program skips."""
    ambiguous(xlsx_parts(rows))


def test_foreign_rows_and_cells_are_not_read() -> None:
    """An office ignores what it does not know."""
    rows = '<x:row xmlns:x="urn:x" r="1"><x:c r="A1"><x:v>9</x:v></x:c></x:row>' + cell("<v>1</v>")
    assert list(sheet(rows).values()) == [(8, 4, 1.0)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "<sheetData><row><c><v>2</v></c></row></sheetData>"),
        ("<x><sheetData/></x>", ""),
        ("", '<cols><col min="5" max="5" hidden="1"/></cols>'),
        (
            "",
            '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><mergeCells/></mc:Choice></mc:AlternateContent>',
        ),
        ('<cols><col min="x" max="5"/></cols>', ""),
        ('<cols><col min="5" max="5" hidden="yes"/></cols>', ""),
        ("", '<mergeCells><mergeCell ref="E9"/><mergeCell ref="E9:ZZZ10"/></mergeCells>'),
        ("", '<mergeCells><mergeCell ref="E9:?"/></mergeCells>'),
    ],
    ids=[
        "two tables",
        "a table in a stranger",
        "columns behind",
        "a choice",
        "no column",
        "no flag",
        "no box",
        "half a box",
    ],
)
def test_a_sheet_of_two_readings_is_refused(before: str, after: str) -> None:
    """Whatever one of the programs would make of it."""
    ambiguous(xlsx_parts(cell("<v>1</v>"), before=before, after=after))


def test_a_value_far_out_costs_nothing() -> None:
    """Only values count, wherever they stand."""
    found = sheet(cell("<v>1</v>") + cell("<v>2</v>", address="XFD1048576"))
    assert list(found.values()) == [(8, 4, 1.0), (1_048_575, 16_383, 2.0)]


def test_cells_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than that many valued ones are refused by name, not cut."""
    monkeypatch.setattr("greenxl.workbooks.cells.MOST_CELLS", 99)
    rows = f"<row>{'<c><v>1</v></c>' * 100}</row>"
    assert refused(xlsx_parts(rows)).code == "unsafe-box"
    assert MOST_CELLS == 5_000_000


def long_sheet(rows: int) -> str:
    return "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(40, 40 + rows))


@pytest.mark.parametrize("behind", ["", "<!-- a comment -->"], ids=["by the short way", "by the long way"])
def test_a_long_sheet_is_read_bit_by_bit(behind: str) -> None:
    """Its rows come out alike, and what stands behind them."""
    rows = cell("<v>1</v>") + long_sheet(30_000) + cell("<v>2</v>", address="E40000")
    found = sheet(rows, after=f'{behind}<mergeCells><mergeCell ref="E9:F9"/></mergeCells>')
    assert len(rows) > 1024 * 1024
    assert list(found.values()) == [(8, 4, 1.0), (39_999, 4, 2.0)]
    assert found.merges == [Box(8, 4, 8, 5)]


def test_a_long_sheet_is_as_strict() -> None:
    """What is ambiguous in a short one is in a long one."""
    rows = cell("<v>1</v>") + long_sheet(30_000)
    ambiguous(xlsx_parts(rows + cell("<v>1</v>")))
    ambiguous(xlsx_parts(rows + cell('<v>1<c r="A1"/>5</v>', address="E40000")))
    ambiguous(xlsx_parts(rows, after="<sheetData/>"))
    for behind in ("", "<!-- a comment -->"):
        broken = xlsx_parts(rows + behind)
        ambiguous({**broken, SHEET: str(broken[SHEET])[:-3]})


# Parts.


def renamed(parts: Parts, old: str, new: str) -> Parts:
    return {new if name == old else name: part for name, part in parts.items()}


def test_parts_are_found_by_what_refers_to_them() -> None:
    """A workbook of any name, styles and texts of any name, in any folder."""
    parts = xlsx_parts(cell("<v>0</v>", 't="s" s="1"'), strings=["<t>a</t>"], formats=["@;;;"])
    for old, new in [(BOOK, "xl/workbook22.xml"), (LINKS, "xl/_rels/workbook22.xml.rels")]:
        parts = renamed(parts, old, new)
    parts["_rels/.rels"] = relations(("x", "officeDocument", "/xl/workbook22.xml"))
    for old, new in [("sharedStrings.xml", "texts/s.xml"), ("styles.xml", "look.xml")]:
        parts = renamed(parts, f"xl/{old}", f"xl/{new}")
        parts["xl/_rels/workbook22.xml.rels"] = str(parts["xl/_rels/workbook22.xml.rels"]).replace(old, new)
    parts["[Content_Types].xml"] = content_types(
        {
            "xl/workbook22.xml": "sheet.main",
            SHEET: "worksheet",
            "xl/texts/s.xml": "sharedStrings",
            "xl/look.xml": "styles",
        }
    )
    assert read(parts).sheets[0].value(8, 4) == "a"


def test_a_workbook_needs_neither_styles_nor_texts() -> None:
    """Nor any properties."""
    parts = {**PLAIN_PARTS, LINKS: relations(("rId1", "worksheet", "worksheets/sheet1.xml"))}
    assert read(parts).sheets[0].cell(8, 4).value == 1.0


def test_parts_that_are_kept_whole_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """All but rows and shared texts, whose number is bounded."""
    monkeypatch.setattr("greenxl.workbooks.formats.shared_strings.MOST_STRINGS", 2)
    assert refused(xlsx_parts("", strings=["<t>a</t>"] * 3)).code == "unsafe-strings"
    monkeypatch.setattr("greenxl.workbooks.formats.xml_part.MOST_TREE", 100_000)
    assert refused(xlsx_parts("", styles="<x>" + "x" * 100_000 + "</x>")).code == "unsafe-size"


def test_a_long_row_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that never ends is not kept to its end."""
    monkeypatch.setattr("greenxl.workbooks.formats.xml_part.MOST_TREE", 500_000)
    cells = "".join(f'<c s="{n}"/>' for n in range(200_000))
    assert refused(xlsx_parts(f"<row>{cells}</row>")).code == "unsafe-size"


def test_the_strict_form_is_read() -> None:
    """Its namespaces are others, and say the same."""
    parts: Parts = {
        name: str(part)
        .replace(MAIN, STRICT)
        .replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, part in xlsx_parts(cell("<v>0</v>", 't="s"'), strings=["<t>a</t>"]).items()
    }
    assert read(parts).sheets[0].value(8, 4) == "a"


def test_prefixes_say_nothing() -> None:
    """Elements are known by their namespaces."""
    rows = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    assert list(read({**xlsx_parts(""), SHEET: rows}).sheets[0].values()) == [(0, 0, 5.0)]


def test_utf_16_is_read() -> None:
    """As the byte order mark or the declaration says."""
    text = '<?xml version="1.0" encoding="UTF-16"?>' + worksheet(cell("<v>5</v>"))
    assert read({**xlsx_parts(""), SHEET: text.encode("utf-16")}).sheets[0].value(8, 4) == 5.0


PLAIN_PARTS = xlsx_parts(cell("<v>1</v>"))


@pytest.mark.parametrize(
    "parts",
    [
        {**PLAIN_PARTS, "xl/worksheets/Sheet1.xml": worksheet("")},
        {**PLAIN_PARTS, "_rels/.rels": relations(("a", "officeDocument", BOOK), ("b", "officeDocument", SHEET))},
        {**PLAIN_PARTS, "_rels/.rels": relations(("a", "officeDocument", "xl/other.xml"))},
        {**PLAIN_PARTS, "_rels/.rels": relations()},
        changed(LINKS, "rId2", "rId1"),
        changed(LINKS, "styles.xml", "sharedStrings.xml"),
        changed(LINKS, "</Relationships>", f'<Relationship Id="x" Type="{OFFICE}/sharedStrings" Target="t.xml"/></Relationships>'),
        changed(LINKS, f"{OFFICE}/worksheet", f"{OFFICE}/styles"),
        changed(LINKS, 'Target="worksheets/sheet1.xml"', 'Target="file:///x.xml" TargetMode="External"'),
        changed(LINKS, "sheet1.xml", "sheet2.xml"),
        changed(BOOK, "</sheets>", '<sheet name="T" sheetId="2" r:id="rId1"/></sheets>'),
        changed(BOOK, "</sheets>", '</sheets><sheets><sheet name="T" sheetId="2" r:id="rId1"/></sheets>'),
        changed(BOOK, "rId1", "rId9"),
        changed(BOOK, 'name="S"', 'name=""'),
        changed(BOOK, "<sheet ", '<sheet state="gone" '),
        changed(BOOK, "<sheets>", "<workbookPr/><workbookPr/><sheets>"),
        changed(BOOK, "<sheets>", "<x><calcPr/></x><sheets>"),
        changed("[Content_Types].xml", "worksheet+xml", "chartsheet+xml"),
        changed("[Content_Types].xml", "</Types>", '<Override PartName="/XL/workbook.xml" ContentType="x"/></Types>'),
        changed("[Content_Types].xml", "sheet.main+xml", "worksheet+xml"),
        {name: part for name, part in PLAIN_PARTS.items() if name != "[Content_Types].xml"},
        changed(SHEET, MAIN, "urn:x"),
        changed(SHEET, f'xmlns="{MAIN}"', ""),
        changed(SHEET, "</sheetData>", ""),
        changed(SHEET, "<c ", '<c r="A1" '),
        changed(SHEET, "<v>1", "<v>&e;1"),
        changed(SHEET, "<worksheet ", '<worksheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:MustUnderstand="x" '),
        {**PLAIN_PARTS, SHEET: ('<?xml version="1.0" encoding="GBK"?>' + worksheet("")).encode("gbk")},
        {**PLAIN_PARTS, SHEET: '<?xml version="1.1"?>' + worksheet("")},
    ],
    ids=[
        "names that differ in case", "two workbooks", "no such workbook", "no workbook", "two relations of one id",
        "styles that are texts", "two tables of texts", "a sheet that is styles", "a sheet outside", "no such sheet",
        "two sheets of one part", "two lists of sheets", "no such relation", "no name", "no state", "two lots of properties", "properties elsewhere",
        "a sheet that is a chart", "two content types", "a workbook that is a sheet", "no content types",
        "another namespace", "no namespace", "not well-formed", "an attribute twice", "an unknown entity",
        "more than is known", "an encoding that few read",
        "another XML",
    ],
)  # fmt: skip
def test_a_container_of_two_readings_is_refused(parts: Parts) -> None:
    """Relations and content types say what a part is; where they leave a choice, nothing is read."""
    ambiguous(parts)


@pytest.mark.parametrize(
    "part", [SHEET, BOOK, LINKS, "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(part: str, encoding: str) -> None:
    """Before any entity of it could be expanded."""
    text = f'<!DOCTYPE x [<!ENTITY e "5">]>{str(PLAIN_PARTS[part])}'
    assert refused({**PLAIN_PARTS, part: text.encode(encoding)}).code == "unsafe-dtd"


def test_a_refusal_names_its_sheet() -> None:
    """And the cell."""
    problem = refused(xlsx_parts(cell("<v>x</v>")))
    found = 'xl/worksheets/sheet1.xml: E9 t="n" <v>x</v>'
    assert (problem.sheet, problem.found) == ("S", found)


def test_only_worksheets_are_sheets() -> None:
    """Charts, dialogues and programs hold no cells that anyone scores; a module of Excel 5 has no part."""
    parts = changed(BOOK, "</sheets>", '<sheet name="C" sheetId="2" r:id="c"/><sheet name="M" sheetId="3" r:id="m"/>'
                    '<sheet name="V" sheetId="4" r:id=""/></sheets>')  # fmt: skip
    macro = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    more = f'<Relationship Id="c" Type="{OFFICE}/chartsheet" Target="c.xml"/><Relationship Id="m" Type="{macro}" Target="m.xml"/>'
    book = read(changed(LINKS, "</Relationships>", f"{more}</Relationships>", parts))
    assert [found.name for found in book.sheets] == ["S"]
    assert book.macros


def test_macros_and_links_are_told_by_their_relations() -> None:
    """Neither is followed."""
    vba = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    plain = read(PLAIN_PARTS)
    assert (plain.macros, plain.links) == (False, False)
    assert read(
        changed(
            LINKS, "</Relationships>", f'<Relationship Id="v" Type="{vba}" Target="v.bin"/></Relationships>'
        )
    ).macros
    linked = f'<Relationship Id="l" Type="{OFFICE}/externalLink" Target="l.xml"/></Relationships>'
    assert read(changed(LINKS, "</Relationships>", linked)).links


@pytest.mark.parametrize(
    ("stated", "saved"),
    [
        ("2021-09-30T10:00:00Z", datetime(2021, 9, 30, 10, tzinfo=UTC)),
        (" 2021-09-30T18:00:00 ", datetime(2021, 9, 30, 10, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_the_time_of_saving_is_the_workbooks_own(stated: str, saved: datetime | None) -> None:
    """In the county's time where it gives no zone."""
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    more = f'<Relationship Id="p" Type="{kind}" Target="docProps/core.xml"/></Relationships>'
    parts = changed("_rels/.rels", "</Relationships>", more)
    parts["docProps/core.xml"] = (
        f'<c xmlns:d="http://purl.org/dc/terms/"><d:modified>{stated}</d:modified></c>'
    )
    assert read(parts).saved == saved


def values(found: SheetCells) -> dict[tuple[int, int], object]:
    return {(row, column): value for row, column, value in found.values()}


def test_our_own_blank_is_read_as_openpyxl_reads_it(huantai: Campaign) -> None:
    """Every value, formula, merged box and state of every sheet."""
    data = good(huantai)
    plain, computed = (
        openpyxl.load_workbook(io.BytesIO(data)),
        openpyxl.load_workbook(io.BytesIO(data), data_only=True),
    )
    book = xlsx.read(Archive(data))
    assert [found.name for found in book.sheets] == plain.sheetnames
    assert not book.calculated
    for found in book.sheets:
        ours = {place: value for place, value in values(found).items() if value != ""}
        theirs = {
            (one.row - 1, one.column - 1): one.value
            for row in computed[found.name].iter_rows()
            for one in row
            if one.value is not None
        }
        assert ours == theirs
        formulas = {
            one.coordinate: one.value
            for row in plain[found.name].iter_rows()
            for one in row
            if one.data_type == "f"
        }
        assert {
            cell.address: cell.formula
            for row in found.marks
            for column in found.marks[row]
            if (cell := found.cell(row, column)).formula
        } == formulas
        boxes = {
            (b.min_row - 1, b.min_col - 1, b.max_row - 1, b.max_col - 1)
            for b in plain[found.name].merged_cells.ranges
        }
        assert {tuple(box) for box in found.merges} == boxes
        assert found.state.value == plain[found.name].sheet_state


def by_openpyxl(path: Path) -> None:
    every_promise(path)
    openpyxl.load_workbook(path, rich_text=True).save(path)


@pytest.mark.parametrize("writer", [every_promise, by_openpyxl], ids=["xlsxwriter", "openpyxl"])
@pytest.mark.parametrize("again", [False, True], ids=["as written", "saved by LibreOffice"])
def test_every_promise_holds_for_every_writer(
    writer: Callable[[Path], None], again: bool, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Values, errors, formulas, formats, what is struck through, hidden and merged."""
    path = tmp_path / "a.xlsx"
    writer(path)
    if again:
        office: Office = request.getfixturevalue("office")
        office.recalculate(path, tmp_path / "b.xlsx")
        path = tmp_path / "b.xlsx"
    found = xlsx.read(Archive(path.read_bytes())).sheets[0]
    one = [found.cell(row, 0) for row in range(11)]
    assert (one[0].value, one[0].format, one[0].shown) == (0.8, Format.PERCENT, "80%")
    assert (one[1].formula, one[2].formula) == ("=1/0", "=2+2")
    if again or writer is every_promise:
        assert (one[1].error, one[2].value) == ("#DIV/0!", 4.0)
    assert (one[3].value, one[4].merged_into, found.cell(4, 1).merged_into) == (5.0, "A4", "A4")
    assert (one[5].value, one[5].struck, one[5].shown) == ("34", Struck.PART, "4")
    assert (one[6].value, one[6].struck) == (5.0, Struck.WHOLE)
    assert (one[7].value, one[7].format) == (date(2021, 9, 30), Format.DATE)
    assert one[8].value is True
    assert (one[9].value, one[9].format, one[9].shown) == (4.5, Format.ROUNDED, "5")
    assert (one[10].value, one[10].hidden, found.cell(0, 2).hidden) == (5.0, True, True)
    assert [c.hidden for c in one[:10]] == [False] * 10


def same(ours: object, theirs: object) -> bool:
    if isinstance(ours, timedelta) and isinstance(theirs, timedelta):
        return abs(ours - theirs) < timedelta(seconds=1)
    if isinstance(ours, datetime) and isinstance(theirs, datetime):
        return abs(ours - theirs) < timedelta(seconds=1)
    if isinstance(ours, float) and isinstance(theirs, int | float):
        return ours == pytest.approx(theirs)
    if isinstance(ours, date) and isinstance(theirs, datetime):
        return datetime(ours.year, ours.month, ours.day) == theirs
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.replace("\r\n", "\n") == theirs.replace("_x000D_", "").replace("_x000d_", "").replace(
            "\r\n", "\n"
        )
    return ours == theirs


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public corpus is not here")
@pytest.mark.filterwarnings("ignore")
def test_public_files_are_read_as_openpyxl_reads_them() -> None:
    """Where both read a file, every value is the same, but for rare ones that openpyxl does not read."""
    known = {("52575_main.xlsx", (1, 0)), ("bug60858.xlsx", (1, 13)), ("123233_charts.xlsx", (44, 11))}
    differing, cells = set(), 0
    for path in sorted(CORPUS.rglob("*.xls[xm]")):
        data = path.read_bytes()
        try:
            book = xlsx.read(Archive(data))
            other = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        except (Refused, ArchiveError, Exception):  # noqa: BLE001, B014  (openpyxl's are a dozen kinds)
            continue
        for found in book.sheets:
            if found.name not in other.sheetnames:
                continue  # openpyxl does not see the sheets of the strict form
            ours = {place: value for place, value in values(found).items() if value != ""}
            errors = {(r, c): m.error for r, line in found.marks.items() for c, m in line.items() if m.error}
            theirs = {
                (one.row - 1, one.column - 1): one.value
                for one in other[found.name]._cells.values()  # iter_rows visits every cell of the box
                if one.value not in (None, "")
            }
            cells += len(theirs)
            for place in ours.keys() | errors.keys() | theirs.keys():
                if not same(ours.get(place, errors.get(place)), theirs.get(place)):
                    differing.add((path.name, place))
    assert cells > 80_000
    assert differing <= known
