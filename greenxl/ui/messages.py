"""Sentences on the page about what was done, or what kept it from being done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from greenxl.errors import CampaignError, GreenxlError
from greenxl.i18n import N_, _
from greenxl.system_errors import sentence_of
from greenxl.ui.returned import Arrival, Received, most_bytes
from greenxl.workbooks.opening import size_text


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    is_problem: bool = False
    details: tuple[str, ...] = ()


def problem(error: BaseException) -> Message:
    """Return what people read about an error: a sentence, never a traceback."""
    if isinstance(error, CampaignError) and error.faults:
        text = _("The campaign cannot be used yet. Open it and correct what is listed here:")
        return Message(text, True, tuple(fault.line() for fault in error.faults))
    if isinstance(error, GreenxlError):
        return Message(str(error), True)
    return Message(sentence_of(error), True)


_ARRIVALS = {
    Arrival.RENAMED: N_("{name}: there was another file of this name, so this one is called {kept_as}."),
    Arrival.SAME: N_("{name}: this very file was there already."),
    Arrival.TOO_LARGE: N_(
        "{name}: not taken in, because it is larger than {limit}. Take out pictures and attachments."
    ),
    Arrival.FAILED: N_("{name}: not taken in. {kept_as}"),
}


def receipt(received: Sequence[Received]) -> Iterator[Message]:
    """Yield what became of files that came in: how many are new, and a sentence for each that is not."""
    if not received:
        return
    kept = [one for one in received if one.arrival in (Arrival.NEW, Arrival.RENAMED)]
    yield Message(_("{count} files were taken in.").format(count=len(kept)))
    for one in received:
        if words := _ARRIVALS.get(one.arrival):
            limit = size_text(most_bytes(one.name))
            text = _(words).format(name=one.name, kept_as=one.kept_as, limit=limit)
            yield Message(text, one.arrival in (Arrival.TOO_LARGE, Arrival.FAILED))
