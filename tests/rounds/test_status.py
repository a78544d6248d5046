"""The status of a round: the last of what was sent, what came back and how, what is accepted and owed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.rounds.bounces import Undelivered
from greenxl.rounds.evaluate import Round, evaluate
from greenxl.rounds.owed import owed_by
from greenxl.rounds.sendings import Sending
from greenxl.rounds.status import Collected, Event, TownStatus, round_status
from tests.tools.programmes import FULL, mixed
from tests.tools.rounds import round_of

MOMENT = datetime(2021, 9, 20, 8, 0, tzinfo=UTC)


def sent(kind: str, name: str, *states: str) -> list[Sending]:
    return [
        Sending.of({"time": f"2021-09-0{day}T08:00:00+08:00", "kind": kind, "name": name, "state": state})
        for day, state in enumerate(states, 1)
    ]


def of_returns(result: Round) -> tuple[TownStatus, ...]:
    """Return the status of the towns as far as the returns alone tell it."""
    return round_status(result, [], [], {}).towns


def test_a_town_s_status_is_what_journals_and_files_tell(result: Round, returned: Path) -> None:
    """Blank sent when, returned when and how, accepted, errors, missing, reminded when: one line per town."""
    log = [*sent("blank", "城区街道", "sending", "sent"), *sent("reminders", "城区街道", "sending")]
    path = (returned / "果里镇" / "果里镇-评分表-2021.xls").as_posix()
    mailed = [Collected(day="20210915", files=(path,), links=())]
    saved = {entry.file: MOMENT for entry in result.entries}
    town, village, other = round_status(result, log, mailed, saved).towns
    assert town == TownStatus(
        town="城区街道",
        blank=Event("2021-09-02T08:00:00+08:00", "sent"),
        returned=Event("2021-09-20T08:00:00+00:00", "file"),
        files=1,
        listed=14,
        accepted=12,
        errors=2,
        missing=("玫瑰城社区",),
        reminded=Event("2021-09-01T08:00:00+08:00", "unknown"),
        sent_back=None,
    )
    assert (village.blank, village.returned) == (None, Event("2021-09-15", "mail"))
    assert village.files == 1
    assert (other.files, other.errors) == (2, 1)


def test_a_member_of_an_archive_came_with_the_archive(result: Round, returned: Path) -> None:
    """The journal and the disk know the zip alone."""
    saved = {(returned / "索镇").as_posix(): MOMENT}
    assert round_status(result, [], [], saved).towns[2].returned == Event("2021-09-20T08:00:00+00:00", "file")


def test_errors_are_counted_as_the_reminder_counts(huantai: Campaign, returned: Path, tmp_path: Path) -> None:
    """Two wrong cells are two, and so are two more in which another return differs."""
    file = returned / "城区街道" / "城区街道-评分表-2021.xlsx"
    book = openpyxl.load_workbook(file)
    for cell in ("E5", "E6"):
        book["西苑社区"][cell] = 1.25
    book.save(tmp_path / "另一份.xlsx")
    for paths, count in (([file], 2), ([file, tmp_path / "另一份.xlsx"], 4)):
        result = evaluate(huantai, paths)
        assert of_returns(result)[0].errors == count
        assert owed_by(result, huantai.towns)[0].places == count


def test_each_recipient_has_the_report_s_last_answer(result: Round) -> None:
    """Refused first and sent later is sent; one without an answer is unknown."""
    log = [*sent("report", "领导", "sending", "refused", "sending", "sent"), *sent("report", "局", "sending")]
    report = round_status(result, log, [], {}).report
    assert {name: event.how for name, event in report.items()} == {"领导": "sent", "局": "unknown"}


def test_what_went_by_hand_is_an_event_like_any_other(result: Round) -> None:
    """The last record counts: a reminder that was mailed first and handed on later went by hand."""
    record = {"kind": "reminders", "name": "索镇", "state": "sent"}
    mailed, handed = {"time": "2021-09-01", **record}, {"time": "2021-09-02", **record, "by": "hand"}
    status = round_status(result, map(Sending.of, [mailed, handed]), [], {}).towns[2]
    assert status.reminded == Event("2021-09-02", "hand")


def test_a_notice_that_went_out_is_known(result: Round) -> None:
    """Its last sending, as of what else a town gets."""
    town, *others = round_status(result, sent("notices", "城区街道", "refused", "sent"), [], {}).towns
    assert town.notified == Event("2021-09-02T08:00:00+08:00", "sent")
    assert [one.notified for one in others] == [None, None]


def test_the_document_holds_plain_values(result: Round) -> None:
    """The JSON document has the campaign, a line per town, the report and each link to fetch by hand once."""
    collected = [Collected(day="20210915", files=(), links=("https://x",))] * 2
    document = round_status(result, [], collected, {}).document()
    assert document["campaign"]["id"] == "huantai-2021"
    assert document["towns"][2] == {
        "town": "索镇", "blank": None, "returned": None, "files": 2, "listed": 6, "accepted": 5, "errors": 1,
        "missing": ("五里社区",), "reminded": None, "sent_back": None, "notified": None,
    }  # fmt: skip
    assert (document["links"], document["undelivered"]) == (["https://x"], [])


def test_a_mail_that_came_back_is_what_became_of_it(result: Round) -> None:
    """The sending is undelivered, and the document says whom it did not reach and why."""
    reached = Undelivered("索镇", "c@example.cn", "20210903", "550 no such user", delayed=False)
    status = round_status(result, sent("blank", "索镇", "sent", "bounced"), [], {}, (reached,))
    assert status.towns[2].blank == Event("2021-09-02T08:00:00+08:00", "bounced")
    assert status.document()["undelivered"] == [
        {
            "name": "索镇",
            "address": "c@example.cn",
            "day": "20210903",
            "reason": "550 no such user",
            "delayed": False,
        }
    ]


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        pytest.param({"mailbox": "INBOX", "uids": [1, 2]}, Collected("", (), ()), id="seen without files"),
        pytest.param(
            {"uids": [3], "day": "20210915", "files": [{"file": "returned/a.xlsx"}], "links": ["https://x"]},
            Collected("20210915", ("returned/a.xlsx",), ("https://x",)),
            id="a mail with an attachment and a link",
        ),
    ],
)
def test_a_line_of_the_journal_of_collected_mails(record: dict[str, Any], wanted: Collected) -> None:
    """A line tells of a mail, or only that others were seen."""
    assert Collected.of(record) == wanted


def test_what_is_to_be_decided_is_shown_where_there_are_several_columns(huantai: Campaign) -> None:
    """By name; a campaign of one score column has no such key in its document."""
    campaign = mixed(huantai)
    one, blank = campaign.communities[0], [None] * 7
    result, _tables = round_of(campaign, {one: blank}, {one: {"自评分": FULL, "县核定分": blank}})
    [town] = round_status(result, [], [], {}).document()["towns"]
    assert (town["undecided"], town["errors"], town["accepted"]) == ((one.name,), 0, 0)
    plain, _tables = round_of(huantai, {})
    assert "undecided" not in round_status(plain, [], [], {}).document()["towns"][0]
