"""Of every cell of an old Excel workbook it is known what an office shows, or the workbook is refused."""

import struct
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font

from greenxl.workbooks.cells import Box, Cell, Format, Refused, Struck, Visibility, WorkbookCells
from greenxl.workbooks.formats.xls import read
from tests.tools import biff
from tests.tools.biff import container, number, record, words, xls
from tests.tools.office import Office

STRUCK = Font(strike=True)
HEADS = (
    biff.font(), biff.font(struck=True),
    biff.number_format(164, "0.0%"), biff.number_format(165, '[$-804]aaaa;@'), biff.number_format(166, ";;;"),
    *(biff.style(0, n) for n in (0, 9, 10, 14, 164, 165, 166, 1, 31, 200)), biff.style(1, 0),
)  # fmt: skip
"""Styles by number: plain, four percentages and dates, …, the last struck through."""


def cell(book: WorkbookCells, row: int = 0, column: int = 0) -> Cell:
    return book.sheets[0].cell(row, column)


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        read(data)
    return caught.value.code, caught.value.found


@pytest.fixture(scope="module")
def converted(office: Office, tmp_path_factory: pytest.TempPathFactory) -> WorkbookCells:
    """A workbook in which everything is promised of some cell, saved as .xls by LibreOffice."""
    folder = tmp_path_factory.mktemp("xls")
    book = Workbook()
    page = book.active
    assert page
    page.title = "得分"
    page.append([4.5, 0.8, 4.5, date(2021, 4, 5), "４分", True, "=1/0", "=2+2", "=TODAY()", '=""', 4])
    for column, code in {"B": "0%", "C": "0", "D": "yyyy/m/d", "K": ";;;"}.items():
        page[f"{column}1"].number_format = code
    page["A2"], page["A2"].font = 3, STRUCK
    page["B2"], page["B2"].font = "四", STRUCK
    old = InlineFont(strike=True)
    page["C2"] = CellRichText(TextBlock(old, "3"), TextBlock(InlineFont(), "4"))
    page["A4"], page["A5"] = 1, 2
    page.row_dimensions[4].hidden = True
    page["M1"] = 5
    page.column_dimensions["M"].hidden = True
    page["A8"] = 5
    page.merge_cells("A8:B9")
    book.create_sheet("藏").sheet_state = "hidden"
    book.save(folder / "a.xlsx")
    office.convert(folder / "a.xlsx", folder / "a.xls")
    return read((folder / "a.xls").read_bytes())


@pytest.mark.parametrize(
    ("place", "value", "known"),
    [
        ((0, 0), 4.5, {}),
        ((0, 1), 0.8, {"format": Format.PERCENT, "shown": "80%"}),
        ((0, 2), 4.5, {"format": Format.ROUNDED, "shown": "5"}),
        ((0, 3), date(2021, 4, 5), {"format": Format.DATE, "shown": "2021/4/5"}),
        ((0, 4), "４分", {}),
        ((0, 5), True, {"formula": "=…"}),  # LibreOffice writes a logical value as the formula TRUE()
        ((0, 6), None, {"error": "#DIV/0!", "formula": "=…"}),
        ((0, 7), 4.0, {"formula": "=…"}),
        ((0, 9), "", {"formula": "=…"}),
        ((0, 10), 4.0, {"format": Format.HIDDEN}),
        ((1, 0), 3.0, {"struck": Struck.WHOLE}),
        ((1, 1), "四", {"struck": Struck.WHOLE}),
        ((1, 2), "34", {"struck": Struck.PART, "shown": "4"}),
        ((3, 0), 1.0, {"hidden": True}),
        ((4, 0), 2.0, {}),
        ((0, 12), 5.0, {"hidden": True}),
        ((7, 0), 5.0, {}),
        ((8, 1), None, {"merged_into": "A8"}),
        ((40, 40), None, {}),
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, tuple) else None,
)  # fmt: skip
def test_libreoffice_s_cells_are_known_as_it_shows_them(
    converted: WorkbookCells, place: tuple[int, int], value: object, known: dict[str, object]
) -> None:
    """Value, error, formula, format, strike-through, hiding and merging come out as it wrote them."""
    found = cell(converted, *place)
    defaults = {
        "error": "", "formula": "", "format": Format.PLAIN, "shown": "", "struck": Struck.NO, "hidden": False,
        "merged_into": "",
    }  # fmt: skip
    assert found.value == value
    assert type(found.value) is type(value)
    assert {name: getattr(found, name) for name in defaults} == defaults | known


