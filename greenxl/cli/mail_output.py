"""What ``greenxl send`` and ``greenxl collect`` print."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from greenxl.campaign.model import Campaign
from greenxl.cli.terminal import as_typed, local_time, print_error, print_line
from greenxl.errors import GreenxlError
from greenxl.i18n import N_, _
from greenxl.journals import Record
from greenxl.mail.drafts import Drafts
from greenxl.mail.message import LARGE_MESSAGE, transfer_size
from greenxl.mail.model import Letter, readable_size
from greenxl.mail.send import PlannedLetter, SendResult
from greenxl.names import one_line
from greenxl.rounds.sendings import LetterKind, SendState

if TYPE_CHECKING:
    from greenxl.mail.incoming.collect import CollectedMail
    from greenxl.rounds.bounces import Bounce

_PAST_WORDS = {
    None: N_("to be sent"),
    SendState.SENT: N_("sent already on {time}"),
    SendState.REFUSED: N_("refused on {time} (“{answer}”), to be sent again"),
    SendState.UNKNOWN: N_("unknown since {time} whether it arrived; add --resend to send it again"),
    SendState.BOUNCED: N_(
        "came back undelivered on {time} (“{answer}”); correct the address in the campaign, "
        "or add --resend to send it again"
    ),
}
_RESULT_WORDS = {
    SendState.SENT: N_("sent"),
    SendState.REFUSED: N_("refused"),
    SendState.UNKNOWN: N_("unknown"),
}
_KIND_WORDS = {
    LetterKind.BLANK: N_("blank"),
    LetterKind.REMINDERS: N_("reminder"),
    LetterKind.SENDBACK: N_("correction copy"),
    LetterKind.REPORT: N_("report"),
    LetterKind.NOTICES: N_("notice of what to put right"),
}


def print_warnings(warnings: Iterable[str]) -> None:
    for warning in warnings:
        print_error(warning)


def print_planned(planned: Iterable[PlannedLetter]) -> None:
    """Print recipient, subject and attachments of every letter, and whether it is to be sent."""
    for one in planned:
        letter, past = one.letter, one.past
        plan = _(_plan_words(one)).format(time=local_time(past.time), answer=past.answer)
        print_line(_("{recipient}: {plan}").format(recipient=_recipient(letter), plan=plan))
        print_line(f"  {letter.subject}")
        for attachment in letter.attachments:
            print_line("  " + _("{name} ({size})").format(name=attachment.name, size=attachment.size))
        _warn_if_large(letter)


def _plan_words(one: PlannedLetter) -> str:
    state = one.past.state
    if one.due and not one.letter.address:
        return N_("to be sent by hand, for it has no address")
    if one.past.by_hand and not one.due:
        return N_("sent by hand on {time}")
    if one.due and state in (SendState.SENT, SendState.UNKNOWN, SendState.BOUNCED):
        return N_("to be sent again")
    if not one.due and state in (None, SendState.REFUSED):
        return N_("left out, because another recipient has the same address")
    return _PAST_WORDS[state]


def _warn_if_large(letter: Letter) -> None:
    size = transfer_size(letter)
    if size >= LARGE_MESSAGE:
        print_error(
            _(
                "{name}: the message is {size}; many servers refuse more than 20 MB. "
                "Send the file another way."
            ).format(name=letter.name, size=readable_size(size))
        )


def print_drafts(drafts: Drafts) -> None:
    """Print where the drafts are and how to go on, and what became of earlier ones."""
    for path in drafts.edited:
        print_error(
            _("{path}: not as greenxl wrote it, so it stays. Delete it when you need it no more.").format(
                path=path
            )
        )
    for path in drafts.finished:
        print_line(_("No longer due, moved to {path}").format(path=path))
    if not drafts.written:
        print_line(_("There is nothing to send."))
        return
    for path in drafts.attached:
        print_line(_("Wrote {path}").format(path=path))
    for path in drafts.written:
        print_line(_("Draft: {path}").format(path=path))
    print_line(
        _(
            "Nothing was sent. Open the mails (.eml) in a mail program or add --send; "
            "or paste the texts (.txt) into a chat."
        )
    )


def print_by_hand(planned: Iterable[PlannedLetter]) -> None:
    """Print what to run once the texts to those who have no address went out by hand."""
    names = [one.letter.name for one in planned if one.due and not one.letter.address]
    if names:
        words = _("Some have no address. When theirs went out by hand, run: greenxl mark sent {names}")
        print_line(words.format(names=" ".join(map(as_typed, names))))


def print_marked(records: Iterable[Record]) -> None:
    _print_each(records, _("{name}: {kind} recorded as sent by hand."))


def print_withdrawn(records: Iterable[Record]) -> None:
    _print_each(records, _("{name}: {kind} is no longer recorded as sent by hand."))


def _print_each(records: Iterable[Record], words: str) -> None:
    for one in records:
        kind = _KIND_WORDS[one["kind"]]
        print_line(words.format(name=one["name"], kind=_(kind)))


def print_results(planned: Sequence[PlannedLetter], results: Iterable[SendResult]) -> int:
    """Print every answer as it comes, and the tally; return the exit code.

    :raises GreenxlError: the server cannot be used; the tally of what was sent before is printed.
    """
    known: list[SendResult] = []
    try:
        for one in results:
            known.append(one)
            print_line(_result_line(one))
    except GreenxlError:
        _print_tally(planned, known)
        raise
    return _print_tally(planned, known)


def _result_line(one: SendResult) -> str:
    words = _(_RESULT_WORDS[one.state])
    return _("{result}: {recipient} (“{answer}”)").format(
        result=words, recipient=_recipient(one.letter), answer=one.answer
    )


def _print_tally(planned: Sequence[PlannedLetter], results: Sequence[SendResult]) -> int:
    """Print the tally and what to retry; return the exit code."""
    letters = {state: [one.letter for one in results if one.state is state] for state in _RESULT_WORDS}
    held = [one for one in planned if not one.due]
    print_line(
        _("{sent} sent, {refused} refused, {unknown} unknown; {already} had been sent before.").format(
            already=sum(one.past.state is SendState.SENT for one in held),
            **{state.value: len(found) for state, found in letters.items()},
        )
    )
    refused = letters[SendState.REFUSED]
    unknown = letters[SendState.UNKNOWN] + [one.letter for one in held if one.past.state is SendState.UNKNOWN]
    returned = [one.letter for one in held if one.past.state is SendState.BOUNCED]
    if refused:
        retry = _("Correct the address or wait, then run the command again for: {names}")
        print_line(retry.format(names="、".join(map(_recipient, refused))))
    if unknown:
        retry = _("Ask whether it arrived; if not, run the command again with --resend for: {names}")
        print_line(retry.format(names="、".join(map(_recipient, unknown))))
    if returned:
        retry = _(
            "These came back undelivered. Correct the address in the campaign, or run the command again with "
            "--resend for: {names}"
        )
        print_line(retry.format(names="、".join(map(_recipient, returned))))
    return GreenxlError.exit_code if refused or unknown or returned else 0


def _recipient(letter: Letter) -> str:
    return f"{letter.name} <{letter.address}>" if letter.address else letter.name


def print_collected(mails: "Iterable[CollectedMail]", campaign: Campaign) -> int:
    """Print what each mail brought as it comes, and the tally; return the exit code.

    :raises GreenxlError: the server cannot be used; the tally of what was collected before is printed.
    """
    known: list[CollectedMail] = []
    try:
        for mail in mails:
            known.append(mail)
            _print_mail(mail)
            for warning in _mail_warnings(mail, campaign):
                print_error(f"  {warning}")
    except GreenxlError:
        if known:
            _print_collected_tally(known)
        raise
    _print_collected_tally(known)
    return GreenxlError.exit_code if any(mail.failure for mail in known) else 0


def _print_collected_tally(mails: "Sequence[CollectedMail]") -> None:
    files = [file for mail in mails for file in mail.files]
    print_line(
        _("{new} files collected, {old} were there already; {links} links to download yourself.").format(
            new=sum(file.is_new for file in files),
            old=sum(not file.is_new for file in files),
            links=sum(len(mail.links) for mail in mails),
        )
    )
    failed, deleted = sum(bool(mail.failure) for mail in mails), sum(mail.is_deleted for mail in mails)
    if failed or deleted:
        print_line(
            _("Not collected: {failed} mails that cannot be read, {deleted} marked as deleted.").format(
                failed=failed, deleted=deleted
            )
        )


def _print_mail(mail: "CollectedMail") -> None:
    day = f"{mail.day[:4]}-{mail.day[4:6]}-{mail.day[6:]}" if mail.day.strip("0") else _("(no date)")
    sender, subject = one_line(mail.sender), one_line(mail.subject)
    print_line(" ".join((day, sender or _("(unknown sender)"), subject or _("(no subject)"))))
    for file in mail.files:
        words = "{path}" if file.is_new else _("{path} (there already)")
        print_line("  " + words.format(path=file.path))


def _bounce_line(one: "Bounce") -> str:
    address = one_line(f"{one.address} ({one.reason})" if one.reason else one.address)
    if not one.address and one.delayed:
        return _("A server reports that it could not deliver a mail yet and tries again; read the mail.")
    if not one.address:
        return _("A server reports that it could not deliver a mail; read the mail.")
    if one.delayed:
        words = _("Delayed: a mail to {address} has not arrived yet; the server goes on trying.")
    else:
        words = _(
            "Undelivered: a mail to {address} came back. Correct the address in the campaign, "
            "or send it again with --resend."
        )
    return words.format(address=address)


def _mail_warnings(mail: "CollectedMail", campaign: Campaign) -> Iterable[str]:
    """Yield what has to be done by hand about a mail."""
    if mail.failure:
        words = _failure_words(mail)
        yield _(words).format(reason=one_line(mail.failure), count=mail.failures)
    if mail.is_deleted:
        yield _(
            "The mail is marked as deleted in the mailbox, so it was left there. If its attachment counts, "
            "undelete the mail and run the command again."
        )
    for notice in mail.notices:
        yield notice.sentence()
    for link in mail.links:
        yield _(
            "A link to a file that is kept online; download it yourself into the folder of returns: {link}"
        ).format(link=one_line(link))
    for bounce in mail.undelivered:
        yield _bounce_line(bounce)
    if mail.too_large:
        yield _("The mail is too large to be collected; download its attachment yourself.")
    for town in mail.foreign_towns:
        address = next(t.email for t in campaign.towns if t.name == town)
        yield _(
            "Warning: the workbook is of {town}, but the mail came from {sender}, not from {address}."
        ).format(town=town, sender=mail.sender, address=address)


def _failure_words(mail: "CollectedMail") -> str:
    if mail.is_done:
        return N_(
            "The mail could not be read in {count} runs ({reason}) and is not tried again. Open it in a mail "
            "program and save its attachment into “returned”."
        )
    if mail.failures:
        return N_("The mail cannot be read ({reason}); this was attempt {count}. The next run tries again.")
    return N_(
        "The mail was not received ({reason}). The next run asks for it again; if that does not help, open "
        "it on the provider’s web page and save its attachment into “returned”."
    )
