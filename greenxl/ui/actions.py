"""What the buttons of the page do: what the commands do, in the round's folder."""

from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from greenxl.campaign.lint import warnings_of
from greenxl.campaign.new_round import campaign_data
from greenxl.errors import GreenxlError, WrongUseError
from greenxl.i18n import _
from greenxl.mail.drafts import FOLDER as DRAFTS
from greenxl.mail.drafts import facts_of, write_drafts
from greenxl.mail.marks import mark
from greenxl.names import safe_file_name
from greenxl.report.book import writers
from greenxl.report.comparison import Previous, compare
from greenxl.report.files import write_with_leader_copy
from greenxl.report.previous import newest_before
from greenxl.report.sheets.sentences import since, words_of
from greenxl.rounds import folder as round_folder
from greenxl.rounds.evaluate import Round
from greenxl.rounds.sendings import LetterKind
from greenxl.rounds.written import write_blanks
from greenxl.sendback.renewal import renew_copies
from greenxl.ui.desktop.launcher import write_launcher
from greenxl.ui.desktop.programs import open_in_program
from greenxl.ui.jobs import Step
from greenxl.ui.mailing import planned
from greenxl.ui.messages import Message
from greenxl.ui.returned import put_back, withdraw
from greenxl.ui.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRound:
    """What a round is begun with."""

    name: str
    place: Path
    source: Path | Traversable
    year: int | None


def begin(session: Session, new: NewRound) -> None:
    """Begin a round in a folder of its own, and go there.

    :raises WrongUseError: there is a round already, or the place is inside one.
    :raises GreenxlError: the folder cannot be written, or the campaign not be read.
    """
    folder = new.place / safe_file_name(new.name)
    round_folder.refuse_inside_round(folder)
    if round_folder.has_campaign(folder):
        raise WrongUseError(
            _("There is a round in the folder “{name}” already. Choose another name.").format(
                name=folder.name
            )
        )
    made = campaign_data(new.source, new.year)
    round_folder.begin(folder, made.data)
    write_launcher(folder)
    session.open(folder)
    session.messages = (
        Message(
            _(
                "The round was begun in the folder “{name}”. Open the campaign and fill in the deadline, "
                "contacts and mail addresses."
            ).format(name=folder.name),
            details=tuple(warning.line() for warning in made.warnings),
        ),
    )


# What came in.


def take_out(session: Session, file_id: str) -> None:
    name = withdraw(Path(), file_id)
    session.messages = (
        Message(_("{name} was withdrawn; it can be put back under “Withdrawn”.").format(name=name)),
    )


def bring_back(session: Session, file_id: str) -> None:
    name = put_back(Path(), file_id)
    session.messages = (Message(_("{name} was put back.").format(name=name)),)


# What is made.


def make_blanks(session: Session, step: Step) -> None:
    """Write the blanks of all towns."""
    campaign = session.fresh(step).result.campaign
    done = list(write_blanks(campaign, [town.name for town in campaign.towns], Path(round_folder.BLANK)))
    new = sum(one.is_new for one in done)
    kept = [
        _("{old} was kept, for it differs from the blank as it is now; send out {new}.").format(
            old=one.wanted.name, new=one.path.name
        )
        for one in done
        if one.path != one.wanted
    ]
    warnings = [warning.line() for warning in warnings_of(campaign)]
    session.messages = (Message(_made_words(new, len(done) - new), details=(*kept, *warnings)),)


def _made_words(new: int, old: int) -> str:
    if not new:
        return _("All {old} blanks were there already, unchanged.").format(old=old)
    if not old:
        return _("{new} blanks were made.").format(new=new)
    return _("{new} blanks were made, {old} were there already.").format(new=new, old=old)


def make_report(session: Session, step: Step) -> None:
    """Write the consolidated workbook and the leader's copy, compared with the newest earlier one."""
    found, today = session.fresh(step), session.today()
    campaign, unread = found.result.campaign, list[str]()
    previous = newest_before(campaign, Path(round_folder.REPORT), today, unread.append)
    report, copy = writers(found.result, found.tables, today, previous)
    default = Path(round_folder.REPORT) / round_folder.report_name(campaign, today)
    written = write_with_leader_copy(None, default, report, copy, force=False)
    text = _("The consolidated workbook {name} was made, and the leader’s copy beside it.")
    session.messages = (
        Message(text.format(name=written.output.name), details=tuple(unread)),
        *_since(found.result, previous),
    )


def _since(result: Round, previous: Previous | None) -> tuple[Message, ...]:
    """Return in a sentence what changed since the earlier workbook."""
    if previous is None:
        return ()
    changes = compare(previous, result.campaign, result.choices)
    return (Message(words_of(since(result.campaign, previous, changes))),)


def open_copy(session: Session, step: Step, town: str) -> None:
    """Bring the correction copies up to date, and open that of a town."""
    _renew_copies(session, step)
    letters = [one.letter for one in planned(session, LetterKind.SENDBACK).letters if one.letter.name == town]
    places = [attached.place for letter in letters for attached in letter.attachments if attached.place]
    if not places:
        raise GreenxlError(
            _("{town} has nothing that a correction copy could ask for; send the reminder.").format(town=town)
        )
    open_in_program(places[0])
    text = _("The correction copy of {town} was opened: {name}").format(town=town, name=places[0].name)
    session.messages = (Message(text),)


def _renew_copies(session: Session, step: Step) -> None:
    """Bring the correction copies up to date, and check anew: what was issued is known by the journal."""
    renew_copies(session.fresh(step).result, Path(round_folder.SENDBACK), Path())
    session.fresh(step)


def record_reminder(session: Session, town: str) -> None:
    """Record that the text for a town went out by hand."""
    letters = [one for one in planned(session, LetterKind.REMINDERS).letters if one.letter.name == town]
    mark(Path(), map(facts_of, letters))
    session.messages = (Message(_("Recorded: {town} was reminded.").format(town=town)),)


def make_drafts(session: Session, step: Step, kind: LetterKind) -> None:
    """Write the drafts of a kind of mail, and open their folder."""
    if kind is LetterKind.SENDBACK:
        _renew_copies(session, step)
    plan = planned(session, kind)
    settings = plan.campaign.mail
    done = write_drafts(plan.letters, Path(), settings.sender or settings.user, kind=kind)
    mails = [path for path in done.written if path.suffix == ".eml"]
    if not mails:
        session.messages = (Message(_("There is nothing to send."), details=tuple(plan.warnings)),)
        return
    open_in_program(Path(DRAFTS))
    text = _(
        "{count} drafts were written; nothing was sent. Open them in a mail program, or paste the texts."
    )
    session.messages = (Message(text.format(count=len(mails)), details=tuple(plan.warnings)),)
