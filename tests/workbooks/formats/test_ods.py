"""OpenDocument by our own strict pass: every promise about a cell, and what is refused as ambiguous."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import python_calamine

from greenxl.campaign.model import Campaign
from greenxl.workbooks.cells import (
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
from greenxl.workbooks.formats import ods, xlsx
from greenxl.workbooks.safe_zip import Archive, ArchiveError
from tests.tools.corpus import CORPUS
from tests.tools.office import Office
from tests.tools.packages import Parts, archive, every_promise, number, ods_parts, row, string, table, zipped
from tests.tools.spoil import good

CONTENT = "content.xml"


def read(parts: Parts) -> WorkbookCells:
    return ods.read(archive(parts))


def sheet(rows: str, **parts: str) -> SheetCells:
    (only,) = read(ods_parts(table(rows), **parts)).sheets
    return only


def a1(cells: str, **parts: str) -> Cell:
    return sheet(row(cells), **parts).cell(0, 0)


def refused(parts: Parts) -> Refused:
    with pytest.raises(Refused) as caught:
        read(parts)
    return caught.value


def ambiguous(parts: Parts) -> str:
    problem = refused(parts)
    assert (type(problem), problem.code) == (Ambiguous, "file-ambiguous")
    return problem.found


def typed(kind: str, value: str, text: str = "", more: str = "") -> str:
    """Return a cell of a type; ``value`` is its attribute, whole."""
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell office:value-type="{kind}" {value} {more}>{shown}</table:table-cell>'


# Values.


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (number("4.5"), 4.5),
        (number("0"), 0.0),
        (number("5", text="4"), 5.0),
        (typed("currency", 'office:value="5" office:currency="CNY"'), 5.0),
        (typed("boolean", 'office:boolean-value="true"'), True),
        (typed("date", 'office:date-value="2021-09-30"'), date(2021, 9, 30)),
        (typed("date", 'office:date-value="2021-09-30T18:00:00"'), datetime(2021, 9, 30, 18)),
        (typed("date", 'office:date-value="57233-09-13"'), "57233-09-13"),
        (typed("time", 'office:time-value="PT18H00M00S"'), time(18)),
        (typed("time", 'office:time-value="PT36H00M00S"'), timedelta(hours=36)),
        (typed("time", 'office:time-value="-PT1H"'), timedelta(hours=-1)),
        (typed("time", 'office:time-value="PT-2147483648H00M00S"'), "PT-2147483648H00M00S"),
        (typed("time", 'office:time-value="PT99999999999999H"'), "PT99999999999999H"),
        (string("优"), "优"),
        ("<table:table-cell><text:p>5</text:p></table:table-cell>", "5"),
        (typed("string", 'office:string-value="优"'), "优"),
        (typed("string", 'office:string-value=""', "优"), "优"),
        (typed("float", 'office:value="5" calcext:value-type="float"'), 5.0),
        ('<table:table-cell table:style-name="x"/>', None),
        ("<table:table-cell><text:p/></table:table-cell>", None),
        (f'<x:table-cell xmlns:x="urn:x"/>{number("5")}', 5.0),
        (number("5", 'x:value="4" xmlns:x="urn:x"'), 5.0),
    ],
    ids=[
        "number", "zero", "another number shown", "currency", "true", "date", "moment", "far date", "time",
        "duration", "negative duration", "far duration", "farther", "text", "text without a type", "told text", "empty told text",
        "types that agree", "nothing", "an empty paragraph", "a foreign cell", "a foreign value",
    ],
)  # fmt: skip
def test_a_cell_has_the_value_of_its_type(cell: str, value: object) -> None:
    """The one attribute that belongs to it; what is shown is worked out by every office anew."""
    assert a1(cell).value == value


@pytest.mark.parametrize(
    "cell",
    [
        number("1_0"),
        number("inf"),
        number(" 5"),
        number("٣"),
        number("1e999"),
        number("5", 'office:string-value="4"'),
        number("5", 'office:boolean-value="true"'),
        number("5", 'calcext:value-type="string"'),
        typed("float", ""),
        typed("float", 'office:date-value="2021-09-30"'),
        typed("void", 'office:value="3"'),
        typed("number", 'office:value="3"'),
        '<table:table-cell office:value="3"/>',
        typed("boolean", 'office:boolean-value="1"'),
        typed("date", 'office:date-value="2021-9-30"'),
        typed("date", 'office:date-value="18:00"'),
        typed("time", 'office:time-value="18:00"'),
        "<table:table-cell><table:table><table:table-row/></table:table></table:table-cell>",
        "<table:table-cell><text:list>5</text:list></table:table-cell>",
        f'<x:w xmlns:x="urn:x">{number("5")}</x:w>',
        number("5", 'table:number-columns-repeated="0"'),
        number("5", 'table:number-columns-repeated="16385"'),
        number("5", 'table:number-columns-repeated="2" table:number-rows-spanned="2"'),
        number("5", 'table:number-rows-spanned="x"'),
        f"<table:table-cell><text:p>{'<text:span>' * 50}5{'</text:span>' * 50}</text:p></table:table-cell>",
    ],
)
def test_a_value_that_programs_read_otherwise_is_refused(cell: str) -> None:
    """Two values, none, an unknown type, cells where one program looks and another does not."""
    ambiguous(ods_parts(table(row(cell))))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a</text:p><text:p>b", "a\nb"),
        ('a<text:s text:c="3"/>b', "a   b"),
        ("a<text:s/><text:tab/>b<text:line-break/>c", "a \tb\nc"),
        ("  a \n  b ", "a b "),
        ("a<text:span> b</text:span> c", "a b c"),
        (" <text:span> a</text:span>", "a"),
        ("a <text:span> b</text:span>", "a b"),
        ('<text:a xlink:href="x">a</text:a>b', "ab"),
        ("a<office:annotation><text:p>no</text:p></office:annotation>b", "ab"),
        ("a<draw:frame><draw:text-box><text:p>no</text:p></draw:text-box></draw:frame>b", "ab"),
        ("<text:ruby><text:ruby-base>坚</text:ruby-base><text:ruby-text>jian</text:ruby-text></text:ruby>持", "坚持"),
        ("1<!-- x -->.<?y z?>5", "1.5"),
    ],
    ids=[
        "paragraphs", "blanks", "tab and line", "white space", "spans", "blanks before", "blanks at an edge", "link", "comment",
        "drawing", "phonetic", "XML comment",
    ],
)  # fmt: skip
def test_a_text_is_what_its_paragraphs_say(text: str, value: str) -> None:
    """Neither comments nor drawings are joined to it."""
    assert a1(string(text)).value == value


def test_a_comment_beside_the_text_is_not_read() -> None:
    """It is a child of the cell as the paragraphs are."""
    note = "<office:annotation><dc:date>2021-09-30</dc:date><text:p>note</text:p></office:annotation>"
    cell = f'<table:table-cell office:value-type="string">{note}<text:p>优</text:p></table:table-cell>'
    assert a1(cell).value == "优"


# Errors and formulas.


def formula(kind: str, value: str, text: str, more: str = "") -> str:
    return typed(kind, value, text, f'table:formula="of:=[.A2]/0" {more}')


@pytest.mark.parametrize(
    ("cell", "value", "error", "told"),
    [
        (formula("float", 'office:value="4"', "4"), 4.0, "", "=[.A2]/0"),
        (formula("float", 'office:value="0"', "Err:502"), None, "Err:502", "=[.A2]/0"),
        (
            formula("string", 'office:string-value=""', "#DIV/0!", 'calcext:value-type="error"'),
            None,
            "#DIV/0!",
            "=[.A2]/0",
        ),
        (formula("string", 'office:string-value="#REF!"', "#REF!"), None, "#REF!", "=[.A2]/0"),
        (formula("string", 'office:string-value=""', ""), "", "", "=[.A2]/0"),
        ('<table:table-cell table:formula="of:=1+1"/>', None, "", "=1+1"),
        (string("#REF!"), "#REF!", "", ""),
    ],
    ids=[
        "number",
        "numbered error",
        "told error",
        "error as a text",
        "empty text",
        "never calculated",
        "typed",
    ],
)
def test_errors_and_formulas_are_told(cell: str, value: object, error: str, told: str) -> None:
    """An error has no value, not the 0 that stands behind it."""
    found = a1(cell)
    assert (found.value, found.error, found.formula) == (value, error, told)


def test_the_other_cells_of_an_array_have_a_formula_too() -> None:
    """They hold values alone, and yet nobody typed them."""
    first = number(
        "1",
        'table:formula="of:=ROW()" table:number-matrix-columns-spanned="1" table:number-matrix-rows-spanned="2"',
    )
    found = sheet(row(first) + row(number("2")) + row(number("3")))
    assert [found.cell(at, 0).formula for at in range(3)] == ["=ROW()", "=…", ""]


# Formats.


def data_style(kind: str, content: str, name: str = "N1", more: str = "") -> str:
    return f'<number:{kind}-style style:name="{name}" {more}>{content}</number:{kind}-style>'


def cell_style(name: str = "ce1", properties: str = "", more: str = 'style:data-style-name="N1"') -> str:
    return f'<style:style style:name="{name}" style:family="table-cell" {more}>{properties}</style:style>'


def digits(places: int, more: str = "") -> str:
    return f'<number:number number:decimal-places="{places}" number:min-integer-digits="1" {more}/>'


SIGN = "<number:text>%</number:text>"
WORD = "<number:text>优</number:text>"
MAP = '<style:map style:condition="value()&lt;3" style:apply-style-name="N2"/>'


@pytest.mark.parametrize(
    ("styles", "value", "kind", "shown"),
    [
        (data_style("percentage", digits(0) + SIGN), "0.8", Format.PERCENT, "80%"),
        (data_style("percentage", digits(2)), "0.8", Format.PERCENT, "80.00%"),
        (data_style("number", digits(0) + SIGN), "4", Format.PERCENT, "4%"),
        (data_style("percentage", "<number:number/>" + SIGN), "0.855", Format.PERCENT, "85.5%"),
        (data_style("number", digits(0) + "<number:text>%%</number:text>"), "4", Format.PERCENT, "4%%"),
        (data_style("number", digits(2, 'number:decimal-replacement=""')), "4.5", Format.PLAIN, ""),
        (data_style("number", digits(2, 'number:decimal-replacement="  "')), "4.567", Format.ROUNDED, "4.57"),
        (data_style("number", digits(0)), "4.5", Format.ROUNDED, "5"),
        (data_style("number", digits(2)), "4.5", Format.PLAIN, ""),
        (data_style("number", digits(2, 'number:grouping="true"')), "1234.5", Format.PLAIN, ""),
        (data_style("number", '<number:number number:min-integer-digits="1"/>'), "4.5", Format.PLAIN, ""),
        (data_style("number", digits(0, 'number:display-factor="1000"')), "4500", Format.OTHER, "5"),
        (data_style("number", digits(0) + "<number:text>分</number:text>"), "4", Format.PLAIN, ""),
        (data_style("number", WORD), "4", Format.OTHER, "优"),
        (data_style("number", ""), "4", Format.HIDDEN, ""),
        (data_style("number", digits(1) + MAP) + data_style("number", WORD, "N2"), "2", Format.OTHER, "优"),
        (data_style("number", digits(1) + MAP) + data_style("number", WORD, "N2"), "4", Format.PLAIN, ""),
        (data_style("currency", f"<number:currency-symbol>¥</number:currency-symbol>{digits(2)}"), "5", Format.PLAIN, ""),
        (data_style("number", '<number:scientific-number number:decimal-places="1" number:min-exponent-digits="2"/>'), "4.56", Format.ROUNDED, "4.6E+00"),
        (data_style("number", '<number:fraction number:min-integer-digits="0" number:min-denominator-digits="1"/>'), "4.5", Format.OTHER, "4 1/2"),
        (data_style("number", digits(1, 'number:decimal-replacement="--"')), "4", Format.OTHER, ""),
        (data_style("number", "<number:number number:decimal-places='0' number:min-integer-digits='4'><number:embedded-text number:position='2'>-</number:embedded-text></number:number>"), "4", Format.OTHER, ""),
        (data_style("date", "<number:year number:style='long'/><number:text>年</number:text><number:month/><number:text>月</number:text>"), "44469", Format.DATE, "2021年9月"),
        (data_style("date", "<number:day-of-week number:style='long'/>", more='number:language="zh"'), "44469", Format.DATE, "星期四"),
        (data_style("date", "<number:era/><number:quarter/>"), "44469", Format.DATE, ""),
        (data_style("time", "<number:hours/><number:text>:</number:text><number:minutes number:style='long'/>", more='number:truncate-on-overflow="false"'), "1.5", Format.DATE, "36:00"),
        (data_style("text", "<number:text-content/>"), "4.5", Format.PLAIN, ""),
        (data_style("boolean", "<number:boolean/>"), "1", Format.PLAIN, ""),
        (data_style("number", "<number:other/>"), "4", Format.OTHER, ""),
        ("", "4", Format.OTHER, ""),
    ],
    ids=[
        "percentage", "percentage without a sign", "a mere sign", "percentage as it is", "two signs",
        "decimals left out", "decimals left blank", "rounded", "plain", "grouped", "general",
        "thousands", "with a word", "a word alone", "nothing", "a condition that holds", "one that does not",
        "currency", "scientific", "fraction", "replaced decimals", "text among the digits", "date", "weekday",
        "era", "duration", "text", "boolean", "unknown", "no such style",
    ],
)  # fmt: skip
def test_a_data_style_says_what_is_shown(styles: str, value: str, kind: Format, shown: str) -> None:
    """As LibreOffice does, the style counts, not the type of the value."""
    found = a1(number(value, 'table:style-name="ce1"'), automatic=styles + cell_style())
    assert (found.format, found.shown) == (kind, shown)


PERCENT = data_style("percentage", digits(0) + SIGN)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (row(number("0.8")), Format.PLAIN),
        (row(number("0.8"), 'table:default-cell-style-name="ce1"'), Format.PERCENT),
        (
            '<table:table-column table:number-columns-repeated="3" table:default-cell-style-name="ce1"/>'
            + row(number("0.8")),
            Format.PERCENT,
        ),
        (
            '<table:table-column table:default-cell-style-name="ce1"/>'
            + row(number("0.8", 'table:style-name="ce2"')),
            Format.PLAIN,
        ),
        (row(number("0.8", 'table:style-name="child"')), Format.PERCENT),
        (row(typed("percentage", 'office:value="0.8"')), Format.PERCENT),
    ],
    ids=["none", "of the row", "of the column", "its own", "inherited", "by the type"],
)
def test_a_cell_without_a_style_has_that_of_its_row_or_column(rows: str, kind: Format) -> None:
    """And a style what it inherits."""
    common = (
        cell_style("ce2", more="")
        + cell_style("child", more='style:parent-style-name="ce1"')
        + PERCENT
        + cell_style()
    )
    assert sheet(rows, common=common).cell(0, 0).format is kind


def test_the_default_style_counts() -> None:
    """That of the whole document."""
    assert a1(number("0.8"), common=PERCENT + cell_style("Default")).format is Format.PERCENT


def test_a_format_code_of_one_part_is_not_taken_for_the_others() -> None:
    """Names of data styles are those of their own part first."""
    common = data_style("number", digits(0)) + cell_style("ce0")
    found = sheet(row(number("0.5", 'table:style-name="ce1"') + number("0.5", 'table:style-name="ce0"')),
                  automatic=PERCENT + cell_style(), common=common)  # fmt: skip
    assert [found.cell(0, column).format for column in (0, 1)] == [Format.PERCENT, Format.ROUNDED]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (number("5", 'table:style-name="mapped"'), Format.OTHER),
        (number("5", 'table:style-name="harmless"'), Format.PLAIN),
    ],
)
def test_a_condition_that_may_change_what_is_shown_is_told(rows: str, kind: Format) -> None:
    """It is not worked out; colours are of no interest."""
    styles = PERCENT + cell_style() + cell_style("bold", more="")
    for name, applied in [("mapped", "ce1"), ("harmless", "bold")]:
        rule = f'<style:map style:condition="cell-content()&gt;3" style:apply-style-name="{applied}"/>'
        styles += cell_style(name, rule, more="")
    assert a1(rows, common=styles).format is kind


def test_conditional_formats_of_a_sheet_are_told_at_their_cells() -> None:
    """However the sheet is called."""
    rules = (
        "<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address=\"'a b'.A1:'a b'.A2 S.C1\">"
        '<calcext:condition calcext:apply-style-name="ce1" calcext:value="&gt;3"/></calcext:conditional-format>'
        "</calcext:conditional-formats>"
    )
    found = sheet(row(number("5") * 3) * 3 + rules, common=PERCENT + cell_style())
    assert [[found.cell(r, c).format is Format.OTHER for c in range(3)] for r in range(3)] == [
        [True, False, True], [True, False, False], [False, False, False],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "kind", "shown"),
    [
        (typed("string", 'office:string-value="4"', "5"), Format.OTHER, "5"),
        (typed("string", 'office:string-value="4"', " 4 "), Format.PLAIN, ""),
        (string("5", 'table:style-name="ce1"'), Format.OTHER, "5分"),
    ],
    ids=["two texts", "one text", "a text format"],
)
def test_a_text_that_shows_as_another_is_told(cell: str, kind: Format, shown: str) -> None:
    """By its paragraphs, or by its style."""
    style = data_style("text", "<number:text-content/><number:text>分</number:text>") + cell_style()
    found = a1(cell, automatic=style)
    assert (found.format, found.shown) == (kind, shown)


@pytest.mark.parametrize(("stated", "kind"), [("false", Format.HIDDEN), ("true", Format.PLAIN)])
def test_zeros_that_the_view_does_not_show_are_hidden(stated: str, kind: Format) -> None:
    """A clerk may have switched them off."""
    names = 'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:c="urn:oasis:names:tc:opendocument:xmlns:config:1.0"'
    item = f'<c:config-item c:name="ShowZeroValues" c:type="boolean">{stated}</c:config-item>'
    parts = ods_parts(table(row(number("0"))))
    book = read({**parts, "settings.xml": f"<o:document-settings {names}>{item}</o:document-settings>"})
    assert book.sheets[0].cell(0, 0).format is kind


# Struck through.

LINE = '<style:text-properties style:text-line-through-style="solid"/>'
NO_LINE = '<style:text-properties style:text-line-through-style="none" style:text-line-through-type="none"/>'
STRUCK = (
    cell_style("struck", LINE, more="")
    + cell_style("child", "", more='style:parent-style-name="struck"')
    + cell_style("plain", NO_LINE, more="")
    + f'<style:style style:name="T1" style:family="text">{LINE}</style:style>'
    + f'<style:style style:name="T2" style:family="text">{NO_LINE}</style:style>'
    + '<style:style style:name="T3" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
)


def span(style: str, text: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


@pytest.mark.parametrize(
    ("cell", "struck", "shown"),
    [
        (number("5"), Struck.NO, ""),
        (number("5", 'table:style-name="struck"'), Struck.WHOLE, ""),
        (number("5", 'table:style-name="child"'), Struck.WHOLE, ""),
        (number("5", 'table:style-name="plain"'), Struck.NO, ""),
        (string(span("T1", "3") + "4"), Struck.PART, "4"),
        (string(span("T1", "3") + " "), Struck.WHOLE, ""),
        (string(span("T3", "3") + "4"), Struck.NO, ""),
        (string(span("T3", "3") + "4", 'table:style-name="struck"'), Struck.WHOLE, ""),
        (string("3" + span("T2", "4"), 'table:style-name="struck"'), Struck.PART, "4"),
        (string(span("T1", span("T3", "3"))), Struck.WHOLE, ""),
        (typed("boolean", 'office:boolean-value="true"', more='table:style-name="struck"'), Struck.WHOLE, ""),
    ],
    ids=[
        "plain", "style", "inherited", "style that does not", "span", "span and a blank", "bold span",
        "span as the cell", "span against the cell", "span in a span", "true or false",
    ],
)  # fmt: skip
def test_what_is_struck_through_is_told(cell: str, struck: Struck, shown: str) -> None:
    """In whole or in part; of a part, what is left is quoted, never the digits joined."""
    found = a1(cell, automatic=STRUCK)
    assert (found.struck, found.shown) == (struck, shown)


# Hidden, merged, repeated.

SMALL = (
    '<style:style style:name="ro0" style:family="table-row"><style:table-row-properties style:row-height="0cm"/></style:style>'
    '<style:style style:name="ro1" style:family="table-row"><style:table-row-properties style:row-height="4.5mm"/></style:style>'
    '<style:style style:name="co0" style:family="table-column"><style:table-column-properties style:column-width="0in"/></style:style>'
    '<style:style style:name="co1" style:family="table-column"><style:table-column-properties style:column-width="0.9in"/></style:style>'
    '<style:style style:name="ta0" style:family="table"><style:table-properties table:display="false"/></style:style>'
)


@pytest.mark.parametrize(
    ("rows", "hidden"),
    [
        (row(number("5")), False),
        (row(number("5"), 'table:visibility="collapse"'), True),
        (row(number("5"), 'table:visibility="filter"'), True),
        (row(number("5"), 'table:visibility="visible"'), False),
        (row(number("5"), 'table:style-name="ro0"'), True),
        (row(number("5"), 'table:style-name="ro1"'), False),
        (f'<table:table-row-group table:display="false">{row(number("5"))}</table:table-row-group>', True),
        (f"<table:table-row-group>{row(number('5'))}</table:table-row-group>", False),
        (f'<table:table-column table:visibility="collapse"/>{row(number("5"))}', True),
        (f'<table:table-column table:style-name="co0"/>{row(number("5"))}', True),
        (f'<table:table-column table:style-name="co1"/>{row(number("5"))}', False),
        (f'<table:table-column/><table:table-column table:visibility="collapse"/>{row(number("5"))}', False),
        (
            f'<table:table-header-columns><table:table-column table:visibility="filter"/></table:table-header-columns>{row(number("5"))}',
            True,
        ),
    ],
)
def test_rows_and_columns_that_nobody_sees_are_hidden(rows: str, hidden: bool) -> None:
    """By the flag, by a height or width that shows nothing, or with their group."""
    assert sheet(rows, automatic=SMALL).cell(0, 0).hidden is hidden


def test_a_table_may_be_hidden_by_its_style() -> None:
    """And its cells with it."""
    (found,) = read(
        ods_parts(table(row(number("5")), attributes='table:style-name="ta0"'), automatic=SMALL)
    ).sheets
    assert found.state is Visibility.HIDDEN
    assert found.cell(0, 0).hidden


def test_merged_cells_belong_to_their_first() -> None:
    """A value below them is kept, and told to be covered."""
    covered = '<table:covered-table-cell office:value-type="float" office:value="4"/>'
    found = sheet(row(number("5", 'table:number-rows-spanned="2"')) + row(covered) + row(number("3")))
    assert found.merges == [Box(0, 0, 1, 0)]
    assert [found.cell(at, 0).merged_into for at in range(3)] == ["", "A1", ""]
    assert found.value(1, 0) == 4.0


def test_repeated_rows_and_columns_are_not_written_out() -> None:
    """A million blank ones cost nothing, a million equal ones one row."""
    found = sheet(
        row(
            '<table:table-cell table:number-columns-repeated="2"/>'
            + number("5", 'table:number-columns-repeated="2"')
        )
        + row("<table:table-cell/>", 'table:number-rows-repeated="1000"')
        + "<table:table-header-rows>"
        + row(number("4"), 'table:number-rows-repeated="3"')
        + "</table:table-header-rows>"
        + row(
            '<table:table-cell table:number-columns-repeated="16384"/>',
            'table:number-rows-repeated="1047572"',
        )
    )
    assert list(found.values()) == [(0, 2, 5.0), (0, 3, 5.0), (1001, 0, 4.0), (1002, 0, 4.0), (1003, 0, 4.0)]
    assert found.rows[1001] is found.rows[1003]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            row(number("5", 'table:number-columns-repeated="16384"'), 'table:number-rows-repeated="1048576"'),
            "unsafe-box",
        ),
        (row(number("5"), 'table:number-rows-repeated="1048577"'), "file-ambiguous"),
        (row(number("5"), 'table:number-rows-repeated="x"'), "file-ambiguous"),
        (row(number("5"), 'table:visibility="no"'), "file-ambiguous"),
        (f'<x:w xmlns:x="urn:x">{row(number("5"))}</x:w>', "file-ambiguous"),
        (
            f'<table:table-header-rows><x:w xmlns:x="urn:x">{row(number("5"))}</x:w></table:table-header-rows>',
            "file-ambiguous",
        ),
        (f"<table:table-rows>{number('5')}</table:table-rows>", "file-ambiguous"),
        (f"<table:table-columns>{row(number('5'))}</table:table-columns>", "file-ambiguous"),
        (f"{row(number('5'))}{table(row(number('4')))}", "file-ambiguous"),
    ],
    ids=[
        "a full sheet",
        "beyond the last row",
        "no number",
        "no visibility",
        "wrapped",
        "wrapped in a group",
        "no row around a cell",
        "among the columns",
        "a table in the table",
    ],
)
def test_rows_that_cannot_be_are_refused(rows: str, code: str) -> None:
    """Before anything is allotted for them."""
    problem = refused(ods_parts(table(rows)))
    assert (problem.code, problem.sheet) == (code, "S")


# Tables and parts.

SOURCE = '<table:table-source xlink:href="file:///x.ods" table:table-name="A"/>'


def test_copies_of_other_files_are_no_sheets() -> None:
    """LibreOffice tells them by their names alone; a linked sheet, which it shows, is one."""
    tables = table(SOURCE + row(number("1")), name="'file:///D:/台账.xlsx'#鸿嘉社区") + table(
        row(number("2")), name="'http://x/y'#A"
    )
    book = read(ods_parts(tables + table(SOURCE + row(number("3")), name="L") + table("", name="'file:x")))
    assert [found.name for found in book.sheets] == ["L", "'file:x"]
    assert book.links


@pytest.mark.parametrize(
    "where",
    [
        "<table:tracked-changes>{}</table:tracked-changes>",
        "<table:dde-links><table:dde-link>{}</table:dde-link></table:dde-links>",
        "<table:content-validations>{}</table:content-validations>",
    ],
)
def test_only_the_workbooks_own_tables_are_sheets(where: str) -> None:
    """Not what was deleted, nor what another program sent."""
    book = read(ods_parts(where.format(table(row(number("9")), name="T")) + table(row(number("5")))))
    assert [found.name for found in book.sheets] == ["S"]


def test_tables_inside_drawings_are_no_cells() -> None:
    """They lie over the sheet."""
    drawn = f"<table:shapes><draw:frame>{table(row(number('9')))}</draw:frame></table:shapes>"
    assert list(sheet(drawn + row(number("5"))).values()) == [(0, 0, 5.0)]


@pytest.mark.parametrize(
    ("cell", "links"),
    [
        (number("5", "table:formula=\"of:=['file:///D:/a.xlsx'#$A.A1]\""), True),
        (number("5", 'table:formula="of:=[.A2]"'), False),
        ('<table:table-cell><table:cell-range-source xlink:href="x"/></table:table-cell>', True),
    ],
)
def test_links_to_other_files_are_told(cell: str, links: bool) -> None:
    """They are not followed."""
    assert read(ods_parts(table(row(cell)))).links is links


PARTS = ods_parts(table(row(number("5"))))


def changed(old: str, new: str, part: str = CONTENT) -> Parts:
    assert old in str(PARTS[part])
    return {**PARTS, part: str(PARTS[part]).replace(old, new)}


@pytest.mark.parametrize(
    "parts",
    [
        {**PARTS, "[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"},
        {**PARTS, "Content.xml": PARTS[CONTENT]},
        {**PARTS, "mimetype": "application/vnd.oasis.opendocument.text"},
        {name: part for name, part in PARTS.items() if name != "mimetype"},
        {name: part for name, part in PARTS.items() if name != CONTENT},
        changed("office:document-content", "office:document"),
        changed("</office:spreadsheet>", "</office:spreadsheet><office:spreadsheet/>"),
        changed("</table:table>", f"</table:table>{table('', name='s')}"),
        changed('table:name="S"', ""),
        changed('office:value="5"', 'office:value="5" office:value="4"'),
        changed("</table:table>", ""),
        changed("<office:body>", "<office:automatic-styles/><office:body>"),
        ods_parts("", automatic=cell_style() * 2),
        changed("datastyle", "datastyle:1", "styles.xml") | {"styles.xml": "<x/>"},
        {name.replace("content", "Content"): part for name, part in PARTS.items()},
        ods_parts(f"<x:w xmlns:x='urn:x'>{table(row(number('5')))}</x:w>"),
    ],
    ids=[
        "two workbooks in one", "names that differ in case", "another document", "no kind", "no content",
        "another root", "two spreadsheets", "two sheets of one name", "no name", "an attribute twice",
        "not well-formed", "two lists of styles", "two styles of one name", "styles that are none",
        "no content by its name", "a wrapped table",
    ],
)  # fmt: skip
def test_a_container_of_two_readings_is_refused(parts: Parts) -> None:
    """Where it leaves a choice, nothing is read."""
    ambiguous(parts)


def test_foreign_prefixes_say_nothing() -> None:
    """Elements are known by their namespaces."""
    other = changed("xmlns:table=", 'xmlns:x="urn:x" xmlns:t=')
    text = str(other[CONTENT]).replace("table:", "t:").replace(":xmlns:t:1.0", ":xmlns:table:1.0")
    assert list(read({**PARTS, CONTENT: text}).sheets[0].values()) == [(0, 0, 5.0)]


@pytest.mark.parametrize("part", [CONTENT, "styles.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(part: str, encoding: str) -> None:
    """Before any entity of it could be expanded."""
    assert refused({**PARTS, part: f"<!DOCTYPE x>{str(PARTS[part])}".encode(encoding)}).code == "unsafe-dtd"


@pytest.mark.parametrize("entry", ["<m:encryption-data/>", ""])
def test_encryption_is_told(entry: str) -> None:
    """Part by part, or all of it in one."""
    parts = changed("</m:manifest>", f"{entry}</m:manifest>", "META-INF/manifest.xml")
    assert refused(parts if entry else {**parts, "encrypted-package": b"x"}).code == "file-password"


def test_macros_and_the_time_of_saving_are_told() -> None:
    """By the members and the properties; the time is the county's where it gives no zone."""
    names = 'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:d="http://purl.org/dc/elements/1.1/"'
    meta = f"<o:document-meta {names}><o:meta><d:date>2021-09-30T18:00:00.123456789</d:date></o:meta></o:document-meta>"
    book = read({**PARTS, "meta.xml": meta, "Basic/script-lc.xml": "<x/>"})
    assert book.macros
    assert book.saved == datetime(2021, 9, 30, 10, 0, 0, 123456, tzinfo=UTC)
    assert (read(PARTS).macros, read(PARTS).saved) == (False, None)


