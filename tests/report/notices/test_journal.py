"""The round's journal of notices."""

from pathlib import Path

import pytest

from greenxl.errors import GreenxlError
from greenxl.journals import open_journal
from greenxl.report.notices.journal import (
    NOTICES_LOG,
    CurrentNotice,
    NoticeUnit,
    read_notices,
    record_of_file,
    record_of_run,
)

UNIT = NoticeUnit(name="西镇社区", status="未达标", wanted="差1.5分，须整改9处", tasks=9)
NOTICE = CurrentNotice(town="索镇", file="a.xlsx", sha256="1", content="2", listed=6, units=(UNIT,))


def write(folder: Path, *records: dict[str, object]) -> None:
    with open_journal(folder / NOTICES_LOG) as journal:
        for one in records:
            journal.write(one)


def test_the_last_run_says_whose_notice_is_where(tmp_path: Path) -> None:
    """Every file that was ever written stays known; a run that did not end changes nothing else."""
    assert read_notices(tmp_path).current == ()
    write(tmp_path, record_of_file("a.xlsx", "0"), record_of_run("2021-10-01", ()))
    write(tmp_path, record_of_file("a.xlsx", "1"), record_of_run("2021-10-09", (NOTICE,)))
    write(tmp_path, record_of_file("a.xlsx", "3"))
    found = read_notices(tmp_path)
    assert found.known == {("a.xlsx", "0"), ("a.xlsx", "1"), ("a.xlsx", "3")}
    assert (found.current, found.as_of) == ((NOTICE,), "2021-10-09")
    assert (found.of("索镇"), found.of("果里镇"), NOTICE.tasks) == (NOTICE, None, 9)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"file": "a.xlsx"},
        {"file": 1, "sha256": "1"},
        {"as_of": "2021-10-09", "notices": [{"town": "索镇"}]},
        {"as_of": "2021-10-09", "notices": ["索镇"]},
        {"notices": []},
    ],
    ids=["empty", "no-digest", "number", "half-a-notice", "text", "no-day"],
)
def test_a_damaged_line_stops(tmp_path: Path, record: dict[str, object]) -> None:
    """It might be the one that says that somebody's work is not greenxl's."""
    write(tmp_path, record)
    with pytest.raises(GreenxlError, match=r"notices\.jsonl, line 1: the journal is damaged"):
        read_notices(tmp_path)
