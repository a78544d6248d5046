from pathlib import Path

import pytest

from greenxl.errors import GreenxlError
from greenxl.mail.journal import SEND_LOG, read_journal

ENTRY = '{"time": "2021-09-01T08:00:00+08:00", "key": "1", "kind": "blank", "name": "索镇", "state": %s}\n'


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('{"state": "sent"}\n', id="no-key"),
        pytest.param(ENTRY % '"gone"', id="unknown-state"),
        pytest.param(ENTRY % "[]", id="no-state"),
        pytest.param(ENTRY.replace("blank", "post") % '"sent"', id="unknown-kind"),
    ],
)
def test_a_line_that_lacks_what_it_should_say_is_damage(tmp_path: Path, line: str) -> None:
    """A record of the send log without key or state may be of a message that was sent."""
    path = tmp_path / SEND_LOG
    path.write_text(ENTRY % '"sending"' + line, encoding="utf-8")
    with pytest.raises(GreenxlError, match=r"sendlog\.jsonl, line 2: the journal is damaged"):
        read_journal(path)


def test_what_was_withdrawn_is_left_out(tmp_path: Path) -> None:
    """The last mark of the same letter, not the mail before it; without a mark nothing is left out."""
    path = tmp_path / SEND_LOG
    mailed, withdrawn = ENTRY % '"sent"', ENTRY % '"withdrawn"'
    marked = mailed.replace("}", ', "by": "hand"}')
    path.write_text(mailed + marked + withdrawn + withdrawn, encoding="utf-8")
    assert [record["state"] for record in read_journal(path)] == ["sent"]
