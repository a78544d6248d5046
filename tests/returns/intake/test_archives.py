"""What is in an archive stands for itself, within one budget for all that is nested in it."""

import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns.intake import content, fingerprint, take_in
from greenxl.returns.reader import read
from greenxl.workbooks.opening import MOST_BYTES
from greenxl.workbooks.safe_zip import MOST_INFLATED
from tests.tools.intakes import names, put, told, zipped
from tests.tools.spoil import SIZE, good, members, packed, with_directory


def test_members_of_a_zip_stand_for_themselves(folder: Path, huantai: Campaign) -> None:
    """Each member is named by archive and member, and read as a file would be."""
    put(folder, {"r.zip": packed({"索镇/a.xlsx": good(huantai), "b.txt": b"abc"})})
    intake = take_in([folder])
    assert names(intake) == ["in/r.zip/b.txt", "in/r.zip/索镇/a.xlsx"]
    assert (told(intake), intake.findings) == ([("in/r.zip", "read", "archive-opened")], ())
    assert intake.entries[0].sha256 == fingerprint(Path("in/r.zip"))[0]
    reading = read(intake.sources[1], huantai)
    assert (reading.entry.outcome, reading.entry.sheets_read) == ("read", 1)
    assert reading.entry.bytes == len(good(huantai))


def test_a_workbook_is_no_archive_whatever_it_is_called(folder: Path, huantai: Campaign) -> None:
    """What a zip is, is told by its content: a workbook called .zip is read, a zip called .xlsx opened."""
    put(folder, {"book.zip": good(huantai), "archive.xlsx": packed({"a.xlsx": good(huantai)})})
    intake = take_in([folder])
    assert names(intake) == ["in/archive.xlsx/a.xlsx", "in/book.zip"]
    assert [f.code for f in read(intake.sources[1], huantai).findings] == ["file-extension"]


def test_a_workbook_packed_in_another_order_is_no_archive(folder: Path, huantai: Campaign) -> None:
    """The first member need not be one that workbooks begin with."""
    put(folder, {"a.xlsx": packed({"zzz.txt": b"", **members(good(huantai))})})
    assert names(take_in([folder])) == ["in/a.xlsx"]


def test_archives_are_opened_one_level_deep(folder: Path) -> None:
    """An archive in an archive is opened, one more in it is refused by name."""
    third = packed({"c.xlsx": b"3"})
    second = packed({"b.xlsx": b"2", "three.zip": third})
    put(folder, {"one.zip": packed({"a.xlsx": b"1", "two.zip": second})})
    intake = take_in([folder])
    assert names(intake) == ["in/one.zip/a.xlsx", "in/one.zip/two.zip/b.xlsx"]
    assert [content(source) for source in intake.sources] == [b"1", b"2"]
    assert told(intake) == [
        ("in/one.zip", "read", "archive-opened"),
        ("in/one.zip/two.zip", "read", "archive-opened"),
        ("in/one.zip/two.zip/three.zip", "rejected", "archive-nested"),
    ]
    assert [f.code for f in intake.findings] == ["archive-nested"]


@pytest.mark.parametrize(
    ("encoding", "flags", "guessed"),
    [("utf-8", 0x800, False), ("utf-8", 0, True), ("gb18030", 0, True)],
    ids=["marked UTF-8", "unmarked UTF-8", "Chinese Windows"],
)
def test_member_names_are_read_in_any_code_page(
    encoding: str, flags: int, guessed: bool, folder: Path
) -> None:
    """Names come out right from every packer; where the code page was guessed, a note says so."""
    put(folder, {"r.zip": zipped({"果里镇/城区街道办事处.xlsx".encode(encoding): b"x"}, flags)})
    intake = take_in([folder])
    assert names(intake) == ["in/r.zip/果里镇/城区街道办事处.xlsx"]
    assert [f.code for f in intake.findings] == ["names-guessed"] * guessed
    assert content(intake.sources[0]) == b"x"


def test_the_unicode_name_beside_another_one_counts(folder: Path) -> None:
    """Info-ZIP's own field holds the name in UTF-8 and is believed where its checksum fits."""
    raw, name = b"\xff\xfe\xfd.xlsx", "索镇.xlsx".encode()
    field = struct.pack("<BI", 1, zlib.crc32(raw)) + name
    extra = struct.pack("<2H", 0x7075, len(field)) + field
    put(folder, {"r.zip": zipped({raw: b"x"}, extra=extra)})
    intake = take_in([folder])
    assert (names(intake), intake.findings) == (["in/r.zip/索镇.xlsx"], ())


def test_members_that_point_outside_write_nothing(folder: Path, tmp_path: Path, huantai: Campaign) -> None:
    """Nothing is ever extracted by a member's name."""
    put(folder, {"r.zip": packed({"../../evil.xlsx": good(huantai), "/etc/x": b"1", "C:\\y.xlsx": b"2"})})
    before = sorted(tmp_path.rglob("*"))
    intake = take_in([folder])
    assert [read(source, huantai).entry.outcome for source in intake.sources] == [
        "read",
        "rejected",
        "rejected",
    ]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("members", [{"folder/": b""}, {}], ids=["only a folder", "nothing"])
