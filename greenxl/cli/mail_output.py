"""What ``greenxl send`` does around the letters: gathers and lists them, writes drafts, tells how it went."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from greenxl.campaign.model import Campaign, Town
from greenxl.cli.terminal import complain, say
from greenxl.errors import CampaignError, GreenxlError, WrongUseError
from greenxl.findings import Finding
from greenxl.i18n import N_, _
from greenxl.mail import server as mail_server
from greenxl.mail.letters import (
    TEMPLATES,
    Kind,
    Letter,
    Texts,
    blank_letters,
    copies_by_town,
    reminder_letters,
    report_letters,
    sendback_letters,
    size,
    workbook_digest,
)
from greenxl.mail.message import LARGE
from greenxl.mail.send import Planned, Sent, send
from greenxl.names import one_line
from greenxl.rounds import folder as round_folder
from greenxl.rounds.evaluate import Round
from greenxl.rounds.status import files_of, wanting

if TYPE_CHECKING:
    from greenxl.mail.collect import Mail, Selection

from greenxl.mail.drafts import attached, file_name, newest, write_drafts

STATE_WORDS = {
    None: N_("to be sent"),
    "sent": N_("sent already on {time}"),
    "refused": N_("refused on {time} ({answer}), to be sent again"),
    "unknown": N_("unknown since {time} whether it arrived; add --resend to send it again"),
}
SENT_WORDS = {"sent": N_("sent"), "refused": N_("refused"), "unknown": N_("unknown")}


def town_letters(
    kind: Kind,
    campaign: Campaign,
    towns: Sequence[Town],
    result: Round | None,
    folder: Path,
    as_of: date,
) -> list[Letter]:
    """Return the letters to towns; reminders and corrections need the state of the round."""
    texts = Texts(campaign, folder / TEMPLATES, as_of)
    if result is None:
        letters = blank_letters(campaign, towns, texts)
        _tell_blanks(letters, folder / round_folder.BLANK)
        return letters
    if kind == "reminders":
        return reminder_letters(result, towns, texts)
    files = copies_by_town(campaign, (folder / round_folder.SENDBACK).glob("*"))
    _tell_copies(result, towns, files)
    copies = {town: attached(file) for town, file in files.items()}
    return sendback_letters(result, towns, copies, texts)


def _tell_blanks(letters: Iterable[Letter], folder: Path) -> None:
    """Tell where the blank in the round's folder is another than the one that is attached."""
    for made in (attachment for letter in letters for attachment in letter.attachments):
        file = folder / made.name
        with suppress(OSError):
            if workbook_digest(file.read_bytes()) != workbook_digest(made.data):
                told = _(
                    "{path}: not this file is attached but one made anew from the campaign, which differs. "
                    "To send this one, attach it to the draft by hand."
                )
                complain(told.format(path=file))


def _tell_copies(result: Round, towns: Iterable[Town], copies: Mapping[str, Path]) -> None:
    """Tell where a correction copy is wanted and missing, or was made before the last return."""
    remedy = _("Run “greenxl check --sendback sendback --force”.")
    files = files_of(result)
    for one in wanting(result, towns):
        name, copy = one.town.name, copies.get(one.town.name)
        owing = bool(one.wrong or one.files)
        outdated = copy and any(_newer(Path(file), copy) for file in files if name in files[file])
        if owing and copy is None:
            told = _("{town} has something to correct, but no copy for it was made.")
            complain(told.format(town=name) + " " + remedy)
        elif owing and outdated:
            told = _("{town} has returned something newer than its correction copy.")
            complain(told.format(town=name) + " " + remedy)
        elif outdated:
            told = _("{town} has nothing left to correct: {path} is out of date and may be deleted.")
            complain(told.format(town=name, path=copy))


def _newer(file: Path, other: Path) -> bool:
    return file.is_file() and file.stat().st_mtime > other.stat().st_mtime


def report_to_send(campaign: Campaign, file: Path | None, folder: Path, as_of: date) -> list[Letter]:
    """Return the report's letters, with the newest consolidated workbook unless one is named.

    :raises WrongUseError: there is none, or nobody to send it to.
    """
    if not any(r.role == "leadership" for r in campaign.recipients):
        raise WrongUseError(
            _(
                "The campaign names no leader to report to. "
                "Add a row with the role 领导 to its table of recipients."
            )
        )
    file = file or newest(folder / round_folder.REPORT)
    _warn_if_outdated(file, folder / round_folder.RETURNED)
    return report_letters(campaign, attached(file), Texts(campaign, folder / TEMPLATES, as_of))


