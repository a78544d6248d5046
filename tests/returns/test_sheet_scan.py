"""A sheet's valued box, what of it is hidden or merged, and its errors, from the bytes of its part alone."""

import struct

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns import sheet_scan
from tests.tools.spoil import SHEET, good, members, with_part


def xlsx(rows: str) -> sheet_scan.Page:
    return sheet_scan.xlsx_page(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode())


@pytest.mark.parametrize(
    ("rows", "box"),
    [
        ("", 0),
        ('<row r="9"><c r="C9" s="1"/></row>', 0),
        ('<row r="9"><c r="C9" s="1"></c></row>', 0),
        ('<row r="9"><c r="C9"><v>1</v></c></row>', 1),
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="C3" t="inlineStr"><is/></c></row>', 9),
        ("<row><c><v>1</v></c><c/><c><v>1</v></c></row><row r='5'><c/><c><v>1</v></c></row>", 15),
        ('<row r="2"><c s="1" r="B2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>', 4),
        ('<x:row r="2"><x:c r="B2"><x:v>1</x:v></x:c></x:row>', 1),
        ('<row r="2"><c r="XFD1048576" x="/>"><v>1</v></c><c r="A1"><v>1</v></c></row>', 2**34),
    ],
    ids=[
        "no rows", "a formatted cell", "one written out", "one value", "values apart", "no addresses",
        "another order", "a prefix", "an end inside an attribute",
    ],
)  # fmt: skip
def test_only_cells_with_values_count_for_the_box(rows: str, box: int) -> None:
    """Addresses may be missing, prefixed or out of order; what is merely formatted takes no room."""
    assert xlsx(rows).box == box


@pytest.mark.parametrize("written", ["1", "true"])
def test_hidden_rows_count_where_they_hold_values(written: str) -> None:
    """A million hidden rows below the form are of no interest."""
    rows = f'<row r="1" hidden="{written}"><c r="A1"><v>1</v></c></row><row r="2" hidden="{written}"/>'
    assert xlsx(rows).hidden_rows == {0}
    assert xlsx(rows.replace(written, "0")).hidden_rows == set()


def test_both_ways_of_counting_agree(huantai: Campaign) -> None:
    """The quick way, for cells with addresses, and the exact one come to the same page."""
    data = with_part(good(huantai), SHEET, lambda text: text.replace('<row r="7"', '<row hidden="1" r="7"'))
    part = members(data)[SHEET]
    assert sheet_scan._addressed_page(part) == sheet_scan._exact_page(part)
    assert sheet_scan._exact_page(part).hidden_rows == {6}


@pytest.mark.parametrize(
    ("part", "stated"),
    [
        (b'<sst count="4000000000" uniqueCount="5">', 4_000_000_000),
        (b"<sst xmlns='x'  uniqueCount = '7'>", 7),
        (b"<x:sst count='9'>", 9),
        (b"<sst>", 0),
        (b"", 0),
    ],
)
def test_the_stated_number_of_texts_is_the_greater(part: bytes, stated: int) -> None:
    """Either of the two counts may be believed by a parser."""
    assert sheet_scan.stated_strings(part) == stated


# The binary format, for which no writer is at hand: its records by hand, after [MS-XLSB].


def record(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def row(number: int, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<I", number) + bytes(7) + bytes([0x10 * hidden]) + bytes(13))


def binary_cell(kind: int, column: int, value: bytes) -> bytes:
    return record(kind, struct.pack("<2I", column, 0) + value)


SHEET_PART = b"".join(
    [
        record(129, b""),
        record(60, struct.pack("<2I", 4, 4) + bytes(8) + b"\x01\x00"),
        row(3),
        binary_cell(2, 4, bytes(4)),
        binary_cell(3, 5, b"\x17"),
        binary_cell(1, 16000, b""),
        row(6, hidden=True),
        binary_cell(11, 4, b"\x07\x00\x00"),
        record(176, struct.pack("<4I", 3, 5, 4, 4)),
    ]
)


def test_binary_sheets_tell_their_box_what_is_hidden_and_what_is_merged() -> None:
    """Blank cells do not count for the box, wherever they stand."""
    page = sheet_scan.xlsb_page(SHEET_PART)
    assert (page.top, page.left, page.bottom, page.right, page.box) == (3, 4, 6, 5, 8)
    assert (page.hidden_rows, page.hidden_columns, page.merged) == ({6}, [(4, 4)], [((3, 4), (5, 4))])


def test_binary_sheets_tell_their_errors() -> None:
    """An error that was typed and one that a formula gave, but only where it was asked for."""
    asked = {(3, 5), (6, 4), (3, 4)}
    assert sheet_scan.xlsb_broken(SHEET_PART, asked) == {(3, 5): "#REF!", (6, 4): "#DIV/0!"}
    assert sheet_scan.xlsb_broken(SHEET_PART, {(3, 4)}) == {}


@pytest.mark.parametrize("length", range(0, len(SHEET_PART), 7))
def test_a_binary_sheet_that_is_cut_off_is_read_as_far_as_it_goes(length: int) -> None:
    """No length makes the look fail; what the parser makes of it is its own affair."""
    assert sheet_scan.xlsb_page(SHEET_PART[:length]).box <= 8


ODS = """<d xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<table:table table:name="a">{}</table:table></d>"""
FIVE = '<table:table-cell office:value-type="float" office:value="5"/>'


@pytest.mark.parametrize(
    ("rows", "box"),
    [
        (f"<table:table-row>{FIVE}</table:table-row>", 1),
        (
            '<table:table-row table:number-rows-repeated="1048575">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
            f"<table:table-row>{FIVE}</table:table-row>",
            1,
        ),
        (
            f'<table:table-row>{FIVE}<table:table-cell table:number-columns-repeated="999"/>{FIVE}'
            f'</table:table-row><table:table-row table:number-rows-repeated="9">{FIVE}</table:table-row>',
            10010,
        ),
        ("<table:table-row/>", 0),
    ],
    ids=["one value", "below a million empty rows", "gaps and repeated rows", "none"],
)
def test_repeated_cells_count_for_the_box_only_with_values(rows: str, box: int) -> None:
    """OpenDocument repeats rows and cells instead of writing them out; a parser writes them out again."""
    found = sheet_scan.ods_pages(ODS.format(rows).encode())
    assert found["a"].box == box


def test_an_error_with_a_zero_behind_it_is_an_error() -> None:
    """Some programs store 0 behind an error in OpenDocument: it must not become a score."""
    error = '<table:table-cell table:formula="of:=[.#REF!]" office:value-type="float" office:value="0">'
    part = ODS.format(f"<table:table-row>{error}<text:p>#REF!</text:p></table:table-cell></table:table-row>")
    assert sheet_scan.ods_pages(part.encode())["a"].broken == {(0, 0): "#REF!"}


def test_a_percentage_that_is_no_number_stops_nothing() -> None:
    """What stands in a file is not believed to be a number because it says so."""
    cell = '<table:table-cell office:value-type="percentage" office:value="{}"/>'
    for value, shown in (("0.8", "80%"), ("abc", "abc%"), ("", "%")):
        part = ODS.format(f"<table:table-row>{cell.format(value)}</table:table-row>")
        assert sheet_scan.ods_pages(part.encode())["a"].broken == {(0, 0): shown}
