"""What a press of each button does: the fields of its form to an action, at once or in the background."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from greenxl.errors import WrongUseError
from greenxl.i18n import N_, _
from greenxl.mail.drafts import FOLDER as DRAFTS
from greenxl.rounds import folder as round_folder
from greenxl.ui import actions, choices, mailing
from greenxl.ui.desktop.programs import open_in_program
from greenxl.ui.jobs import Step
from greenxl.ui.session import Session

Fields = Mapping[str, str]
"""Of a form."""
_OPENED = {
    "blank": round_folder.BLANK,
    "returned": round_folder.RETURNED,
    "report-folder": round_folder.REPORT,
    "drafts": DRAFTS,
    "campaign": round_folder.CAMPAIGN,
}
"""What can be opened besides the newest report, by what the page calls it."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What takes time, and what it is called meanwhile."""

    title: str
    run: Callable[[Session, Step, Fields], None]


def press(session: Session, name: str, fields: Fields) -> None:
    """Do what a button is for; what keeps it from being done is a message."""
    if name == "check" and session.jobs.running:
        return  # what came in meanwhile is checked after that
    session.messages = ()
    with session.report_problems():
        if name not in _WITHOUT_ROUND:
            session.require_folder()
        if name in _AT_ONCE:
            with session.jobs.alone(_("Something else")):
                _AT_ONCE[name](session, fields)
        elif name in _WORK:
            session.jobs.start(_(_WORK[name].title), _contained(session, _WORK[name], fields))
        else:
            raise WrongUseError(_("There is nothing at this address."))


def _contained(session: Session, work: _Work, fields: Fields) -> Callable[[Step], None]:
    def run(step: Step) -> None:
        with session.report_problems():
            work.run(session, step, fields)

    return run


def _send(session: Session, step: Step, fields: Fields) -> None:
    if fields.get("confirmed") != "yes":
        raise WrongUseError(_("Nothing was sent: look at the list, and tick that it is right."))
    kind = mailing.kind_named(fields.get("kind", ""))
    mailing.send(session, step, kind, fields.get("digest", ""), fields.get("password", ""))


def _open(_session: Session, fields: Fields) -> None:
    what = fields.get("what", "")
    open_in_program(mailing.newest_report() if what == "report" else Path(_OPENED.get(what, ".")))


def _go_to_round(session: Session, fields: Fields) -> None:
    session.open(choices.folder_of(choices.rounds(session), fields.get("round", "")))


def _begin(session: Session, fields: Fields) -> None:
    """Begin the round of the form.

    :raises WrongUseError: it lacks something.
    """
    name, year = fields.get("name", "").strip(), fields.get("year", "").strip()
    if not name:
        raise WrongUseError(_("Give the new round a name, such as the county and the year."))
    wanted = _year(year) if year else None
    new = actions.NewRound(
        name=name,
        place=choices.folder_of(choices.places(session), fields.get("place", "")),
        source=choices.chosen(choices.sources(session), fields.get("source", "")).path,
        year=wanted,
    )
    actions.begin(session, new)


def _year(text: str) -> int:
    """:raises WrongUseError: it is none."""
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) >= 1900):
        message = _("“{value}” is not a year. Give four digits, such as 2021.")
        raise WrongUseError(message.format(value=text[:20]))
    return int(text)


_AT_ONCE: Mapping[str, Callable[[Session, Fields], None]] = {
    "withdraw": lambda session, fields: actions.take_out(session, fields.get("file", "")),
    "restore": lambda session, fields: actions.bring_back(session, fields.get("file", "")),
    "reminded": lambda session, fields: actions.record_reminder(session, fields.get("town", "")),
    "open": _open,
    "round": _go_to_round,
    "begin": _begin,
}
_WITHOUT_ROUND = ("round", "begin")
_WORK: Mapping[str, _Work] = {
    "check": _Work(N_("Checking"), lambda session, step, _fields: session.check(step)),
    "blanks": _Work(
        N_("Making the blanks"), lambda session, step, _fields: actions.make_blanks(session, step)
    ),
    "report": _Work(
        N_("Making the workbook"), lambda session, step, _fields: actions.make_report(session, step)
    ),
    "copy": _Work(
        N_("Making the correction copy"),
        lambda session, step, fields: actions.open_copy(session, step, fields.get("town", "")),
    ),
    "drafts": _Work(
        N_("Writing the drafts"),
        lambda session, step, fields: actions.make_drafts(
            session, step, mailing.kind_named(fields.get("kind", ""))
        ),
    ),
    "send": _Work(N_("Sending"), _send),
}
