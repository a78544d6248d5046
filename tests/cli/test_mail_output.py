from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from greenxl.campaign.model import Campaign
from greenxl.cli.mail_output import (
    print_by_hand,
    print_collected,
    print_drafts,
    print_marked,
    print_planned,
    print_results,
    print_warnings,
    print_withdrawn,
)
from greenxl.errors import GreenxlError
from greenxl.mail.drafts import Drafts
from greenxl.mail.incoming.collect import CollectedMail
from greenxl.mail.incoming.notices import Notice, Remark
from greenxl.mail.incoming.store import SavedFile
from greenxl.mail.model import Attachment, Letter
from greenxl.mail.send import PastSending, PlannedLetter, SendResult
from greenxl.rounds.bounces import Bounce
from greenxl.rounds.sendings import SendState
from tests.tools.mails import LETTERS, letter_to

Captured = pytest.CaptureFixture[str]
TIME = "2021-09-01T08:00:30"
LETTER = letter_to("索镇")


def planned(
    state: SendState | None = None, *, due: bool = True, letter: Letter = LETTER, answer: str = ""
) -> PlannedLetter:
    past = PastSending(state=state, time=TIME if state else "", answer=answer)
    return PlannedLetter(letter=letter, key="key", hand_key="hand key", past=past, due=due)


PLANS = {
    "new": (planned(), "to be sent"),
    "sent": (planned(SendState.SENT, due=False), "sent already on 2021-09-01 08:00"),
    "refused": (
        planned(SendState.REFUSED, answer="550 no"),
        "refused on 2021-09-01 08:00 (“550 no”), to be sent again",
    ),
    "unknown": (
        planned(SendState.UNKNOWN, due=False),
        "unknown since 2021-09-01 08:00 whether it arrived; add --resend to send it again",
    ),
    "resend": (planned(SendState.UNKNOWN), "to be sent again"),
    "again": (planned(SendState.SENT), "to be sent again"),
    "twin": (planned(due=False), "left out, because another recipient has the same address"),
}


@pytest.mark.parametrize(("one", "words"), PLANS.values(), ids=PLANS.keys())
def test_a_letter_is_listed_with_what_becomes_of_it(capsys: Captured, one: PlannedLetter, words: str) -> None:
    """Recipient and plan, subject, and the attachments with their sizes."""
    print_planned([one])
    assert capsys.readouterr().out == (
        f"索镇 <c@example.cn>: {words}\n"
        "  绿色社区创建评分表（2021年）：索镇，请于9月30日前报送\n"
        "  索镇-评分表-2021.xlsx (2 KB)\n"
    )


