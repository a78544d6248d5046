"""Every file has a line; its digest is taken only where it may be read."""

import time
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.returns.intake import take_in
from greenxl.returns.reader import read


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
