"""Every file below the given paths stands once: to be read, skipped, or refused by name."""

import io
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.errors import WrongUseError
from greenxl.returns import intake as intake_module
from greenxl.returns.inspection import MOST_BYTES
from greenxl.returns.intake import Intake, Source, content, fingerprint, take_in
from greenxl.returns.reader import read
from greenxl.returns.safe_zip import MOST_INFLATED
from tests.tools.spoil import SIZE, good, members, packed, with_directory


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder called ``in`` that the command is pointed at from beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    return Path("in")


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def names(intake: Intake) -> list[str]:
    return [source.name for source in intake.sources]


def told(intake: Intake) -> list[tuple[str, str, str]]:
    return [(e.file, e.outcome, e.reason.code if e.reason else "") for e in intake.entries]


def zipped(files: Mapping[bytes, bytes], flags: int = 0, extra: bytes = b"") -> bytes:
    """A zip whose member names are these very bytes, in whatever code page."""
    buffer = io.BytesIO()
    placeholders = {f"{number:0{len(name)}}": name for number, name in enumerate(files)}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as box:
        for placeholder, name in placeholders.items():
            info = zipfile.ZipInfo(placeholder)
            info.extra = extra
            box.writestr(info, files[name], zipfile.ZIP_DEFLATED)
    data = buffer.getvalue()
    for placeholder, name in placeholders.items():
        data = data.replace(placeholder.encode(), name)
    spoilt = bytearray(data)
    at = -1
    while (at := spoilt.find(b"PK\x01\x02", at + 1)) >= 0:
        spoilt[at + 8 : at + 10] = struct.pack("<H", flags)
    return bytes(spoilt)


def test_folders_of_any_depth_are_searched_in_the_order_of_names(folder: Path) -> None:
    """Files come in the order of their names, whatever folder they stand in."""
    put(folder, {"b.xlsx": b"1", "a/z.xlsx": b"2", "a/深/层/y.xlsx": b"3"})
    intake = take_in([folder])
    assert names(intake) == ["in/a/z.xlsx", "in/a/深/层/y.xlsx", "in/b.xlsx"]
    assert (intake.entries, intake.findings) == ((), ())


def test_temporary_hidden_and_system_files_are_listed_as_skipped(folder: Path) -> None:
    """They are no returns, yet each stands in the ledger, with its size and digest."""
    skipped = [
        "~$a.xlsx", "a.xlsx.tmp", ".greenxl-x.tmp", ".hidden.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store",
        "__MACOSX/._a.xlsx", ".git/a.xlsx",
    ]  # fmt: skip
    put(folder, dict.fromkeys(skipped, b"abc"))
    intake = take_in([folder])
    assert names(intake) == []
    assert told(intake) == [(f"in/{name}", "skipped", "skipped-temporary") for name in sorted(skipped)]
    assert {entry.bytes for entry in intake.entries} == {3}


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("b.xlsx", ["in/a/b.xls"]),
        ("*.XLSX", ["in/a/b.xls"]),
        ("a/*", ["in/b.xlsx"]),
        ("in/a/*", ["in/b.xlsx"]),
        ("in", ["in/a/b.xls", "in/b.xlsx"]),
        ("*", []),
    ],
)
def test_excluded_files_are_left_out_and_listed(pattern: str, left: list[str], folder: Path) -> None:
    """A pattern is matched against the name from any folder on, without regard to case."""
    put(folder, {"b.xlsx": b"1", "a/b.xls": b"2"})
    intake = take_in([folder], exclude=[pattern])
    assert names(intake) == left
    assert {code for _file, _outcome, code in told(intake)} <= {"skipped-excluded"}
    assert len(intake.entries) == 2 - len(left)
    for entry in intake.entries:
        assert entry.reason
        assert entry.reason.message("en") == f"Left out on purpose: the name matches --exclude {pattern}."


def test_a_file_given_twice_counts_once(folder: Path) -> None:
    """A path given twice, or once by itself and once by its folder, is one file."""
    put(folder, {"a.xlsx": b"1"})
    assert names(take_in([folder, folder / "a.xlsx", folder])) == ["in/a.xlsx"]


def test_a_missing_path_is_a_wrong_use(folder: Path) -> None:
    """What does not exist cannot be meant."""
    with pytest.raises(WrongUseError, match=r"in/no\.xlsx: there is no such file or folder"):
        take_in([folder / "no.xlsx"])


def symlink(link: Path, target: str) -> None:
    try:
        link.symlink_to(target)
    except OSError as error:
        pytest.skip(f"this system makes no links: {error}")


