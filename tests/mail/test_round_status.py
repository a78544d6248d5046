"""The status of a round is read off its folder."""

import json
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.mail.journal import SEND_LOG
from greenxl.mail.round_status import status_of_round
from greenxl.rounds.evaluate import evaluate
from tests.conftest import SAMPLES


def test_what_went_out_is_in_the_journal(huantai: Campaign, tmp_path: Path) -> None:
    """A sending of the log is an event of its town; without a log there is none."""
    sample_round = evaluate(huantai, [SAMPLES / "returned"])
    assert {town.reminded for town in status_of_round(sample_round, tmp_path).towns} == {None}
    record = {"time": "2021-09-20T08:00:00+08:00", "key": "k", "kind": "reminders", "name": "索镇"}
    (tmp_path / SEND_LOG).write_text(json.dumps({**record, "state": "sent"}) + "\n", "utf-8")
    reminded = {town.town: town.reminded for town in status_of_round(sample_round, tmp_path).towns}
    assert [town for town, event in reminded.items() if event] == ["索镇"]