def test_hidden_sheets_are_known(converted: WorkbookCells) -> None:
    """Hidden and very hidden sheets say so, in the order of the tabs."""
    assert [(s.name, s.state) for s in converted.sheets] == [
        ("得分", Visibility.VISIBLE),
        ("藏", Visibility.HIDDEN),
    ]
    pages = dict.fromkeys("ABC", biff.sheet())
    found = read(container({"Workbook": biff.book(pages, states={"B": 1, "C": 2})})).sheets
    assert [s.state for s in found] == [Visibility.VISIBLE, Visibility.HIDDEN, Visibility.VERY_HIDDEN]


@pytest.mark.parametrize(
    ("style", "value", "format", "shown"),
    [
        (0, 4.0, Format.PLAIN, ""),
        (1, 0.8, Format.PERCENT, "80%"),
        (2, 0.8, Format.PERCENT, "80.00%"),
        (3, 44291.0, Format.DATE, "2021/4/5"),
        (4, 0.8, Format.PERCENT, "80.0%"),
        (5, 44291.0, Format.DATE, "星期一"),
        (6, 4.0, Format.HIDDEN, ""),
        (7, 4.5, Format.ROUNDED, "5"),
        (8, 44291.0, Format.DATE, "2021年4月5日"),
        (9, 4.0, Format.OTHER, ""),
    ],
    ids=[
        "General",
        "9",
        "10",
        "14",
        "own percent",
        "weekday",
        "hidden",
        "rounded",
        "Chinese date",
        "unknown",
    ],
)
def test_a_number_format_is_known_by_its_code_or_its_number(
    style: int, value: float, format: Format, shown: str
) -> None:
    """Built-in formats have no code in the file; one that is neither built in nor given is not known."""
    found = cell(read(xls(number((0, 0), value, style), heads=HEADS)))
    assert (found.format, found.shown) == (format, shown)


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    """A workbook of an old Mac shows another date for the same number."""
    book = read(xls(number((0, 0), 42829, 3), heads=(record(0x22, words(1)), *HEADS)))
    assert (book.date_1904, cell(book).value, cell(book).shown) == (True, date(2021, 4, 5), "2021/4/5")


@pytest.mark.parametrize(
    ("runs", "style", "struck", "shown"),
    [
        ([(0, 1), (1, 0)], 0, Struck.PART, "4"),
        ([(1, 1)], 0, Struck.PART, "3"),
        ([(0, 1)], 0, Struck.WHOLE, ""),
        ([(2, 1)], 0, Struck.NO, ""),
        ([(1, 0)], 10, Struck.PART, "4"),
        ([], 10, Struck.WHOLE, ""),
    ],
    ids=["first", "last", "all of it", "behind the end", "its cell, but one letter", "its cell"],
)
def test_what_is_struck_through_of_a_text_is_known(
    runs: list[tuple[int, int]], style: int, struck: Struck, shown: str
) -> None:
    """The font of the cell holds up to the first run, and each run to the next."""
    book = read(xls(biff.label((0, 0), 0, style), heads=(*HEADS, biff.strings(biff.shared("34", runs)))))
    assert (cell(book).value, cell(book).struck, cell(book).shown) == ("34", struck, shown)


def test_letters_beyond_the_basic_plane_do_not_shift_the_runs() -> None:
    """Runs count halves of such a letter, as Excel does."""
    heads = (*HEADS, biff.strings(words(3) + b"\x09" + words(1) + "𠮷4".encode("utf-16-le") + words(2, 1)))
    assert cell(read(xls(biff.label((0, 0), 0), heads=heads))).shown == "𠮷"


