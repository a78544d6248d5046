"""The bytes of a source are read once, and never beyond the limit."""

from pathlib import Path

import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns.intake import Source, content, contents, take_in
from greenxl.returns.reader import read
from tests.tools.intakes import put
from tests.tools.spoil import good, packed


def test_an_archive_is_opened_once_for_all_its_members(
    folder: Path, huantai: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its members come in turn, and it is kept for them."""
    put(folder, {"r.zip": packed({f"{n}.xlsx": good(huantai) for n in range(9)})})
    opened: list[Path] = []
    whole = contents._file_content

    def counted(path: Path) -> bytes:
        opened.append(path)
        return whole(path)

    monkeypatch.setattr(contents, "_file_content", counted)
    assert len({content(source) for source in take_in([folder]).sources}) == 1
    assert opened == [Path("in/r.zip")]


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
