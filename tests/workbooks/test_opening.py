"""From a file's bytes to the workbook that they are: known by content, refused by name, never believed."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding
from greenxl.workbooks.opening import Workbook, open_workbook, size_text
from tests.conftest import SAMPLES
from tests.tools.office import Office
from tests.tools.packages import content_types
from tests.tools.spoil import (
    SHEET,
    STRINGS,
    added,
    encrypted,
    far,
    formatted_rows,
    good,
    members,
    packed,
    replaced,
    with_part,
)

NAME = "鸿嘉社区"


def opened(data: bytes, name: str = "a.xlsx") -> Workbook:
    book = open_workbook(name, data)
    assert isinstance(book, Workbook)
    return book


def refused(data: bytes, name: str = "a.xlsx") -> Finding:
    refusal = open_workbook(name, data)
    assert isinstance(refusal, Finding)
    assert refusal.file == name
    return refusal


def values(book: Workbook) -> list[tuple[int, int, object]]:
    sheet = book.cells.sheet(NAME)
    assert sheet
    return list(sheet.values())


def test_a_good_workbook_is_opened_without_a_word(huantai: Campaign) -> None:
    """Its sheets in the order of their tabs, the hidden one among them."""
    book = opened(good(huantai))
    assert (book.kind, book.findings) == ("xlsx", ())
    assert [sheet.name for sheet in book.cells.sheets] == ["填报说明", NAME, "_greenxl"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"%PDF-1.7",
            "This is a PDF document, not a spreadsheet. Ask for the score workbook as .xlsx.",
        ),
        (
            b"<html><table>",
            "This is a web page (HTML), whatever the file is called. "
            "Open it in Excel or WPS, save it as .xlsx and return that.",
        ),
        (
            b"Rar!\x1a\x07\x01\0",
            "This is a RAR archive, which is not opened here. "
            "Unpack it into the folder, or have the workbooks sent as they are or in a zip.",
        ),
        (b"", "The file is empty (0 bytes). Ask for it again."),
    ],
    ids=["PDF", "HTML", "RAR", "empty"],
)
def test_a_refusal_says_what_the_file_is_and_what_to_do(data: bytes, message: str) -> None:
    """The message names the kind of file, not only that it is wrong."""
    assert refused(data).message("en") == message


def test_a_mail_that_may_not_be_opened_any_more_is_named() -> None:
    """Bytes that are a mail are none of a workbook, wherever they come from."""
    assert refused(b"From: a\r\nTo: b\r\n\r\nx").code == "archive-nested"


# Names and kinds


def xls_sample() -> bytes:
    (path,) = (SAMPLES / "returned").glob("*.xls")
    return path.read_bytes()


def ods_sample() -> bytes:
    (path,) = (SAMPLES / "returned").glob("*.ods")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "noted"),
    [("a.xlsx", False), ("A.XLSX", False), ("a.xlsm", False), ("a.xls", True), ("a.ods", True), ("a", True)],
)
def test_a_file_is_known_by_its_content(huantai: Campaign, name: str, noted: bool) -> None:
    """Its name only ever earns a note."""
    book = opened(good(huantai), name)
    assert book.kind == "xlsx"
    assert [one.code for one in book.findings] == ["file-extension"] * noted


def test_each_format_is_opened_as_what_it_is() -> None:
    """Under the name of another one, too."""
    for data, kind in ((xls_sample(), "xls"), (ods_sample(), "ods")):
        book = opened(data, "a.xlsx")
        [note] = book.findings
        assert (book.kind, note.code, dict(note.values)["wanted"]) == (kind, "file-extension", f".{kind}")
        assert opened(data, f"a.{kind}").findings == ()


def test_a_password_is_told_and_excel_s_own_is_known(huantai: Campaign) -> None:
    """Protecting the structure of a workbook encrypts it with a password that nobody typed."""
    assert refused(encrypted("secret")(good(huantai))).code == "file-password"
    book = opened(encrypted("VelvetSweatshop")(good(huantai)))
    assert [one.code for one in book.findings] == ["file-default-password"]
    assert values(book) == values(opened(good(huantai)))


def test_what_is_encrypted_may_be_no_workbook() -> None:
    """It is named as what it is."""
    word = packed(
        {"[Content_Types].xml": content_types({}).encode(), "word/a.bin": random.Random(1).randbytes(9_000)}
    )
    assert refused(encrypted("VelvetSweatshop")(word)).code == "file-kind"


@pytest.mark.parametrize("length", [40, 600, 9_000])
@pytest.mark.parametrize("sample", ["xlsx", "xls", "ods"])
def test_a_file_cut_off_is_damaged(huantai: Campaign, sample: str, length: int) -> None:
    """However much of it came."""
    data = {"xlsx": good(huantai), "xls": xls_sample(), "ods": ods_sample()}[sample]
    assert refused(data[:length], f"a.{sample}").code in ("file-damaged", "file-kind", "file-resave")


# What a container may hold


def test_a_workbook_that_swells_is_refused_though_nothing_reads_that_part(huantai: Campaign) -> None:
    """A picture of nothing: an office would inflate it."""
    refusal = refused(added("xl/media/a.png", bytes(20_000_000))(good(huantai)))
    assert (refusal.code, refusal.found) == ("unsafe-inflation", "xl/media/a.png")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2], ids=["LZMA", "bzip2"])
def test_a_workbook_packed_as_no_office_packs_one_is_refused(method: int, huantai: Campaign) -> None:
    """It could be unpacked here, but no office opens it, so that nobody saw what it shows."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        for name, part in members(good(huantai)).items():
            box.writestr(name, part, method if name == SHEET else zipfile.ZIP_DEFLATED)
    refusal = refused(buffer.getvalue())
    assert (refusal.code, refusal.found) == ("file-ambiguous", SHEET)