def test_rows_and_columns_that_are_too_low_or_narrow_count_as_hidden() -> None:
    """Also those that the file does not list, where its usual row or column is hidden."""
    low, high = (
        record(0x208, words(row, 0, 1, height, 0, 0), bytes(4)) for row, height in ((1, 5), (2, 300))
    )
    narrow, wide = (record(0x7D, words(c, c, width, 0, 0, 0)) for c, width in ((1, 20), (2, 2000)))
    listed = read(xls(low, high, narrow, wide)).sheets[0]
    assert (listed.hidden_rows, listed.hidden_columns) == (((1, 1),), ((1, 1),))
    usual = read(xls(record(0x225, words(2, 300)), record(0x55, words(0)), low, high, narrow, wide)).sheets[0]
    assert (usual.hidden_rows, usual.hidden_columns) == (((0, 1), (3, 65535)), ((0, 1), (3, 255)))


def test_a_workbook_that_was_never_calculated_says_so() -> None:
    """Another program wrote its formulas and left their values to Excel."""
    values = biff.formula((0, 0), 0)
    assert [read(xls(*more, values)).calculated for more in ([], [record(0x5E, words(0))])] == [True, False]


def condition(flags: int = 0, struck: tuple[int, int] = (0, 0xFF), *, later: bool = False) -> list[bytes]:
    """A conditional format of B2:C3, of Excel 97 or 2007; ``struck`` is what is, and what it leaves open."""
    font = bytearray(118)
    font[68], font[88] = struck
    changes = struct.pack("<IH", flags, 0) + bytes(font)
    place = words(1, 0, 1, 2, 1, 2, 1, 1, 2, 1, 2)
    if not later:
        return [record(0x1B0, place), record(0x1B1, bytes(6), changes)]
    head = bytes(12)
    return [
        record(0x879, head, place),
        record(0x87A, head, bytes(6), struct.pack("<I", len(changes)), changes),
    ]


@pytest.mark.parametrize("later", [False, True], ids=["Excel 97", "Excel 2007"])
@pytest.mark.parametrize(
    ("made", "known"),
    [
        ({"flags": 1 << 25}, True),
        ({"flags": 1 << 26, "struck": (0x80, 0x7F)}, True),
        ({"flags": 1 << 26, "struck": (0x80, 0xFF)}, False),
        ({"flags": 1 << 26, "struck": (0, 0x7F)}, False),
        ({"flags": 0}, False),
    ],
    ids=["number format", "struck", "strike left as it is", "not struck", "nothing"],
)
def test_what_depends_on_a_condition_is_not_called_plain(
    made: dict[str, Any], known: bool, later: bool
) -> None:
    """A conditional format that shows another number, or strikes it through, is not worked out but known."""
    (page,) = read(xls(*condition(**made, later=later), number((1, 1), 4), number((4, 4), 4))).sheets
    assert list(page.conditional) == [Box(1, 1, 2, 2)] * known
    assert page.cell(1, 1).format is (Format.OTHER if known else Format.PLAIN)
    assert page.cell(4, 4).format is Format.PLAIN


def test_a_condition_of_excel_2007_that_formats_nothing_is_none() -> None:
    """Icons and bars have no length of changes, and what stands there is something else."""
    records = (
        record(0x879, bytes(12), words(1, 0, 1, 2, 1, 2, 1, 1, 2, 1, 2)),
        record(0x87A, bytes(22), b"\xff" * 9),
    )
    assert read(xls(*records)).sheets[0].conditional == []


def test_libreoffice_s_conditional_strike_is_known(office: Office, tmp_path: Path) -> None:
    """A style that strikes through by condition comes out of a real file."""
    book = Workbook()
    page = book.active
    assert page
    page["B2"] = 4
    rule = CellIsRule("lessThan", ["5"], font=STRUCK)  # type: ignore[no-untyped-call]
    page.conditional_formatting.add("B2:B3", rule)
    book.save(tmp_path / "a.xlsx")
    office.convert(tmp_path / "a.xlsx", tmp_path / "a.xls")
    assert cell(read((tmp_path / "a.xls").read_bytes()), 1, 1).format is Format.OTHER