def test_links_neither_loop_nor_count_twice(folder: Path) -> None:
    """A link to a folder above and one to itself end by name; so does one to a file that was listed."""
    put(folder, {"a.xlsx": b"1", "sub/b.xlsx": b"2", ".git/x": b""})
    for link, target in {
        "sub/loop": "..", "beside": "sub", "itself.xlsx": "itself.xlsx", "z.xlsx": "a.xlsx",
        "nowhere.xlsx": "gone.xlsx", ".git/loop": "..",
    }.items():  # fmt: skip
        symlink(folder / link, target)
    intake = take_in([folder])
    assert names(intake) == ["in/a.xlsx", "in/sub/b.xlsx"]
    assert told(intake) == [
        ("in/.git/loop", "skipped", "skipped-temporary"),
        ("in/.git/x", "skipped", "skipped-temporary"),
        ("in/beside", "skipped", "link-loop"),
        ("in/itself.xlsx", "skipped", "link-loop"),
        ("in/nowhere.xlsx", "skipped", "skipped-special"),
        ("in/sub/loop", "skipped", "link-loop"),
        ("in/z.xlsx", "skipped", "skipped-same"),
    ]


def test_links_out_of_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    """Neither to a file nor to a folder; what lies below another given path is inside."""
    put(folder, {"a.xlsx": b"1"})
    put(tmp_path / "out", {"b.xlsx": b"2"})
    put(tmp_path / "in2", {"c.xlsx": b"3"})
    symlink(folder / "file.xlsx", "../out/b.xlsx")
    symlink(folder / "folder", "../out")
    symlink(folder / "other.xlsx", "../in2/c.xlsx")
    symlink(folder / "sibling", "../in2")
    intake = take_in([folder])
    assert names(intake) == ["in/a.xlsx"]
    assert [(file, code) for file, _outcome, code in told(intake)] == [
        (f"in/{name}", "link-outside") for name in ("file.xlsx", "folder", "other.xlsx", "sibling")
    ]
    assert {entry.outcome for entry in intake.entries} == {"rejected"}
    assert [f.code for f in intake.findings] == ["link-outside"] * 4
    assert f"to {(tmp_path / 'out' / 'b.xlsx').as_posix()}; it was" in intake.findings[0].message("en")
    both = take_in([folder, Path("in2")])
    assert names(both) == ["in/a.xlsx", "in/other.xlsx"]
    assert told(both)[-2:] == [
        ("in/sibling", "skipped", "link-loop"),
        ("in2/c.xlsx", "skipped", "skipped-same"),
    ]