def test_what_has_no_address_goes_by_hand(capsys: Captured) -> None:
    """And the list says so, before it went and after."""
    letter = replace(LETTER, address="")
    past = PastSending(state=SendState.SENT, times_sent=1, time=TIME, by_hand=True)
    print_planned([planned(letter=letter), replace(planned(due=False), past=past)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "索镇: to be sent by hand, for it has no address"
    assert lines[3] == "索镇 <c@example.cn>: sent by hand on 2021-09-01 08:00"


@pytest.mark.parametrize(("length", "warned"), [(15_000_000, False), (16_000_000, True)])
def test_a_large_message_is_a_warning(capsys: Captured, length: int, warned: bool) -> None:
    """From 20 MB on, as it travels, servers may refuse it."""
    letter = replace(LETTER, attachments=(Attachment("大.xlsx", bytes(length)),))
    print_planned([planned(letter=letter)])
    assert ("many servers refuse more than 20 MB" in capsys.readouterr().err) is warned


def test_warnings_go_to_standard_error(capsys: Captured) -> None:
    """A line each."""
    print_warnings(["one", "two"])
    assert capsys.readouterr() == ("", "one\ntwo\n")


def test_drafts_are_listed_and_what_became_of_earlier_ones(capsys: Captured) -> None:
    """Where the drafts are and how to go on; what somebody changed goes to standard error."""
    drafts = Drafts(
        written=(Path("a.eml"),),
        attached=(Path("a.xlsx"),),
        finished=(Path("b.eml"),),
        edited=(Path("c.eml"),),
    )
    print_drafts(drafts)
    printed = capsys.readouterr()
    assert printed.out == (
        "No longer due, moved to b.eml\nWrote a.xlsx\nDraft: a.eml\n"
        "Nothing was sent. Open the mails (.eml) in a mail program or add --send; "
        "or paste the texts (.txt) into a chat.\n"
    )
    assert printed.err == "c.eml: not as greenxl wrote it, so it stays. Delete it when you need it no more.\n"
    print_drafts(Drafts(()))
    assert capsys.readouterr().out == "There is nothing to send.\n"


def test_who_has_no_address_is_named_with_what_to_run(capsys: Captured) -> None:
    """Only those whose letters are due; the command is as it can be typed anywhere."""
    bare, spaced = replace(LETTER, address=""), replace(LETTER, address="", name="A B")
    print_by_hand([planned(), planned(letter=bare, due=False)])
    assert capsys.readouterr().out == ""
    print_by_hand([planned(), planned(letter=bare), planned(letter=spaced)])
    assert capsys.readouterr().out == (
        'Some have no address. When theirs went out by hand, run: greenxl mark sent 索镇 "A B"\n'
    )


def test_marks_are_printed(capsys: Captured) -> None:
    """Who, and what: so a mistake shows."""
    records = [{"name": "索镇", "kind": "reminders"}]
    print_marked(records)
    print_withdrawn(records)
    assert capsys.readouterr().out == (
        "索镇: reminder recorded as sent by hand.\n索镇: reminder is no longer recorded as sent by hand.\n"
    )


def test_answers_are_followed_by_the_tally(capsys: Captured) -> None:
    """Each answer, the numbers, and whom to retry: those refused, those unknown now and from before."""
    plan = [planned(letter=letter) for letter in LETTERS]
    held = [
        planned(SendState.SENT, due=False),
        planned(SendState.UNKNOWN, due=False, letter=replace(LETTER, name="x", address="x@y.cn")),
    ]
    states = (SendState.SENT, SendState.REFUSED, SendState.UNKNOWN)
    results = [SendResult(letter, state, "250 OK") for letter, state in zip(LETTERS, states, strict=True)]
    assert print_results([*plan, *held], results) == 3
    assert capsys.readouterr().out == (
        "sent: 城区街道 <a@example.cn> (“250 OK”)\n"
        "refused: 果里镇 <b@example.cn> (“250 OK”)\n"
        "unknown: 索镇 <c@example.cn> (“250 OK”)\n"
        "1 sent, 1 refused, 1 unknown; 1 had been sent before.\n"
        "Correct the address or wait, then run the command again for: 果里镇 <b@example.cn>\n"
        "Ask whether it arrived; if not, run the command again with --resend for: "
        "索镇 <c@example.cn>、x <x@y.cn>\n"
    )
    assert print_results(plan, results[:1]) == 0


def failing(*items: object) -> Iterator[object]:
    """Give what came before the server broke off."""
    yield from items
    raise GreenxlError("broken")


def test_what_was_done_before_an_error_is_counted(capsys: Captured) -> None:
    """The server breaks off: the tally of what was sent or collected so far is printed all the same."""
    sent: Iterable[SendResult] = failing(SendResult(LETTER, SendState.SENT, "250"))  # type: ignore[assignment]
    with pytest.raises(GreenxlError, match="broken"):
        print_results([planned()], sent)
    assert "1 sent, 0 refused, 0 unknown" in capsys.readouterr().out


MAIL = CollectedMail(uid=1, sender="clerk@town.cn", subject="报送\n评分表", day="20210915")


def saved(name: str, *, is_new: bool) -> SavedFile:
    return SavedFile(name=name, path=Path("returned", name), town="索镇", sha256="0", is_new=is_new)


def test_collected_files_are_listed_and_counted(capsys: Captured, huantai: Campaign) -> None:
    """A line per mail, one per file, new or not, and the numbers of both."""
    files = (saved("a.xlsx", is_new=True), saved("b.xlsx", is_new=False))
    print_collected([replace(MAIL, files=files)], huantai)
    new, old = Path("returned", "a.xlsx"), Path("returned", "b.xlsx")
    assert capsys.readouterr().out == (
        f"2021-09-15 clerk@town.cn 报送评分表\n  {new}\n  {old} (there already)\n"
        "1 files collected, 1 were there already; 0 links to download yourself.\n"
    )


def test_what_has_to_be_done_by_hand_goes_to_standard_error(capsys: Captured, huantai: Campaign) -> None:
    """Scans, links, returned mail, mails too large and workbooks from another address: a line each."""
    towns = tuple(replace(t, email=f"{n}@town.cn") for n, t in enumerate(huantai.towns))
    mail = replace(
        MAIL,
        notices=(Notice(Remark.PICTURE, "扫描件.pdf"), Notice(Remark.NO_ATTACHMENT)),
        links=("https://fs.163.com/x",),
        undelivered=(
            Bounce(address="a@b.cn", reason="552 full"),
            Bounce(address="b@b.cn", delayed=True),
            Bounce(),
        ),
        too_large=True,
        foreign_towns=("索镇",),
    )
    print_collected([mail], replace(huantai, towns=towns))
    printed = capsys.readouterr()
    assert printed.out.endswith("0 were there already; 1 links to download yourself.\n")
    assert printed.err.splitlines() == [
        "  Left in the mailbox: “扫描件.pdf” is a scan or a picture. Ask the sender for the workbook itself.",
        "  The mail has no attachment. If one was meant, ask the sender for it.",
        "  A link to a file that is kept online; download it yourself into the folder of returns: "
        "https://fs.163.com/x",
        "  Undelivered: a mail to a@b.cn (552 full) came back. Correct the address in the campaign, "
        "or send it again with --resend.",
        "  Delayed: a mail to b@b.cn has not arrived yet; the server goes on trying.",
        "  A server reports that it could not deliver a mail; read the mail.",
        "  The mail is too large to be collected; download its attachment yourself.",
        "  Warning: the workbook is of 索镇, but the mail came from clerk@town.cn, not from 2@town.cn.",
    ]


@pytest.mark.parametrize(
    ("change", "line", "tally", "code"),
    [
        pytest.param(
            {"failure": "NO broken", "failures": 2, "is_done": False},
            "The mail cannot be read (NO broken); this was attempt 2. The next run tries again.",
            "1 mails that cannot be read, 0 marked as deleted",
            3,
            id="failed",
        ),
        pytest.param(
            {"failure": "NO broken", "failures": 3},
            "The mail could not be read in 3 runs (NO broken) and is not tried again. Open it in a mail "
            "program and save its attachment into “returned”.",
            "1 mails that cannot be read, 0 marked as deleted",
            3,
            id="given up",
        ),
        pytest.param(
            {"failure": "nothing", "is_done": False},
            "The mail was not received (nothing). The next run asks for it again; if that does not help, "
            "open it on the provider’s web page and save its attachment into “returned”.",
            "1 mails that cannot be read, 0 marked as deleted",
            3,
            id="no answer",
        ),
        pytest.param(
            {"is_deleted": True, "is_done": False},
            "The mail is marked as deleted in the mailbox, so it was left there. If its attachment counts, "
            "undelete the mail and run the command again.",
            "0 mails that cannot be read, 1 marked as deleted",
            0,
            id="deleted",
        ),
    ],
)
def test_a_mail_that_was_not_collected_is_named_and_counted(
    capsys: Captured, huantai: Campaign, change: dict[str, Any], line: str, tally: str, code: int
) -> None:
    """Which mail, why and what to do; the exit code says whether something could not be read."""
    assert print_collected([replace(MAIL, **change)], huantai) == code
    printed = capsys.readouterr()
    assert printed.err.splitlines() == [f"  {line}"]
    first, _tally, last = printed.out.splitlines()
    assert (first, last) == ("2021-09-15 clerk@town.cn 报送评分表", f"Not collected: {tally}.")


def test_a_mail_of_which_nothing_is_known_is_named_so(capsys: Captured, huantai: Campaign) -> None:
    """No date, no sender and no subject are said, not left blank."""
    mail = CollectedMail(uid=1, sender="", subject="", day="00000000", failure="nothing", is_done=False)
    print_collected([mail], huantai)
    assert capsys.readouterr().out.splitlines()[0] == "(no date) (unknown sender) (no subject)"


@pytest.mark.parametrize(("mails", "counted"), [([MAIL], True), ([], False)], ids=["some", "none"])
def test_collecting_that_breaks_off_counts_what_it_has(
    capsys: Captured, huantai: Campaign, mails: list[CollectedMail], counted: bool
) -> None:
    """What was collected before the server broke off is counted, unless it was nothing."""
    collected: Iterable[CollectedMail] = failing(*mails)  # type: ignore[assignment]
    with pytest.raises(GreenxlError, match="broken"):
        print_collected(collected, huantai)
    assert ("files collected" in capsys.readouterr().out) is counted
