"""The records of the send log as the status of a round needs them."""

import pytest

from greenxl.rounds.sendings import LetterKind, Sending, SendState

LINE = {"time": "t", "key": "k", "kind": "blank", "name": "索镇", "state": "sent", "answer": "250"}


@pytest.mark.parametrize(
    ("line", "state", "by_hand"),
    [
        ({}, SendState.SENT, False),
        ({"state": "sending"}, SendState.UNKNOWN, False),
        ({"by": "hand"}, SendState.SENT, True),
    ],
    ids=["mailed", "without an answer", "by hand"],
)
def test_a_line_of_the_send_log(line: dict[str, str], state: SendState, by_hand: bool) -> None:
    """A mail without an answer may have arrived or not; what else a line says is not needed here."""
    wanted = Sending(time="t", kind=LetterKind.BLANK, name="索镇", state=state, by_hand=by_hand)
    assert Sending.of({**LINE, **line}) == wanted