def _warn_if_outdated(file: Path, returned: Path) -> None:
    newer = [path for path in returned.rglob("*") if file.is_file() and _newer(path, file)]
    if newer:
        complain(
            _(
                "{file}: returns that are newer than this workbook: {count}. "
                "Run “greenxl merge” to take them in."
            ).format(file=file, count=len(newer))
        )


def tell_without_address(missing: tuple[Finding, ...]) -> int:
    """Tell what is to be filled in before anything can be sent; return the exit code."""
    if not missing:
        return 0
    complain(_("Before --send, fill in:"))
    for fault in missing:
        complain(f"  {fault.line()}")
    return CampaignError.exit_code


def _tell_older(folder: Path, kind: Kind, drafts: Iterable[Path], left_out: Iterable[str]) -> None:
    """Tell of drafts whose letters are no longer due; of towns that were left out nothing is known."""
    unknown = {folder / file_name(kind, name) for name in left_out}
    for path in sorted({*folder.glob(f"{kind}-*.eml")} - unknown - set(drafts)):
        complain(_("{path}: a draft of an earlier run that is no longer due. Delete it.").format(path=path))


def list_letters(planned: Sequence[Planned]) -> None:
    """Print recipient, subject and attachments of every letter, and what is to become of it."""
    for one in planned:
        letter, past = one.letter, one.past
        state = _(_prospect(one)).format(time=past.time, answer=past.answer)
        address = letter.address or _("no address")
        say(f"{letter.name} <{address}>: {state}")
        say(f"  {letter.subject}")
        for attachment in letter.attachments:
            say(f"  {attachment.name} ({attachment.size})")
        _warn_if_large(letter)


def _prospect(one: Planned) -> str:
    state = one.past.state
    if one.due and state in ("sent", "unknown"):
        return N_("to be sent again")
    if not one.due and state in (None, "refused"):
        return N_("left out, for another recipient has the same address")
    return STATE_WORDS[state]


def _warn_if_large(letter: Letter) -> None:
    length = sum(len(a.data) for a in letter.attachments) * 4 // 3
    if length >= LARGE:
        complain(
            _(
                "{name}: the message has {size}; many servers refuse more than 20 MB. "
                "Send the file another way."
            ).format(name=letter.name, size=size(length))
        )


def print_chats(letters: Iterable[Letter]) -> None:
    """Print the text for a chat group of every letter that has one."""
    for letter in letters:
        if letter.chat:
            say()
            say(_("--- to paste into a chat group: {name} ---").format(name=letter.name))
            say(letter.chat.rstrip("\n"))


def write_all_drafts(
    kind: Kind,
    planned: Sequence[Planned],
    campaign: Campaign,
    folder: Path,
    left_out: Iterable[str],
    *,
    force: bool,
) -> None:
    """Write the drafts and say where they are and how to go on; ``left_out`` are towns not asked for."""
    paths = write_drafts(planned, folder, campaign.mail.sender or campaign.mail.user, force=force)
    _tell_older(folder, kind, paths, left_out)
    if not paths:
        say(_("There is nothing to send."))
        return
    for path in paths:
        say(_("Draft: {path}").format(path=path))
    say(_("Nothing was sent. Open the drafts in a mail program, or add --send."))


def send_all(
    planned: Sequence[Planned],
    campaign: Campaign,
    log: Path,
    ask: Callable[[str], str],
    *,
    insecure: bool,
) -> int:
    """Send what is due, print every answer and the tally; return the exit code.

    :raises GreenxlError: the server cannot be used; the tally of what was sent before is printed.
    """
    if not any(one.due for one in planned):
        return tally(planned, [])
    server = mail_server.server("smtp", campaign.mail)
    sender = campaign.mail.sender or server.user
    if not sender:
        raise WrongUseError(
            _("No sender is named. Fill in the setting “mail_sender” (发件人) of the campaign.")
        )
    password = mail_server.password_of(server, ask) if server.user else ""
    sent: list[Sent] = []
    try:
        for one in send(planned, server, password, sender, log, insecure=insecure):
            sent.append(one)
            letter = one.planned.letter
            say(f"{_(SENT_WORDS[one.state])}: {letter.name} <{letter.address}> ({one.answer})")
    except GreenxlError:
        tally(planned, sent)
        raise
    return tally(planned, sent)


