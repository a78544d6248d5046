"""Whatever went wrong or came in is said in sentences."""

import pytest

from greenxl.errors import CampaignError, GreenxlError
from greenxl.findings import finding
from greenxl.ui.messages import Message, as_pressed, problem, receipt
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
    assert [(one.text, one.is_problem) for one in told] == [
        ("2 files were taken in.", False),
        ("2 files were not taken in:", True),
    ]
    assert [[line.split(":")[0] for line in one.details] for one in told] == [
        ["b.xlsx", "c.xlsx"],
        ["d.xlsx", "e.xlsx"],
    ]
    assert "40 MiB" in told[1].details[0]


def test_of_many_files_the_first_are_named() -> None:
    """The page does not become a list of what was there already."""
    [told] = receipt([Received(f"{n}.xlsx", Arrival.SAME, f"{n}.xlsx") for n in range(200)])
    assert (len(told.details), told.details[-1]) == (21, "and 180 more files like these")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2 newer. Run “greenxl merge” to take them in.",
         "2 newer. Press “Make the consolidated workbook” to take them in."),
        ("Close it and run the command again.", "Close it and press “Check again”."),
        ("Move the others; or name one with -c.", "Move the others."),
        ("Nothing to do.", "Nothing to do."),
    ],
)  # fmt: skip
def test_what_to_run_is_what_to_press(said: str, shown: str) -> None:
    """The page has buttons for what the messages of the commands tell to run."""
    assert as_pressed(said) == shown
