"""A zip is believed in nothing: limits, checksums and names are seen to before anything is inflated whole."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from greenxl.returns.safe_zip import FREE_INFLATION, MOST_INFLATED, MOST_MEMBERS, Archive, ArchiveError
from tests.tools.spoil import PACKED_SIZE, SIZE, packed, with_directory

TEXT = b"".join(b"%d " % n for n in range(5000))
"""Some that does not pack to nothing."""


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


@pytest.mark.parametrize("pack", [packed, stored], ids=["deflated", "stored"])
def test_members_are_what_was_packed(pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """Members small and large come out as they went in; folders are none."""
    parts = {"a": b"", "b/c": TEXT, "d": TEXT * 50, "e": bytes(FREE_INFLATION), "folder/": b""}
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
        (packed({"a": TEXT}) .replace(b"\x08\x00\x00\x00", b"\x0c\x00\x00\x00"), "file-damaged"),
    ],
    ids=[
        "cut off", "nothing but a beginning", "checksum", "shorter than stated", "longer than stated",
        "packed bytes missing", "states too much", "runs into the next", "inflates without bound",
        "too many members", "another method of packing",
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


def test_backslashes_are_folders() -> None:
    """Old Windows packers write them."""
    assert list(inflated(packed({"a/b.xlsx": b"1"}).replace(b"a/b.xlsx", b"a\\b.xlsx"))) == ["a/b.xlsx"]
