"""Whatever went wrong or came in is said in sentences."""

from greenxl.errors import CampaignError, GreenxlError
from greenxl.findings import finding
from greenxl.ui.messages import Message, problem, receipt
from greenxl.ui.returned import Arrival, Received


def test_an_error_is_a_sentence() -> None:
    """A campaign's faults are listed, a fault of ours is in a file, and nothing shows a traceback."""
    assert problem(GreenxlError("Close it.")) == Message("Close it.", True)
    fault = finding("email-missing", "recipients", row=2, found="x")
    shown = problem(CampaignError("unusable", (fault,)))
    assert (shown.text[:29], shown.details) == ("The campaign cannot be used y", (fault.line(),))
    assert problem(CampaignError("There are two.")).text == "There are two."
    ours = problem(KeyError("x")).text
    assert "greenxl itself failed (KeyError)" in ours
    assert "Traceback" not in ours


def test_what_came_in_is_counted_and_the_rest_named() -> None:
    """New ones are a number; what was renamed, there already, too large or failed has a sentence."""
    assert list(receipt([])) == []
    told = list(
        receipt(
            [
                Received("a.xlsx", Arrival.NEW, "a.xlsx"),
                Received("b.xlsx", Arrival.RENAMED, "b（2）.xlsx"),
                Received("c.xlsx", Arrival.SAME, "c.xlsx"),
                Received("d.xlsx", Arrival.TOO_LARGE),
                Received("e.xlsx", Arrival.FAILED, "The disk is full."),
            ]
        )
    )
    assert told[0] == Message("2 files were taken in.")
    assert [one.text.split(":")[0] for one in told[1:]] == ["b.xlsx", "c.xlsx", "d.xlsx", "e.xlsx"]
    assert [one.is_problem for one in told[1:]] == [False, False, True, True]
    assert "40 MiB" in told[3].text