def test_dates_are_counted_from_where_the_document_says() -> None:
    """A number in a date style is a date only by that."""
    style = data_style("date", "<number:year number:style='long'/>") + cell_style()
    cell = row(number("1", 'table:style-name="ce1"'))
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="{}"/></table:calculation-settings>'
    )
    assert sheet(cell, automatic=style).value(0, 0) == date(1899, 12, 31)
    mac = read(ods_parts(settings.format("1904-01-01") + table(cell), automatic=style))
    assert (mac.date_1904, mac.sheets[0].value(0, 0)) == (True, date(1904, 1, 2))


# Writers and oracles.


def test_what_libreoffice_saves_is_what_it_was_given(
    huantai: Campaign, office: Office, tmp_path: Path
) -> None:
    """Our own blank, as .xlsx and as the .ods that LibreOffice makes of it: the same cells in all."""
    source, target = tmp_path / "a.xlsx", tmp_path / "b.ods"
    source.write_bytes(good(huantai))
    office.recalculate(source, tmp_path / "c.xlsx")
    office.recalculate(source, target)
    ours = ods.read(Archive(target.read_bytes()))
    theirs = xlsx.read(Archive((tmp_path / "c.xlsx").read_bytes()))
    assert [found.name for found in ours.sheets] == [found.name for found in theirs.sheets]
    for one, other in zip(ours.sheets, theirs.sheets, strict=True):
        assert dict(cells(one)) == dict(cells(other))
        assert sorted(one.merges) == sorted(other.merges)
        assert (one.state is Visibility.VISIBLE) == (other.state is Visibility.VISIBLE)


