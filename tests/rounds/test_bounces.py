"""Which sending a server's report is about, by Message-ID or address, and what becomes of it."""

from dataclasses import replace
from typing import Any

import pytest

from greenxl.campaign.model import Campaign
from greenxl.rounds.bounces import Bounce, Undelivered, bounces_in, iso_day, undelivered, with_bounces

KEY = "ab" * 32
OTHER = "cd" * 32
ADDRESS = "town@example.cn"


def sending(state: str, *, key: str = KEY, address: str = ADDRESS, day: int = 1) -> dict[str, Any]:
    facts = {"kind": "blank", "name": "索镇", "address": address}
    return {"time": f"2021-09-0{day}T08:00:00+08:00", "key": key, "state": state, **facts}


def collected(bounce: Bounce, day: str = "20210902") -> dict[str, Any]:
    return {"mailbox": "m", "validity": 1, "uids": [1], "day": day, "undelivered": [bounce.record()]}


def states(log: list[dict[str, Any]], *bounces: Bounce, day: str = "20210902") -> list[str]:
    return [one["state"] for one in with_bounces(log, [collected(one, day) for one in bounces])]


BY = {
    "message id": Bounce(message_id=f"<{KEY[:32]}.0@example.cn>", address="alias@elsewhere.cn"),
    "address": Bounce(address="Town@example.cn", message_id="<of-the-mail-program@example.cn>"),
    "address in the text": Bounce(mentioned=("postmaster@qq.com", ADDRESS)),
}


@pytest.mark.parametrize("bounce", BY.values(), ids=BY.keys())
def test_a_report_finds_its_sending(bounce: Bounce) -> None:
    """By the Message-ID of the original, else by the recipient, be it only in the text."""
    log = [sending("sending"), sending("sent"), sending("sent", key=OTHER, address="b@example.cn")]
    assert states(log, bounce) == ["sending", "sent", "bounced", "sent"]


NONE = {
    "nobody we wrote to": Bounce(address="friend@example.cn"),
    "two of ours in the text": Bounce(mentioned=(ADDRESS, "b@example.cn")),
    "only delayed": Bounce(address=ADDRESS, delayed=True),
}


@pytest.mark.parametrize("bounce", NONE.values(), ids=NONE.keys())
def test_a_report_about_nothing_of_ours_changes_nothing(bounce: Bounce) -> None:
    """No sending is called undelivered on a guess, nor while the server still tries."""
    log = [sending("sent"), sending("sent", key=OTHER, address="b@example.cn")]
    assert states(log, bounce) == ["sent", "sent"]


def test_what_was_sent_again_is_not_undone_by_the_first_report() -> None:
    """The Message-ID counts the sendings; by address a report is about nothing that was sent after it."""
    log = [sending("sent", day=1), sending("sent", day=5)]
    first, second = (Bounce(message_id=f"<{KEY[:32]}.{number}@x>") for number in (0, 1))
    assert states(log, first) == ["sent", "bounced", "sent"]
    assert states(log, second) == ["sent", "sent", "bounced"]
    assert states(log, Bounce(address=ADDRESS)) == ["sent", "bounced", "sent"]
    assert states(log, Bounce(address=ADDRESS), day="20210905") == ["sent", "sent", "bounced"]
    report = collected(Bounce(address=ADDRESS), "20210905")
    reports = [{**report, "time": f"2021-09-{day}T00:30:00+00:00"} for day in ("04", "06")]
    assert [one["state"] for one in with_bounces(log, reports)] == ["sent", "bounced", "sent"], "seen first"


def test_a_record_says_when_and_why() -> None:
    """The day on which the report arrived and the server's words stand where those of the sending stood."""
    bounce = replace(BY["address"], reason="550 no such user")
    added = with_bounces([sending("sent")], [collected(bounce)])[1]
    assert (added["key"], added["time"], added["answer"]) == (KEY, "2021-09-02", "550 no such user")


def test_a_report_that_is_collected_again_is_one() -> None:
    """Records come back as they were written; an older journal has them as texts."""
    bounce = replace(BY["address in the text"], delayed=True)
    assert bounces_in([collected(bounce), collected(bounce)]) == [replace(bounce, day="20210902")]
    old = {"undelivered": ["a@b.cn (552 mailbox full)", "c@d.cn"], "day": "20210902"}
    assert [(one.address, one.reason) for one in bounces_in([old])] == [
        ("a@b.cn", "552 mailbox full"),
        ("c@d.cn", ""),
    ]


def test_who_was_not_reached_is_known_until_the_address_changes(huantai: Campaign) -> None:
    """By the address that the campaign has, until something was sent there again."""
    towns = (replace(huantai.towns[0], email="Town@example.cn"), *huantai.towns[1:])
    campaign = replace(huantai, towns=towns)
    reports = [collected(Bounce(address=ADDRESS, reason="550"))]
    found = Undelivered(huantai.towns[0].name, ADDRESS, "20210902", "550", delayed=False)
    assert undelivered([sending("sent")], reports, campaign) == (found,)
    assert undelivered([], reports, campaign) == (found,), "a mail program sent it"
    assert undelivered([sending("sent"), sending("sent", day=5)], reports, campaign) == ()
    assert undelivered([sending("sent")], reports, huantai) == ()
    assert iso_day("20210902") == "2021-09-02"
