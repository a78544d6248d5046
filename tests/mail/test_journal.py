from pathlib import Path

import pytest

from greenxl.errors import GreenxlError
from greenxl.journals import open_journal
from greenxl.mail.journal import COLLECTED_LOG, SEND_LOG, read_journal, read_sendings
from greenxl.rounds.bounces import Bounce

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


def test_the_sendings_of_a_round_say_what_came_back(tmp_path: Path) -> None:
    """The send log itself stays as it was written; what the mailbox had is put beside it."""
    sent = {"key": "ab" * 32, "kind": "blank", "name": "索镇", "address": "c@example.cn", "state": "sent"}
    report = Bounce(address="c@example.cn", reason="550").record()
    with open_journal(tmp_path / SEND_LOG) as log:
        log.write(sent)
    with open_journal(tmp_path / COLLECTED_LOG) as log:
        log.write({"mailbox": "m", "validity": 1, "uids": [1], "undelivered": [report]})
    assert [one["state"] for one in read_sendings(tmp_path)] == ["sent", "bounced"]
    assert [one["state"] for one in read_journal(tmp_path / SEND_LOG)] == ["sent"]