def cells(found: SheetCells) -> Mapping[tuple[int, int], object]:
    """Return what is known of each valued cell, but for the spelling of formulas."""
    known = {}
    for at, column, _value in found.values():
        one = found.cell(at, column)
        known[at, column] = one.value, bool(one.formula), one.format, one.struck, one.hidden, one.merged_into
    return known


def test_every_promise_holds_in_opendocument(office: Office, tmp_path: Path) -> None:
    """The same sheet as in the tests of xlsx, saved as .ods by LibreOffice."""
    source, target = tmp_path / "a.xlsx", tmp_path / "b.ods"
    every_promise(source)
    office.recalculate(source, target)
    found = ods.read(Archive(target.read_bytes())).sheets[0]
    one = [found.cell(at, 0) for at in range(11)]
    assert (one[0].value, one[0].format, one[0].shown) == (0.8, Format.PERCENT, "80%")
    assert (one[1].value, one[1].error, one[1].formula) == (None, "#DIV/0!", "=1/0")
    assert (one[2].value, one[2].formula) == (4.0, "=2+2")
    assert (one[3].value, one[4].merged_into, found.cell(4, 1).merged_into) == (5.0, "A4", "A4")
    assert (one[5].value, one[5].struck, one[5].shown) == ("34", Struck.PART, "4")
    assert (one[6].value, one[6].struck) == (5.0, Struck.WHOLE)
    assert (one[7].value, one[7].format) == (date(2021, 9, 30), Format.DATE)
    assert one[8].value is True
    assert (one[9].value, one[9].format, one[9].shown) == (4.5, Format.ROUNDED, "5")
    assert (one[10].value, one[10].hidden, found.cell(0, 2).hidden) == (5.0, True, True)
    assert [c.hidden for c in one[:10]] == [False] * 10


