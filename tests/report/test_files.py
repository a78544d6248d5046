"""The two workbooks of a report stand beside each other, or the message says which is there."""

from pathlib import Path

import pytest

from greenxl.errors import GreenxlError
from greenxl.report.files import write_with_leader_copy


def test_a_report_is_named_though_its_copy_cannot_be_written(tmp_path: Path) -> None:
    """A folder got the copy's name meanwhile: the report is there, and the message says so."""
    target = tmp_path / "out.xlsx"
    (tmp_path / "out（领导版）.xlsx").mkdir()
    with pytest.raises(GreenxlError, match="was written, but not the leader’s copy of it") as failed:
        write_with_leader_copy(target, target, b"report", b"copy", force=True)
    assert str(failed.value).startswith(str(target))
    assert target.read_bytes() == b"report"
