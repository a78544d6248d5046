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


_INSTEAD = (
    (N_("run “greenxl merge”"), N_("press “Make the consolidated workbook”")),
    (N_("run “greenxl check --sendback sendback”"), N_("press “Open the correction copy”")),
    (N_("run “greenxl template”"), N_("press “Make the blanks”")),
    (N_("run the command again"), N_("press “Check again”")),
    (N_("in their reminders: greenxl send reminders"), N_("in their reminders.")),
    (N_("; or name one with -c"), ""),
)
"""What the messages of the commands say to do, and what is pressed for that on the page."""
_MOST_LINES = 20


def as_pressed(text: str) -> str:
    """Return a message as people read it who press buttons instead of running commands."""
    for command, button in _INSTEAD:
        instead = _(button) if button else ""  # gettext answers an empty text with its own header
        text = text.replace(_(command), instead).replace(_capital(_(command)), _capital(instead))
    return text


def _capital(words: str) -> str:
    """Return words as a sentence begins with them."""
    return words[:1].upper() + words[1:]


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
    kept = [one for one in received if one.arrival in (Arrival.NEW, Arrival.RENAMED)]
    odd = [one for one in received if one.arrival in (Arrival.RENAMED, Arrival.SAME)]
    out = [one for one in received if one.arrival in (Arrival.TOO_LARGE, Arrival.FAILED)]
    if kept:
        yield Message(_("{count} files were taken in.").format(count=len(kept)), details=_lines(odd))
    elif odd:
        yield Message(_("Nothing new was taken in:"), details=_lines(odd))
    if out:
        yield Message(_("{count} files were not taken in:").format(count=len(out)), True, _lines(out))


def _lines(received: Sequence[Received]) -> tuple[str, ...]:
    """Return a sentence on each file, of the first ones only where these are many."""
    lines = [
        _(_ARRIVALS[one.arrival]).format(
            name=one.name, kept_as=one.kept_as, limit=size_text(most_bytes(one.name))
        )
        for one in received[:_MOST_LINES]
    ]
    more = len(received) - len(lines)
    return (*lines, *([_("and {count} more files like these").format(count=more)] if more else ()))