def test_macros_and_links_are_known() -> None:
    """A sheet of macros, a project of them, and a reference to another file."""
    own, other = (record(0x1AE, words(1), name) for name in (b"\x01\x04", b"\x05\0\0a.xls"))
    plain = {"Sheet": biff.sheet()}
    macros = container({"Workbook": biff.book({**plain, "M": biff.bof(0x40) + biff.EOF}, kinds={"M": 1})})
    found = [read(data) for data in (xls(heads=(own, *HEADS)), xls(heads=(other, *HEADS)), macros)]
    assert [(book.links, book.macros) for book in found] == [(False, False), (True, False), (False, True)]
    assert [sheet.name for sheet in found[2].sheets] == ["Sheet"]


def test_a_chain_longer_than_its_stream_is_read() -> None:
    """Programs reserve sectors and do not use them; every office reads such a file."""
    stream = biff.book({"Sheet": biff.sheet(number((0, 0), 4.5))})
    assert cell(read(container({"Workbook": stream}, more=20))).value == 4.5


def biff5(code_page: int | None, text: bytes = "鸿嘉社区".encode("gbk")) -> bytes:
    """A workbook of Excel 5 that says in which code page it is written."""
    runs = record(0xD6, words(1, 0, 1, len(text)), text, bytes([2, 0, 1, 4, 0]))
    page = b"".join(
        [biff.bof(version=0x500), record(0x204, words(0, 0, 0, len(text)), text), runs,
         number((2, 0), 0.8, 2), biff.EOF]
    )  # fmt: skip
    fonts = [record(0x31, words(200, 8 * struck, 8, 400, 0), bytes(4), b"\1A") for struck in (False, True)]
    styles = [record(0xE0, words(0, n, 1), bytes(10)) for n in (0, 0, 9)]
    pages = [] if code_page is None else [record(0x42, words(code_page))]
    stream = biff.book({"社区": page}, *pages, *fonts, *styles, version=0x500, encoding="gbk")
    return container({"Book": stream})


def test_a_workbook_of_excel_5_in_chinese_is_read() -> None:
    """Names, texts and what is struck through of them, in the code page that it names."""
    book = read(biff5(936))
    assert (book.sheets[0].name, cell(book).value) == ("社区", "鸿嘉社区")
    assert (cell(book, 1).struck, cell(book, 1).shown) == (Struck.PART, "社区")
    assert (cell(book, 2).format, cell(book, 2).shown) == (Format.PERCENT, "80%")


@pytest.mark.parametrize("code_page", [None, 1252, 10008, 65001])
def test_a_workbook_of_excel_5_in_another_code_page_is_refused(code_page: int | None) -> None:
    """Where the code page is not certain, Chinese would come out garbled: it is to be saved again."""
    assert refused(biff5(code_page)) == ("file-resave", f"CODEPAGE {[code_page] if code_page else []}")


def test_bytes_that_are_not_of_the_code_page_are_refused() -> None:
    """They are not replaced by question marks."""
    assert refused(biff5(936, "社".encode()))[0] == "file-resave"


def test_what_xlrd_fails_on_and_no_cell_needs_is_passed_over() -> None:
    """A bad palette, name or conditional format does not cost the scores."""
    heads = (*HEADS, record(0x92, words(3)), record(0x92, words(3)), record(0x18, bytes(14)), record(0x293))
    inside = (record(0x1B0, bytes(3)), record(0x1B1, bytes(12)), record(0x1B8, b"x"), record(0x1C, b"x"))
    assert cell(read(xls(*inside, number((0, 0), 4.5), heads=heads))).value == 4.5


