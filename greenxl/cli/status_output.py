"""How ``greenxl status`` shows the status of every town."""

from typing import TYPE_CHECKING

from greenxl.cli.terminal import local_time, print_line, print_table
from greenxl.i18n import N_, _
from greenxl.names import bare, joined, one_line
from greenxl.rounds.bounces import Undelivered, iso_day
from greenxl.rounds.sendings import BY_HAND, SendState
from greenxl.rounds.status import Event, RoundStatus
from greenxl.scoring.vocabulary import words

if TYPE_CHECKING:
    from rich.table import Table

_HOW_WORDS = {
    SendState.SENT: N_("mailed"),
    SendState.REFUSED: N_("refused"),
    SendState.BOUNCED: N_("undelivered"),
    BY_HAND: N_("by hand"),
    "mail": N_("by mail"),
    "file": N_("as a file"),
}
_DATE = len("2021-09-30")
"""Columns of a date, so that one stays whole on a narrow terminal."""


def print_status(state: RoundStatus) -> None:
    """Print a table of the towns, then who is missing, the report and what has to be done by hand."""
    print_table(_table(state))
    if any(one.blank is None for one in state.towns):
        print_line(_("“-”: not recorded. Record what went out by hand with: greenxl mark sent NAME"))
    alone = [one.town for one in state.towns if one.missing == (one.town,)]
    if alone:
        print_line(_("{where}: {what}").format(where=_("missing"), what="、".join(alone)))
    for one in state.towns:
        if one.missing and one.town not in alone:
            line = _("Missing in {town} ({count}): {names}")
            print_line(line.format(town=one.town, count=len(one.missing), names="、".join(one.missing)))
    undecided = [joined(t.town, "、".join(t.undecided), between=" ") for t in state.towns if t.undecided]
    if undecided:
        line = _("To be decided (待核定), for “{wanted}” is still blank: {names}")
        print_line(line.format(wanted=bare(state.campaign.counting_heading), names="；".join(undecided)))
    for name, event in state.report.items():
        print_line(_("Report to {name}: {event}").format(name=name, event=_event(event)))
    for unreached in state.undelivered:
        print_line(_undelivered_line(unreached))
    for link in state.links:
        print_line(_("A link to an oversized attachment; download it yourself: {link}").format(link=link))


def _undelivered_line(one: Undelivered) -> str:
    words = _("Delayed, reported on {day}: a mail to {name} <{address}> ({reason})")
    if not one.delayed:
        words = _(
            "Undelivered, reported on {day}: a mail to {name} <{address}> ({reason}). "
            "Correct the address in the campaign, or send it again with --resend."
        )
    reason = one_line(one.reason) or _("see the mail")
    return words.format(day=iso_day(one.day), name=one.name, address=one.address, reason=reason)


def _table(state: RoundStatus) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column(_("Town").format(**words(state.campaign)), no_wrap=True)
    for title in (_("blank sent"), _("returned")):
        table.add_column(title, min_width=_DATE)
    for title in (_("files"), _("accepted"), _("errors")):
        table.add_column(title, justify="right", no_wrap=True)
    notified = any(one.notified for one in state.towns)
    for title in (_("reminded"), _("sent back"), *([_("notice sent")] if notified else ())):
        table.add_column(title, min_width=_DATE)
    for one in state.towns:
        came = (_event(one.blank), _event(one.returned))
        numbers = (str(one.files), f"{one.accepted}/{one.listed}", str(one.errors))
        sent = [one.reminded, one.sent_back, *([one.notified] if notified else ())]
        table.add_row(one.town, *came, *numbers, *map(_event, sent))
    return table


def _event(one: Event | None) -> str:
    """Return when and how; of a mail that may not have arrived, that alone."""
    if one is None:
        return "-"
    if one.how == SendState.UNKNOWN:
        return _("unknown whether it arrived")
    return f"{local_time(one.time)[:_DATE]} {_(_HOW_WORDS[one.how])}"