def test_libreoffice_reads_what_we_build_as_we_do(office: Office, tmp_path: Path) -> None:
    """Where the type and the style of a cell disagree, and where it states two texts."""
    styles = (
        PERCENT
        + cell_style()
        + data_style("number", digits(0), "N2")
        + cell_style("ce2", more='style:data-style-name="N2"')
    )
    given = [
        number("0.8", 'table:style-name="ce1"'),
        number("4.5", 'table:style-name="ce2"'),
        "<table:table-cell><text:p>5</text:p></table:table-cell>",
        typed("string", 'office:string-value="4"', "5"),
        string('a<text:s text:c="2"/>b</text:p><text:p>c'),
    ]
    parts = ods_parts(table(row("".join(given))), automatic=styles)
    path = tmp_path / "a.ods"
    path.write_bytes(zipped(parts))
    shown = office.shown(path)["S"]
    assert [shown[f"{letter}1"] for letter in "ABCDE"] == ["80%", "5", "5", "4", "a  b\nc"]
    found = read(parts).sheets[0]
    assert [found.cell(0, column).shown or found.value(0, column) for column in (0, 1, 2)] == [
        "80%",
        "5",
        "5",
    ]
    assert [found.value(0, column) for column in (3, 4)] == ["4", "a  b\nc"]


def midnight(value: object) -> object:
    """Return a date as the moment at which calamine begins it."""
    return datetime(value.year, value.month, value.day) if type(value) is date else value


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public corpus is not here")
def test_public_files_are_read_as_calamine_reads_them() -> None:
    """Every value of every public file that is read, but for errors, which calamine does not tell."""
    files = 0
    for path in sorted(CORPUS.rglob("*.ods")):
        data = path.read_bytes()
        try:
            book = ods.read(Archive(data))
        except (Refused, ArchiveError):
            continue
        files += 1
        with python_calamine.CalamineWorkbook.from_path(path) as other:
            for found in book.sheets:
                grid = other.get_sheet_by_name(found.name)
                top, left = grid.start or (0, 0)
                theirs = {
                    (top + at, left + column): midnight(value)
                    for at, line in enumerate(grid.to_python())
                    for column, value in enumerate(line)
                    if value != ""
                }
                ours = {
                    (r, c): midnight(v)
                    for r, c, v in found.values()
                    if v != "" and not isinstance(v, time | timedelta)
                }
                moments = {place for place, value in theirs.items() if isinstance(value, time | timedelta)}
                assert ours == {place: value for place, value in theirs.items() if place not in moments}, (
                    path.name
                )
    assert files >= 13
