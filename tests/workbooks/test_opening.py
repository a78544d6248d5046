"""What a file is and whether a parser may see it is told from its bytes, before any parser."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.catalogue import CATALOGUE
from greenxl.findings import Finding
from greenxl.returns.reader import Reading, read_bytes
from greenxl.scoring.checking import check
from greenxl.workbooks.opening import Workbook, inspect
from tests.conftest import SAMPLES
from tests.tools.office import Office
from tests.tools.spoil import (
    SHEET,
    SPOILED,
    STRINGS,
    Spoiled,
    far,
    formatted_rows,
    good,
    members,
    packed,
    replaced,
    with_part,
)


def found(reading: Reading, campaign: Campaign) -> list[Finding]:
    return [*reading.findings, *(f for s in reading.sheets for f in check(s, campaign).findings)]


def opened(data: bytes, name: str = "a.xlsx") -> Workbook:
    book = inspect(name, data)
    assert isinstance(book, Workbook)
    return book


@pytest.mark.parametrize("spoiled", SPOILED, ids=lambda spoiled: spoiled.name)
def test_each_spoiled_return_gets_its_finding_at_its_cell(spoiled: Spoiled, huantai: Campaign) -> None:
    """Each class of spoiled return has the outcome, the code and the cell that the specification gives it."""
    reading = read_bytes(spoiled.file, spoiled.make(good(huantai)), huantai)
    told = [(f.code, f.cell) for f in found(reading, huantai)]
    assert (spoiled.code, spoiled.cell) in told
    assert reading.entry.outcome == ("read" if spoiled.read else "rejected")
    if not spoiled.read:
        assert reading.entry.reason
        assert (reading.entry.reason.code, reading.sheets) == (spoiled.code, ())


def test_the_good_return_has_no_finding(huantai: Campaign) -> None:
    """What the spoiled returns are made of is read without a word."""
    reading = read_bytes("a.xlsx", good(huantai), huantai)
    assert (reading.entry.outcome, found(reading, huantai)) == ("read", [])
    (sheet,) = reading.sheets
    assert check(sheet, huantai).total == 90


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
    refusal = inspect("a.xlsx", data)
    assert isinstance(refusal, Finding)
    assert refusal.message("en") == message


def test_the_message_about_a_far_value_names_sheet_and_limit(huantai: Campaign) -> None:
    """A value in the last cell of the sheet is refused by name, with the count it would have cost."""
    data = replaced(SHEET, "</sheetData>", '<row r="9"><c r="XFD1048576"><v>1</v></c></row></sheetData>')(
        good(huantai)
    )
    refusal = inspect("a.xlsx", data)
    assert isinstance(refusal, Finding)
    assert refusal.where() == "a.xlsx › 鸿嘉社区"
    assert refusal.message("en") == (
        "The values on the sheet lie so far apart that 17,179,869,184 cells would have to be read; "
        "the limit is 5,000,000. Delete what stands far outside the form and return the file again."
    )


def test_a_sheet_with_every_row_formatted_is_read(huantai: Campaign) -> None:
    """A million formatted rows hold no value, and only values count."""
    reading = read_bytes("a.xlsx", formatted_rows(good(huantai)), huantai)
    assert (reading.entry.outcome, found(reading, huantai)) == ("read", [])


def test_a_wrong_dimension_is_not_believed(huantai: Campaign) -> None:
    """WPS may write a dimension of one cell; the form is read in full all the same."""

    def wrong(text: str) -> str:
        return re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', text)

    data = with_part(good(huantai), SHEET, wrong)
    reading = read_bytes("a.xlsx", data, huantai)
    assert found(reading, huantai) == []
    assert check(reading.sheets[0], huantai).total == 90


def test_cells_without_addresses_are_counted_on(huantai: Campaign) -> None:
    """Rows and cells may leave their addresses out; the box around the values is the same."""
    data = with_part(good(huantai), SHEET, lambda text: re.sub(r'<(row|c) r="\w+"', r"<\1", text))
    assert "<row r=" not in members(data)[SHEET].decode()
    assert opened(data).pages["鸿嘉社区"] == opened(good(huantai)).pages["鸿嘉社区"]


def test_a_long_attribute_does_not_hide_a_cell(huantai: Campaign) -> None:
    """A bracket inside an attribute does not end the tag before its address."""
    data = replaced(SHEET, "</sheetData>", '<c x="a>b" r="XFD1048576"><v>1</v></c></sheetData>')(
        good(huantai)
    )
    refusal = inspect("a.xlsx", data)
    assert isinstance(refusal, Finding)
    assert refusal.code == "unsafe-box"


@pytest.mark.parametrize("name", ["xl/worksheets/sheet2.dat", "xl/media/image1.png"])
def test_a_sheet_under_another_name_is_looked_at_too(name: str, huantai: Campaign) -> None:
    """The workbook's relations may call a sheet anything, and a parser follows them."""
    parts = members(far("XFD1048576")(good(huantai)))
    parts[name] = parts.pop(SHEET)
    relations = "xl/_rels/workbook.xml.rels"
    moved = name.removeprefix("xl/").encode()
    parts[relations] = parts[relations].replace(b"worksheets/sheet2.xml", moved)
    refusal = inspect("a.xlsx", packed(parts))
    assert isinstance(refusal, Finding)
    assert (refusal.code, refusal.sheet) == ("unsafe-box", "鸿嘉社区")