def test_a_link_that_is_given_itself_is_followed(folder: Path, tmp_path: Path) -> None:
    """Who names a link means what it leads to, but not what lies beside that."""
    put(tmp_path / "out", {"b.xlsx": b"2"})
    symlink(tmp_path / "given", "out")
    assert names(take_in([Path("given")])) == ["given/b.xlsx"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_link_into_a_closed_folder_is_told(folder: Path) -> None:
    """The run goes on, and the link is named with the reason."""
    put(folder, {"closed/a.xlsx": b"1", "b.xlsx": b"2"})
    symlink(folder / "link.xlsx", "closed/a.xlsx")
    (folder / "closed").chmod(0)
    intake = take_in([folder])
    (folder / "closed").chmod(0o700)
    assert names(intake) == ["in/b.xlsx"]
    assert told(intake) == [
        ("in/closed", "rejected", "folder-unreadable"),
        ("in/link.xlsx", "rejected", "folder-unreadable"),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    """A named pipe is no file and is skipped, not opened."""
    os.mkfifo(folder / "pipe.xlsx")
    assert told(take_in([folder])) == [("in/pipe.xlsx", "skipped", "skipped-special")]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_closed_folder_is_told(folder: Path) -> None:
    """What may not be opened is an error, not an empty folder."""
    put(folder, {"closed/a.xlsx": b"1"})
    (folder / "closed").chmod(0)
    assert told(take_in([folder])) == [("in/closed", "rejected", "folder-unreadable")]
    (folder / "closed").chmod(0o700)


def test_names_that_would_move_a_cursor_are_shown_harmless(folder: Path) -> None:
    """Control characters, and those that turn the writing round, never reach a terminal or a report."""
    put(folder, {"a\x1b[31m\u202exslx.exe": b"1"})
    assert names(take_in([folder])) == ["in/a\ufffd[31m\ufffdxslx.exe"]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_names_in_the_code_page_of_chinese_windows_are_shown(folder: Path) -> None:
    """Files unpacked elsewhere may carry names that are no UTF-8."""
    (folder / os.fsdecode("索镇.xlsx".encode("gb18030"))).write_bytes(b"1")
    (source,) = take_in([folder]).sources
    assert source.name == "in/索镇.xlsx"
    assert content(source) == b"1"


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


def test_what_is_no_return_in_a_zip_is_skipped_there_too(folder: Path) -> None:
    """The rules for names hold inside archives, and so does --exclude."""
    put(folder, {"r.zip": packed({"__MACOSX/._a": b"", "a/~$b.xlsx": b"", "old/c.xlsx": b"", "d.xlsx": b""})})
    intake = take_in([folder], exclude=["old/*"])
    assert names(intake) == ["in/r.zip/d.xlsx"]
    assert told(intake) == [
        ("in/r.zip", "read", "archive-opened"),
        ("in/r.zip/__MACOSX/._a", "skipped", "skipped-temporary"),
        ("in/r.zip/a/~$b.xlsx", "skipped", "skipped-temporary"),
        ("in/r.zip/old/c.xlsx", "skipped", "skipped-excluded"),
    ]


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


def test_an_archive_is_opened_once_for_all_its_members(
    folder: Path, huantai: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its members come in turn, and it is kept for them."""
    put(folder, {"r.zip": packed({f"{n}.xlsx": good(huantai) for n in range(9)})})
    opened: list[Path] = []
    whole = intake_module._file_content

    def counted(path: Path) -> bytes:
        opened.append(path)
        return whole(path)

    monkeypatch.setattr(intake_module, "_file_content", counted)
    assert len({content(source) for source in take_in([folder]).sources}) == 1
    assert opened == [Path("in/r.zip")]


@pytest.mark.parametrize(
    ("limits", "left"),
    [({"MOST_FILES": 3}, 2), ({"MOST_BYTES_OF_RUN": 15}, 0), ({"MOST_BYTES_OF_RUN": 1_000}, 5)],
    ids=["files", "bytes", "enough"],
)
def test_a_run_reads_no_more_than_its_budget(
    limits: dict[str, int], left: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes beyond is named in the ledger, archives unopened, and told as a finding once."""
    for name, limit in limits.items():
        monkeypatch.setattr(intake_module, name, limit)
    put(
        folder,
        {"r.zip": packed({"a.xlsx": b"1", "b.xlsx": b"2"}), **{f"z{n}.xlsx": b"xyz" for n in range(3)}},
    )
    intake = take_in([folder])
    assert len(intake.sources) == left
    over = [file for file, outcome, code in told(intake) if (outcome, code) == ("rejected", "run-budget")]
    assert len(over) == (0 if left == 5 else 5 - left if left else 4)
    assert [f.code for f in intake.findings] == ["run-budget"] * (left < 5)


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


def test_a_file_of_sixty_gigabytes_is_refused_at_once(folder: Path, huantai: Campaign) -> None:
    """It is neither read nor hashed, wherever it is met: as a return, left out, or temporary."""
    for name in ("a.xlsx", "b.zip", "~$c.xlsx", "d.xlsx"):
        with (folder / name).open("wb") as file:
            file.write(b"PK\x03\x04")
            file.truncate(60 * 1024**3)
    start = time.process_time()
    intake = take_in([folder], exclude=["d.xlsx"])
    entries = [*intake.entries, *(read(source, huantai).entry for source in intake.sources)]
    assert time.process_time() - start < 1
    assert [
        (e.outcome, e.reason.code if e.reason else "") for e in sorted(entries, key=lambda e: e.file)
    ] == [
        ("rejected", "file-too-big"),
        ("rejected", "file-too-big"),
        ("skipped", "skipped-excluded"),
        ("skipped", "skipped-temporary"),
    ]
    assert {(e.sha256, e.bytes) for e in entries} == {(None, 60 * 1024**3)}


def test_a_placeholder_of_icloud_is_no_hidden_file(folder: Path, huantai: Campaign) -> None:
    """It stands for a return that is not there, and must not be passed over."""
    put(folder, {".果里镇.xlsx.icloud": b"bplist00\xd1\1\2_\x10\x10NSURLNameKey"})
    (source,) = take_in([folder]).sources
    reason = read(source, huantai).entry.reason
    assert reason
    assert reason.message("en") == (
        "This is a placeholder of iCloud in place of the file. "
        "Fetch the file itself and put it into the folder."
    )


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
            "It is packed in a way that is not opened here (Deflate64). "
            "Unpack it with the program that packed it and put the files into the folder.",
        )
    ]


def test_a_file_beyond_the_limit_is_not_read_whole(folder: Path, huantai: Campaign) -> None:
    """The refusal says how big it is and how big it may be."""
    with (folder / "a.xlsx").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    reading = read(Source("a.xlsx", folder / "a.xlsx"), huantai)
    assert reading.entry.bytes == 50 * 1024 * 1024
    assert reading.entry.reason
    assert reading.entry.reason.message("en") == (
        "The file has 50 MiB; at most 40 MiB are read. Take out pictures and attachments and save it again."
    )
