"""A zip is believed in nothing: limits, checksums and names are seen to before anything is inflated whole."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from greenxl.workbooks.safe_zip import (
    FREE_INFLATION,
    MOST_INFLATED,
    MOST_MEMBERS,
    Archive,
    ArchiveError,
    end_volume,
)
from tests.tools.spoil import PACKED_SIZE, SIZE, packed, with_directory

TEXT = b"".join(b"%d " % n for n in range(5000))
"""Some that does not pack to nothing."""
LARGE = random.Random(1).randbytes(3 * FREE_INFLATION) + TEXT


def inflated(data: bytes) -> dict[str, bytes]:
    box = Archive(data)
    return {member.name: box.inflate(member) for member in box.members}


def refused(data: bytes) -> str:
    with pytest.raises(ArchiveError) as caught:
        inflated(data)
    return caught.value.code


def stored(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        for name, part in parts.items():
            box.writestr(name, part)
    return buffer.getvalue()


def compressed(parts: dict[str, bytes], method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as box:
        for name, part in parts.items():
            box.writestr(name, part)
    return buffer.getvalue()


def bzipped(parts: dict[str, bytes]) -> bytes:
    return compressed(parts, zipfile.ZIP_BZIP2)


def lzma_packed(parts: dict[str, bytes]) -> bytes:
    return compressed(parts, zipfile.ZIP_LZMA)


def with_method(method: int) -> bytes:
    """A zip that says of its one member that it is packed in this way."""
    spoilt = bytearray(packed({"a": TEXT}))
    struct.pack_into("<H", spoilt, spoilt.index(b"PK\x01\x02") + 10, method)
    return bytes(spoilt)


@pytest.mark.parametrize(
    "pack", [packed, stored, bzipped, lzma_packed], ids=["deflated", "stored", "bzip2", "LZMA"]
)
def test_members_are_what_was_packed(pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """Members small and large come out as they went in; folders are none."""
    parts = {"a": b"", "b/c": TEXT, "d": LARGE, "e": bytes(FREE_INFLATION), "folder/": b""}
    assert inflated(pack(parts)) == {name: part for name, part in parts.items() if not name.endswith("/")}


def test_members_after_other_bytes_are_found() -> None:
    """A zip may stand behind something else, as in an archive that unpacks itself."""
    assert inflated(b"MZ" + bytes(500) + packed({"a": TEXT})) == {"a": TEXT}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (packed({"a": TEXT})[:-10], "file-damaged"),
        (b"PK\x03\x04", "file-damaged"),
        (with_directory(packed({"a": TEXT}), "a", 16, 1), "file-damaged"),
        (with_directory(packed({"a": TEXT}), "a", SIZE, len(TEXT) + 1), "file-damaged"),
        (with_directory(packed({"a": TEXT}), "a", SIZE, len(TEXT) - 1), "unsafe-directory"),
        (with_directory(packed({"a": TEXT}), "a", PACKED_SIZE, 100), "file-damaged"),
        (with_directory(packed({"a": TEXT}), "a", SIZE, MOST_INFLATED + 1), "unsafe-size"),
        (with_directory(packed({"a": TEXT, "b": TEXT}), "a", PACKED_SIZE, 1 << 20), "unsafe-directory"),
        (packed({"a": bytes(FREE_INFLATION + 1)}), "unsafe-inflation"),
        (packed(dict.fromkeys(map(str, range(MOST_MEMBERS + 1)), b"")), "unsafe-members"),
        (with_method(9), "archive-method"),
        (with_method(98), "archive-method"),
        (with_method(0xEE), "archive-method"),
        (with_method(zipfile.ZIP_BZIP2), "file-damaged"),
        (with_method(zipfile.ZIP_LZMA), "archive-method"),
        (compressed({"a": bytes(FREE_INFLATION + 1)}, zipfile.ZIP_LZMA), "unsafe-inflation"),
        (compressed({"a": bytes(FREE_INFLATION + 1)}, zipfile.ZIP_BZIP2), "unsafe-inflation"),
        (compressed({"a": TEXT}, zipfile.ZIP_LZMA).replace(b"]\0\0\x80\0", b"]\0\0\0\x80"), "archive-method"),
    ],
    ids=[
        "cut off", "nothing but a beginning", "checksum", "shorter than stated", "longer than stated",
        "packed bytes missing", "states too much", "runs into the next", "inflates without bound",
        "too many members", "Deflate64", "PPMd", "a way without a name", "no bzip2", "no LZMA",
        "LZMA without bound", "bzip2 without bound", "LZMA that asks for 2 GiB",
    ],
)  # fmt: skip
def test_a_zip_that_lies_is_refused(data: bytes, code: str) -> None:
    """Every lie and every limit has its own refusal."""
    assert refused(data) == code


def test_little_members_may_be_packed_as_tightly_as_they_like() -> None:
    """The ratio is looked at only past a hundred kilobytes."""
    assert inflated(packed({"a": bytes(FREE_INFLATION)})) == {"a": bytes(FREE_INFLATION)}


@pytest.mark.parametrize("size", [FREE_INFLATION - 1, FREE_INFLATION, FREE_INFLATION + 1, 3 * FREE_INFLATION])
def test_members_end_where_they_end(size: int) -> None:
    """The last bytes are not lost where a piece ends just before them."""
    part = (TEXT * (size // len(TEXT) + 1))[:size]
    assert inflated(packed({"a": part})) == {"a": part}


def test_a_directory_of_millions_is_not_parsed() -> None:
    """It is refused by a count of its entries, before a single one is looked at."""
    entry = b"PK\x01\x02" + bytes(42)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) * 200_000, 0, 0)
    assert refused(entry * 200_000 + end) == "unsafe-members"


def test_a_way_of_packing_is_named() -> None:
    """What the packer calls it tells more than a number."""
    with pytest.raises(ArchiveError) as caught:
        inflated(with_method(9))
    assert caught.value.found == "Deflate64"


@pytest.mark.parametrize(
    ("data", "volume"),
    [
        (packed({"a": b"1"}), 0),
        (packed({"a": b"1"})[:-30], None),
        (b"x" * 99 + struct.pack("<4s4H", b"PK\x05\x06", 2, 2, 1, 1) + bytes(10), 2),
        (struct.pack("<4s4H", b"PK\x05\x06", 0xFFFF, 0xFFFF, 1, 1) + bytes(10), 0),
        (b"PK\x05\x06", None),
        (b"", None),
    ],
    ids=["whole", "cut off", "the third", "a large one", "cut off within the record", "nothing"],
)
def test_the_last_record_says_in_which_volume_it_is(data: bytes, volume: int | None) -> None:
    """A zip that was split says so at its end."""
    assert end_volume(data) == volume


def test_backslashes_are_folders() -> None:
    """Old Windows packers write them."""
    assert list(inflated(packed({"a/b.xlsx": b"1"}).replace(b"a/b.xlsx", b"a\\b.xlsx"))) == ["a/b.xlsx"]


def test_only_short_members_are_kept_for_the_next_workbook() -> None:
    """The same bytes are inflated once; long ones anew each time, for they would fill the memory."""
    short, long = stored({"a": TEXT}), stored({"a": LARGE})
    assert inflated(short)["a"] is inflated(short)["a"]
    assert inflated(long)["a"] is not inflated(long)["a"]
    assert inflated(long)["a"] == LARGE