def test_a_workbook_packed_in_a_way_that_is_not_unpacked_is_refused_alike(huantai: Campaign) -> None:
    """It is not damaged: the remedy is to save it again."""
    data = bytearray(good(huantai))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, 9)
    refusal = refused(bytes(data))
    assert (refusal.code, refusal.found) == ("file-ambiguous", "Deflate64")


@pytest.mark.parametrize("part", [SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml"])
def test_a_doctype_in_utf16_is_seen(huantai: Campaign, part: str) -> None:
    """An XML part may come in UTF-16; its entities are refused all the same."""
    text = members(good(huantai))[part].decode().partition("?>")[2]
    spoilt = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]>{text}'
    assert refused(packed({**members(good(huantai)), part: spoilt.encode("utf-16")})).code == "unsafe-dtd"


def test_an_ambiguous_workbook_is_refused_with_its_sheet_and_remedy(huantai: Campaign) -> None:
    """What stood there is quoted; opening and saving it mends it."""
    refusal = refused(replaced(SHEET, '<c r="E8"', '<c r="E7"><v>1</v></c><c r="E8"')(good(huantai)))
    assert (refusal.code, refusal.sheet) == ("file-ambiguous", NAME)
    assert refusal.message("en").endswith("Open it in Excel or WPS, save it again as .xlsx and return that.")


# What a file says of itself


def test_a_sheet_with_every_row_formatted_is_read(huantai: Campaign) -> None:
    """A million formatted rows hold no value, and only values count."""
    assert values(opened(formatted_rows(good(huantai)))) == values(opened(good(huantai)))


def test_a_wrong_dimension_is_not_believed(huantai: Campaign) -> None:
    """WPS may write a dimension of one cell; the form is read in full all the same."""

    def wrong(text: str) -> str:
        return re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', text)

    assert values(opened(with_part(good(huantai), SHEET, wrong))) == values(opened(good(huantai)))


def test_a_count_of_texts_is_not_believed(huantai: Campaign) -> None:
    """Nothing is allotted for four thousand million texts that are not there."""
    data = replaced(STRINGS, 'uniqueCount="', 'uniqueCount="40000000')(good(huantai))
    assert values(opened(data)) == values(opened(good(huantai)))


def test_cells_without_addresses_are_counted_on(huantai: Campaign) -> None:
    """Rows and cells may leave their addresses out; they stand where they would else."""
    filled = re.sub(r"<c r=\"[A-Z]+2\"[^>]*/>", "", members(good(huantai))[SHEET].decode())
    data = packed({**members(good(huantai)), SHEET: filled.encode()})
    bare = with_part(data, SHEET, lambda text: re.sub(r'<row r="\w+"', "<row", text))
    assert "<row r=" not in members(bare)[SHEET].decode()
    assert values(opened(bare)) == values(opened(data))


def test_a_value_in_the_last_cell_costs_no_more_than_any(huantai: Campaign) -> None:
    """Nothing is allotted between it and the form."""
    book = opened(far("XFD1048576")(good(huantai)))
    assert values(book)[-1] == (1_048_575, 16_383, 1.0)


@pytest.mark.parametrize("name", ["xl/worksheets/sheet2.dat", "xl/media/image1.png"])
def test_a_sheet_under_another_name_is_read_all_the_same(name: str, huantai: Campaign) -> None:
    """The workbook's relations may call a sheet anything, and an office follows them."""
    parts = members(good(huantai))
    parts[name] = parts.pop(SHEET)
    relations = "xl/_rels/workbook.xml.rels"
    moved = name.removeprefix("xl/").encode()
    parts[relations] = parts[relations].replace(b"worksheets/sheet2.xml", moved)
    types = "[Content_Types].xml"
    parts[types] = parts[types].replace(f"/{SHEET}".encode(), f"/{name}".encode())
    assert values(opened(packed(parts))) == values(opened(good(huantai)))


def core(moment: str) -> Callable[[str], str]:
    return lambda text: re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{moment}", text)


@pytest.mark.parametrize(
    ("written", "saved"),
    [
        ("2021-09-30T08:15:00Z", datetime(2021, 9, 30, 8, 15, tzinfo=UTC)),
        ("2021-09-30T16:15:00+08:00", datetime(2021, 9, 30, 8, 15, tzinfo=UTC)),
        ("2021-09-30T16:15:00", datetime(2021, 9, 30, 8, 15, tzinfo=UTC)),
        ("yesterday", None),
    ],
    ids=["UTC", "zone", "no zone: the county's", "no time"],
)
def test_the_time_of_saving_comes_from_the_workbook(
    written: str, saved: datetime | None, huantai: Campaign
) -> None:
    """It is the one in the workbook's own properties, not that of the file."""
    assert opened(with_part(good(huantai), "docProps/core.xml", core(written))).cells.saved == saved


@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_other_formats_say_when_they_were_saved(
    suffix: str, huantai: Campaign, office: Office, tmp_path: Path
) -> None:
    """LibreOffice's own files carry the time at which it saved them, and it is read from both."""
    source, target = tmp_path / "a.xlsx", tmp_path / f"a{suffix}"
    source.write_bytes(good(huantai))
    office.convert(source, target)
    book = opened(target.read_bytes(), target.name)
    assert book.kind == suffix[1:]
    assert book.cells.saved
    assert book.cells.saved.tzinfo


@pytest.mark.parametrize(
    ("part", "macros", "links"),
    [
        ("xl/vbaProject.bin", True, False),
        ("xl/macrosheets/sheet1.xml", True, False),
        ("xl/externalLinks/externalLink1.xml", False, True),
        ("xl/media/image1.png", False, False),
    ],
)
def test_what_would_act_is_known_though_nothing_refers_to_it(
    huantai: Campaign, part: str, macros: bool, links: bool
) -> None:
    """A repair may find it again."""
    cells = opened(added(part, b"<x/>")(good(huantai)), "a.xlsm").cells
    assert (cells.macros, cells.links) == (macros, links)


def test_links_to_other_workbooks_are_known_in_old_and_open_formats() -> None:
    """A formula that draws on another file is one; one that draws on another sheet is not."""
    old, open_ = xls_sample(), ods_sample()
    own, another = struct.pack("<4H", 0x1AE, 4, 3, 0x0401), struct.pack("<4H", 0x1AE, 4, 3, 9)
    assert old.count(own) == 1
    linked = with_part(
        open_, "content.xml", lambda text: text.replace("of:=", "of:=['file:///a.ods'#A.A1]+", 1)
    )
    found = [opened(data, name).cells.links for name, data in (
        ("a.xls", old), ("a.ods", open_), ("a.xls", old.replace(own, another)), ("a.ods", linked),
    )]  # fmt: skip
    assert found == [False, False, True, True]


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (40 * 1024**2, "40 MiB"),
        (60 * 1024**3, "60 GiB"),
        (1536 * 1024, "1.5 MiB"),
        (1024, "0 MiB"),
    ],
)
def test_sizes_are_told_in_one_unit(size: int, text: str) -> None:
    """As people count them."""
    assert size_text(size) == text


def test_only_the_sheets_that_are_needed_are_read(huantai: Campaign) -> None:
    """Of the others the names are known, and whether they are hidden."""
    whole = opened(good(huantai))
    book = open_workbook("a.xlsx", good(huantai), lambda names: [name for name in names if name == NAME])
    assert isinstance(book, Workbook)
    assert [(one.name, one.state) for one in book.cells.sheets] == [
        (one.name, one.state) for one in whole.cells.sheets
    ]
    assert values(book) == values(whole)
    assert [bool(one.rows) for one in book.cells.sheets] == [False, True, False]