def test_the_numbers_of_a_chart_are_no_cells() -> None:
    """A chart on the sheet has records with the numbers of cells, and charts may be nested."""
    chart = b"".join(
        [biff.bof(0x20), number((0, 0), 1), biff.bof(0x20), biff.EOF, number((0, 0), 2), biff.EOF]
    )
    found = read(xls(chart, number((0, 0), 4.5), chart, number((1, 0), 5)))
    assert list(found.sheets[0].values()) == [(0, 0, 4.5), (1, 0, 5.0)]


def test_values_far_apart_cost_nothing() -> None:
    """A value in the last cell is read like one in the first."""
    found = read(xls(number((65535, 255), 1), number((0, 0), 4.5)))
    assert list(found.sheets[0].values()) == [(0, 0, 4.5), (65535, 255, 1.0)]


SHEET = biff.sheet(number((0, 0), 4.5))
BOOK = biff.book({"A": SHEET})
TWO = biff.book({"A": SHEET, "a": SHEET})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (xls(number((0, 0), 4), number((0, 0), 5)), "file-ambiguous"),
        (xls(number((0, 0), 4), biff.blank((0, 0))), "file-ambiguous"),
        (xls(record(0xBD, words(0, 0), words(0, 0, 0) * 2, words(1)), number((0, 1), 4)), "file-ambiguous"),
        (container({"Workbook": BOOK, "WORKBOOK": BOOK}), "file-ambiguous"),
        (container({"Workbook": TWO.replace(b"\1a", b"\1A")}), "file-ambiguous"),
        (xls(biff.label((0, 0), -1), heads=(*HEADS, biff.strings(biff.shared("5")))), "file-resave"),
        (xls(biff.label((0, 0), 1), heads=(*HEADS, biff.strings(biff.shared("5")))), "file-resave"),
        (xls(number((0, 0), 4, 77)), "file-resave"),
        (xls(number((0, 300), 4)), "file-resave"),
        (xls(record(0x203, b"\0")), "file-resave"),
        (container({"Workbook": biff.book({"A": SHEET[:-4]})}), "file-resave"),
        (container({"Workbook": biff.book({"A": SHEET[20:]})}), "file-resave"),
        (container({"Workbook": biff.bof(0x05, 0x400) + biff.EOF}), "file-resave"),
        (container({"Workbook": b""}), "file-resave"),
        (xls(heads=(record(0x2F, bytes(6)), *HEADS)), "file-password"),
        (xls(number((0, 0), 4))[:2000], "file-damaged"),
        (xls(*[record(0xE5, words(0xFFFF))] * 2), "unsafe-box"),
        (container({"Other": b""}), "file-ambiguous"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file-damaged"),
    ],
    ids=[
        "a cell twice", "a value and a blank in one cell", "a cell twice, once in a row", "two workbooks",
        "two sheets of one name", "a text before the first", "a text behind the last",
        "a style that is not there", "a column that is not there", "a short record", "no end",
        "no beginning", "Excel 4", "no records",
        "encrypted", "cut off", "too many boxes", "no workbook", "nothing but a beginning",
    ],
)  # fmt: skip
def test_what_cannot_be_read_for_certain_is_refused_by_name(data: bytes, code: str) -> None:
    """Nothing of it counts in silence, and only what is cut off or torn is called damaged."""
    assert refused(data)[0] == code


def test_sheets_in_one_place_are_refused() -> None:
    """Thousands of sheets may not cost the reading of one of them thousands of times."""
    stream = biff.book({"A": SHEET, "B": SHEET})
    second = stream.index(record(0x85, b"")[:2], stream.index(b"\x85\0") + 2)
    first_start = stream[stream.index(b"\x85\0") + 4 :][:4]
    shared_start = stream[: second + 4] + first_start + stream[second + 8 :]
    assert refused(container({"Workbook": shared_start})) == ("file-ambiguous", "BOUNDSHEET")


def test_numbers_that_are_none_are_errors() -> None:
    """A file may hold what no office calculates."""
    assert [cell(read(xls(number((0, 0), value)))).error for value in (float("inf"), float("nan"))] == [
        "#NUM!"
    ] * 2
