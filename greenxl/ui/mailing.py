"""Mail from the page: whom it would go to, shown first; what was seen and confirmed is sent, nothing else."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenxl.campaign.model import Campaign
from greenxl.errors import WrongUseError
from greenxl.i18n import N_, _
from greenxl.mail.journal import SEND_LOG, read_sendings
from greenxl.mail.mailing import mailing_of, missing_addresses, refuse_missing_addresses
from greenxl.mail.model import content_hash
from greenxl.mail.send import PlannedLetter, SendResult, plan_sending, send_letters
from greenxl.mail.server import sending_server
from greenxl.rounds import folder as round_folder
from greenxl.rounds.sendings import LetterKind, SendState
from greenxl.ui.jobs import Step
from greenxl.ui.messages import Message
from greenxl.ui.session import Session

_PASSWORD = "GREENXL_MAIL_PASSWORD"
_PAST = {
    None: N_("to be sent"),
    SendState.REFUSED: N_("refused on {day}, to be sent again"),
    SendState.SENT: N_("sent already on {day}"),
    SendState.UNKNOWN: N_("unknown since {day} whether it arrived; ask before it goes out again"),
    SendState.BOUNCED: N_("came back undelivered on {day}; correct the address in the campaign"),
}
_KINDS = (LetterKind.BLANK, LetterKind.REMINDERS, LetterKind.SENDBACK, LetterKind.REPORT)
"""What the page sends."""
_RESULTS = {
    SendState.SENT: N_("{name}: sent"),
    SendState.REFUSED: N_("{name}: refused (“{answer}”)"),
    SendState.UNKNOWN: N_("{name}: unknown whether it arrived (“{answer}”)"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The letters of a kind, and what should be known before they go out."""

    campaign: Campaign
    kind: LetterKind
    letters: Sequence[PlannedLetter]
    warnings: Sequence[str]

    @property
    def due(self) -> list[PlannedLetter]:
        return [one for one in self.letters if one.due]

    @property
    def digest(self) -> str:
        """What is due: equal where the very same letters go to the same people."""
        return content_hash([one.key for one in self.due])


def kind_named(word: str) -> LetterKind:
    """:raises WrongUseError: the page sends no such mail."""
    if word not in _KINDS:
        raise WrongUseError(_("There is nothing at this address."))
    return LetterKind(word)


def newest_report() -> Path:
    """:raises WrongUseError: there is none yet."""
    newest = next(iter(round_folder.reports(Path(round_folder.REPORT))), None)
    if newest is None:
        raise WrongUseError(_("There is no consolidated workbook yet. Make it first."))
    return newest


def planned(session: Session, kind: LetterKind) -> Plan:
    """Return the letters of a kind from the round as it was checked last.

    :raises WrongUseError: it was not, or there is nobody or nothing to send.
    """
    found = session.found
    if found is None:
        raise WrongUseError(_("Nothing was done, because this round cannot be checked."))
    result = found.result
    campaign = result.campaign
    if kind is LetterKind.REPORT:
        newest_report()
    mailing = mailing_of(kind, campaign, campaign.towns, lambda: result, Path(), session.today())
    letters = plan_sending(mailing.letters, campaign, read_sendings(Path()))
    return Plan(campaign, kind, letters, mailing.warnings)


def past_words(one: PlannedLetter) -> str:
    """Return whether a letter is to be sent, and why not."""
    if one.due and not one.letter.address:
        return _("has no address: send the text by hand, or fill in the address")
    if one.past.by_hand and not one.due:
        return _("sent by hand on {day}").format(day=one.past.time[:10])
    if not one.due and one.past.state in (None, SendState.REFUSED):
        return _("left out, because another recipient has the same address")
    return _(_PAST[one.past.state]).format(day=one.past.time[:10])


def send(session: Session, step: Step, kind: LetterKind, digest: str, password: str) -> None:
    """Send the letters that were seen and confirmed: those of the digest.

    :raises WrongUseError: other letters are due by now, or no server or password is named.
    :raises GreenxlError: the server cannot be used; what went out before is in the messages.
    """
    plan = planned(session, kind)
    if plan.digest != digest:
        raise WrongUseError(
            _(
                "What is to be sent has changed meanwhile. Look at the list again, then confirm. "
                "Nothing was sent."
            )
        )
    due = plan.due
    refuse_missing_addresses(missing_addresses([one.letter for one in due], round_folder.campaign_of(Path())))
    server, sender = sending_server(
        plan.campaign.mail, _no_question, _environment(password), allow_plain=session.insecure
    )
    results: list[SendResult] = []
    try:
        for one in send_letters(due, server, sender, Path(SEND_LOG)):
            results.append(one)
            step(len(results), len(due))
    finally:
        session.messages = tuple(_summary(results))


def _environment(password: str) -> Mapping[str, str]:
    return {**os.environ, _PASSWORD: password} if password else os.environ


def _no_question(_question: str) -> str:
    """:raises WrongUseError: always: the page has its own field for it."""
    raise WrongUseError(
        _("Type the password (authorisation code) of the mailbox on the page. Nothing was sent.")
    )


def _summary(results: Sequence[SendResult]) -> Iterator[Message]:
    """Yield what went out and what did not, if anything was tried."""
    if not results:
        return
    sent = sum(one.state is SendState.SENT for one in results)
    lines = [_(_RESULTS[one.state]).format(name=one.letter.name, answer=one.answer) for one in results]
    text = _("{sent} sent, {others} not.").format(sent=sent, others=len(results) - sent)
    yield Message(text, sent < len(results), tuple(lines))