def test_a_doctype_in_utf16_is_seen(huantai: Campaign) -> None:
    """An XML part may come in UTF-16; its entities are refused all the same."""
    text = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "b">]><sst/>'
    data = packed({**members(good(huantai)), STRINGS: text.encode("utf-16")})
    refusal = inspect("a.xlsx", data)
    assert isinstance(refusal, Finding)
    assert refusal.code == "unsafe-dtd"


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
    data = with_part(good(huantai), "docProps/core.xml", core(written))
    assert opened(data).saved == saved
    (sheet,) = read_bytes("a.xlsx", data, huantai).sheets
    assert sheet.saved == saved


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
    assert book.saved
    assert book.saved.tzinfo


def test_links_to_other_workbooks_are_told_in_old_and_open_formats() -> None:
    """A formula that draws on another file earns a warning; one that draws on another sheet does not."""
    (old,) = (path.read_bytes() for path in (SAMPLES / "returned").glob("*.xls"))
    (open_,) = (path.read_bytes() for path in (SAMPLES / "returned").glob("*.ods"))
    own, another = struct.pack("<4H", 0x1AE, 4, 3, 0x0401), struct.pack("<4H", 0x1AE, 4, 3, 9)
    assert old.count(own) == 1
    linked = with_part(
        open_, "content.xml", lambda text: text.replace("of:=", "of:=['file:///a.ods'#A.A1]+", 1)
    )
    told = [opened(data, name).findings for name, data in (
        ("a.xls", old), ("a.ods", open_), ("a.xls", old.replace(own, another)), ("a.ods", linked),
    )]  # fmt: skip
    assert [[f.code for f in findings] for findings in told] == [[], [], ["file-links"], ["file-links"]]


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2], ids=["LZMA", "bzip2"])
def test_a_workbook_packed_as_no_office_packs_one_is_refused(method: int, huantai: Campaign) -> None:
    """It could be unpacked here, but no office opens it, so that nobody saw what it shows."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        for name, part in members(good(huantai)).items():
            box.writestr(name, part, method if name == SHEET else zipfile.ZIP_DEFLATED)
    refusal = inspect("a.xlsx", buffer.getvalue())
    assert isinstance(refusal, Finding)
    assert (refusal.code, refusal.found) == ("file-ambiguous", SHEET)


def test_a_workbook_packed_in_a_way_that_is_not_unpacked_is_refused_alike(huantai: Campaign) -> None:
    """It is not damaged: the remedy is to save it again."""
    data = bytearray(good(huantai))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, 9)
    refusal = inspect("a.xlsx", bytes(data))
    assert isinstance(refusal, Finding)
    assert (refusal.code, refusal.found) == ("file-ambiguous", "Deflate64")


def test_a_mail_that_may_not_be_opened_any_more_is_named(huantai: Campaign) -> None:
    """Bytes that are a mail are none of a workbook, wherever they come from."""
    refusal = inspect("a.xlsx", b"From: a\r\nTo: b\r\n\r\nx")
    assert isinstance(refusal, Finding)
    assert refusal.code == "archive-nested"


def test_the_catalogue_holds_every_code_that_the_generator_expects() -> None:
    """No spoiled return waits for a finding that does not exist."""
    assert {spoiled.code for spoiled in SPOILED} <= CATALOGUE.keys()