def test_an_archive_without_files_is_told(folder: Path, members: dict[str, bytes]) -> None:
    """It must not vanish from the ledger."""
    put(folder, {"r.zip": packed(members)})
    assert told(take_in([folder])) == [("in/r.zip", "rejected", "archive-empty")]


def test_too_many_files_in_archives_together_are_refused(folder: Path) -> None:
    """The limit of members holds for an archive with all that is nested in it."""
    many = packed({f"{n:04}.xlsx": b"" for n in range(600)})
    put(folder, {"r.zip": packed({"a.zip": many, "b.zip": many})})
    assert told(take_in([folder])) == [("in/r.zip", "rejected", "unsafe-members")]


def test_archives_in_an_archive_are_counted_while_they_are_listed(folder: Path) -> None:
    """The listing ends with the limit, not with the last of hundreds of archives."""
    many = packed({f"{n:04}.xlsx": b"" for n in range(900)})
    put(folder, {"r.zip": packed({f"{n:03}.zip": many for n in range(200)})})
    start = time.process_time()
    (entry,) = take_in([folder]).entries
    assert time.process_time() - start < 1
    assert entry.reason
    assert (entry.reason.code, entry.reason.found) == ("unsafe-members", "1,001")


def test_archives_in_an_archive_may_not_state_too_much_together(folder: Path) -> None:
    """What one may not hold, ten may not hold either."""
    half = with_directory(packed({"a": b"1"}), "a", SIZE, MOST_INFLATED // 2)
    put(folder, {"r.zip": packed({f"{n}.zip": half for n in range(3)})})
    assert told(take_in([folder])) == [("in/r.zip", "rejected", "unsafe-size")]


def test_an_archive_too_big_to_be_read_is_not_inflated_to_be_listed(folder: Path, huantai: Campaign) -> None:
    """It stands as a file, and who reads it says why it is not."""
    put(
        folder,
        {"r.zip": with_directory(packed({"a.zip": packed({"a": b"1"})}), "a.zip", SIZE, MOST_BYTES + 1)},
    )
    (source,) = take_in([folder]).sources
    reason = read(source, huantai).entry.reason
    assert reason
    assert (source.name, reason.code) == ("in/r.zip/a.zip", "file-too-big")


def test_a_damaged_archive_is_left_to_who_reads_it(folder: Path, huantai: Campaign) -> None:
    """It stands as one file, which is then refused with its reason."""
    put(folder, {"r.zip": packed({"a.xlsx": good(huantai)})[:-30]})
    (source,) = take_in([folder]).sources
    reason = read(source, huantai).entry.reason
    assert reason
    assert (source.name, reason.code) == ("in/r.zip", "file-damaged")


def test_a_damaged_member_leaves_the_others(folder: Path, huantai: Campaign) -> None:
    """One member whose checksum is wrong is refused; the one beside it is read."""
    data = packed({"a.xlsx": good(huantai), "b.xlsx": good(huantai)})
    put(folder, {"r.zip": with_directory(data, "a.xlsx", 16, 1)})
    readings = [read(source, huantai) for source in take_in([folder]).sources]
    codes = [r.entry.reason.code if r.entry.reason else "" for r in readings]
    assert codes == ["file-damaged", ""]


def test_members_with_a_password_are_refused_by_name(folder: Path) -> None:
    """A protected member is named; nothing else is held against the archive."""
    data = bytearray(packed({"a.xlsx": b"1"}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    put(folder, {"r.zip": bytes(data)})
    assert told(take_in([folder])) == [
        ("in/r.zip", "read", "archive-opened"),
        ("in/r.zip/a.xlsx", "rejected", "archive-password"),
    ]


def test_members_packed_in_other_ways_are_read_or_named(folder: Path, huantai: Campaign) -> None:
    """bzip2 and LZMA are read; Deflate64 is named, and never called damaged."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        box.writestr("a.xlsx", good(huantai), zipfile.ZIP_BZIP2)
        box.writestr("b.xlsx", good(huantai), zipfile.ZIP_LZMA)
        box.writestr("c.xlsx", good(huantai), zipfile.ZIP_DEFLATED)
    data = bytearray(buffer.getvalue())
    struct.pack_into("<H", data, data.rindex(b"PK\x01\x02") + 10, 9)
    put(folder, {"r.zip": bytes(data)})
    intake = take_in([folder])
    assert [read(source, huantai).entry.outcome for source in intake.sources] == ["read", "read"]
    assert [(f.where(), f.message("en")) for f in intake.findings] == [
        (
            "in/r.zip/c.xlsx",
            "It is compressed in a way that greenxl does not read (Deflate64). "
            "Unpack it with the program that packed it and put the files into the folder.",
        )
    ]