def tally(planned: Sequence[Planned], sent: Sequence[Sent]) -> int:
    """Print the tally and what to retry; return the exit code."""
    counts = {state: sum(one.state == state for one in sent) for state in SENT_WORDS}
    held = [one for one in planned if not one.due]
    already = sum(one.past.state == "sent" for one in held)
    say(
        _("{sent} sent, {refused} refused, {unknown} unknown; {already} had been sent before.").format(
            already=already, **counts
        )
    )
    refused = [one.planned.letter for one in sent if one.state == "refused"]
    unknown = [one.planned.letter for one in sent if one.state == "unknown"]
    unknown += [one.letter for one in held if one.past.state == "unknown"]
    if refused:
        say(
            _("Correct the address or wait, then run the command again for: {names}").format(
                names=_names(refused)
            )
        )
    if unknown:
        say(
            _("Ask whether it arrived; if not, run the command again with --resend for: {names}").format(
                names=_names(unknown)
            )
        )
    return 3 if refused or unknown else 0


def _names(letters: Iterable[Letter]) -> str:
    return "、".join(f"{letter.name} <{letter.address}>" for letter in letters)


def collect_all(
    campaign: Campaign,
    selection: "Selection",
    ask: Callable[[str], str],
    *,
    again: bool,
    insecure: bool,
) -> None:
    """Collect, print what each mail brought and the tally.

    :raises GreenxlError: the server cannot be used; the tally of what was collected before is printed.
    """
    from greenxl.mail.collect import collect
    from greenxl.mail.journal import COLLECTED_LOG

    server = mail_server.server("imap", campaign.mail)
    if not server.user:
        raise WrongUseError(
            _("No user is named. Fill in the setting “mail_user” (邮箱账号) of the campaign.")
        )
    if not selection.sender.isascii() or not selection.mailbox.isprintable():
        raise WrongUseError(_("--from wants a mail address in ASCII characters, --mailbox a name."))
    password = mail_server.password_of(server, ask)
    folder, log = Path(round_folder.RETURNED), Path(COLLECTED_LOG)
    mails: list[Mail] = []
    try:
        for mail in collect(
            campaign, server, password, folder, log, selection, again=again, insecure=insecure
        ):
            mails.append(mail)
            _tell_collected(mail, campaign)
    except GreenxlError:
        if mails:
            _tally_collected(mails)
        raise
    _tally_collected(mails)


def _tally_collected(mails: "Sequence[Mail]") -> None:
    files = [saved for mail in mails for saved in mail.saved]
    say(
        _("{new} files collected, {old} had been there before; {links} links to fetch by hand.").format(
            new=sum(saved.new for saved in files),
            old=sum(not saved.new for saved in files),
            links=sum(len(mail.links) for mail in mails),
        )
    )


def _tell_collected(mail: "Mail", campaign: Campaign) -> None:
    day = f"{mail.day[:4]}-{mail.day[4:6]}-{mail.day[6:]}"
    say(f"{day} {one_line(mail.sender)} {one_line(mail.subject)}")
    for saved in mail.saved:
        words = "{path}" if saved.new else _("{path} (had been there before)")
        say("  " + words.format(path=saved.path))
    for name in mail.left:
        complain("  " + _("Left in the mailbox: “{name}” is no spreadsheet.").format(name=one_line(name)))
    for link in mail.links:
        told = _("A link to an oversized attachment; fetch it by hand: {link}")
        complain("  " + told.format(link=one_line(link)))
    for address in mail.undelivered:
        told = _("Undelivered: a mail to {address} came back. Correct the address, or send it --again.")
        complain("  " + told.format(address=one_line(address)))
    if mail.too_large:
        complain("  " + _("The mail is too large to be collected; fetch its attachment by hand."))
    for town in mail.strange:
        address = next(t.email for t in campaign.towns if t.name == town)
        told = _("Warning: the workbook is of {town}, but the mail came from {sender}, not from {address}.")
        complain("  " + told.format(town=town, sender=mail.sender, address=address))
