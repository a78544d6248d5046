"""What can be chosen on the page besides what a round holds: which round, and what a new one begins with.

The page names each by a short id of ours; no path goes to the browser to come back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from greenxl.campaign import shipped, templates
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.errors import WrongUseError
from greenxl.i18n import _
from greenxl.rounds.folder import CAMPAIGN, is_round
from greenxl.scoring.vocabulary import subject
from greenxl.ui.returned import id_of
from greenxl.ui.session import Session

_MOST_FOLDERS = 200
"""Of a place that are looked into for rounds."""


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    words: str
    path: Path | Traversable


def rounds(session: Session) -> list[Choice]:
    """Return the rounds to go to: those that were open last, then others in the places for rounds."""
    found = dict.fromkeys(session.remembered.rounds())
    found |= dict.fromkeys(folder for place in session.places for folder in _inside(place))
    return [Choice(id_of(str(one)), _name(one), one) for one in found if one != session.folder]


def _inside(place: Path) -> Iterator[Path]:
    try:
        folders = sorted(one for one in place.iterdir() if one.is_dir() and not one.name.startswith("."))
    except OSError:  # a place that cannot be looked into has no rounds to offer
        return
    yield from (one for one in folders[:_MOST_FOLDERS] if (one / CAMPAIGN).is_file())


def _name(folder: Path) -> str:
    return _("{name} (in {place})").format(name=folder.name, place=folder.parent.name or folder.parent)


def places(session: Session) -> list[Choice]:
    """Return the folders in which a round may be begun: beside this one first."""
    beside = [session.folder.parent] if session.folder else []
    found = dict.fromkeys([*beside, *session.places])
    free = [one for one in found if not any(is_round(folder) for folder in (one, *one.parents))]
    return [Choice(id_of(str(one)), one.name or str(one), one) for one in free]


def sources(session: Session) -> list[Choice]:
    """Return what a round can begin with: this round's campaign, that of another, or a shipped form."""
    here = [session.folder] if session.folder else []
    own = [Choice("this", _("the campaign of this round"), one) for one in here]
    others = [
        Choice(one.id, _("the campaign of {round}").format(round=one.words), one.path)
        for one in rounds(session)
    ]
    return [*own, Choice("shipped", _programme("shipped"), shipped()), *others, *_forms()]


def _forms() -> Iterator[Choice]:
    for name, folder in templates().items():
        yield Choice(name, _programme(name), folder)


@cache
def _programme(name: str) -> str:
    """Return what a shipped form is about."""
    campaign = load(shipped() if name == "shipped" else templates()[name])
    return _("the form: {programme}").format(programme=subject(campaign))


def chosen(choices: Sequence[Choice], choice_id: str) -> Choice:
    """:raises WrongUseError: it is not among them any more."""
    found = next((one for one in choices if one.id == choice_id), None)
    if found is None:
        raise WrongUseError(_("This is not there any more. It may have been moved or renamed."))
    return found


def folder_of(choices: Sequence[Choice], choice_id: str) -> Path:
    """Return the folder that was chosen; errors of :func:`chosen`."""
    path = chosen(choices, choice_id).path
    assert isinstance(path, Path)
    return path


def next_year(campaign: Campaign | None, today: date) -> int:
    return campaign.year + 1 if campaign else today.year


def next_name(campaign: Campaign | None, today: date) -> str:
    """Return what a new round's folder is called unless another name is typed."""
    county = campaign.county if campaign else ""
    return f"{county}{next_year(campaign, today)}"
