"""Where a round stands, town by town: what is still owed, and what was sent, returned and accepted. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from greenxl.campaign.model import Campaign, Town
from greenxl.catalogue import Severity
from greenxl.findings import Finding, grouped
from greenxl.i18n import CHINESE
from greenxl.returns.intake import Outcome
from greenxl.rounds.evaluate import Round
from greenxl.scoring.choosing import Choice, Status
from greenxl.scoring.vocabulary import STATUS_WORDS

PENDING: tuple[Status, ...] = (Status.INCOMPLETE, Status.INVALID, Status.CONFLICT)
SHOWN = 4
"""So many cells of two returns that differ are named to a town."""
ACCEPTED: tuple[Status, ...] = (Status.PASSED, Status.FAILED)

Record = Mapping[str, Any]
"""A line of the send log or of the journal of collected mails."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A community that has to correct something, and what."""

    community: str
    status: str
    lines: tuple[str, ...]
    places: int
    """Its cells that are wrong, 处."""


@dataclass(frozen=True, slots=True)
class Wanting:
    """All that a town still owes."""

    town: Town
    missing: tuple[str, ...]
    wrong: tuple[Wrong, ...]
    files: tuple[str, ...]
    """About files and sheets of the town that could not be used at all."""
    places: int
    """Everything that has to be corrected, by the same count."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.wrong or self.files)


def wanting(result: Round, towns: Iterable[Town]) -> list[Wanting]:
    """Return what each town still owes, in the order of ``towns``."""
    owners = owners_of(result)
    return [_wanting(result, town, owners) for town in towns]


def _wanting(result: Round, town: Town, owners: Mapping[str, str]) -> Wanting:
    choices = [c for c in result.choices if c.community.town == town.name]
    errors = [f for f in result.findings if f.severity is Severity.ERROR]
    mine = [f for f in errors if (f.town or owners.get(f.file)) == town.name]
    wrong = tuple(_wrong(c, mine) for c in choices if c.status in PENDING)
    unplaced = [f for f in mine if not f.community]
    return Wanting(
        town,
        tuple(c.community.name for c in choices if c.status == Status.MISSING),
        wrong,
        tuple(map(_about_file, grouped(unplaced))),
        sum(one.places for one in wrong) + _places(unplaced),
    )


def _wrong(choice: Choice, findings: Iterable[Finding]) -> Wrong:
    own = [f for f in findings if f.community == choice.community.name]
    lines = [_line_of(f) for f in grouped(own)]
    return Wrong(
        choice.community.name, STATUS_WORDS[choice.status], tuple(dict.fromkeys(lines)), _places(own)
    )


def _places(findings: Iterable[Finding]) -> int:
    """Return how many cells are wrong; what is wrong with a sheet or file as a whole is one place.

    A cell of a community counts once, in however many returns it is wrong.
    """
    return len({place for one in findings for place in _cells(one)})


def _cells(one: Finding) -> list[object]:
    return [(one.community or (one.file, one.sheet), cell) for cell in one.cells] or [one]


def _line_of(one: Finding) -> str:
    """Return the finding as its town needs it: without our folders and what only the county can do."""
    if one.entry.for_town:
        few = "、".join(one.cells[:SHOWN])
        return one.message_for_town(few if len(one.cells) <= SHOWN else f"{few}等{len(one.cells)}处")
    cells = one.shown_cells()
    return f"{cells}：{one.message(CHINESE)}" if cells else one.message(CHINESE)


def _about_file(one: Finding) -> str:
    where = "›".join(part for part in (PurePosixPath(one.file).name, one.sheet) if part)
    return f"{where}：{one.message(CHINESE)}"


def owners_of(result: Round) -> dict[str, str]:
    """Return the town of each file: by the identity in it, else by a folder that is named for the town."""
    campaign = result.campaign
    addresses = {town.email.casefold(): town for town in campaign.towns if town.email}
    owners = {}
    for entry in result.entries:
        if entry.outcome == Outcome.SKIPPED:
            continue
        for part in PurePosixPath(entry.file).parts[:-1]:
            town = campaign.find_town(part) or addresses.get(part.casefold())
            if town:
                owners[entry.file] = town.name
    for one in result.checked:
        town = campaign.find_town(one.sheet.identity.town) if one.sheet.identity else None
        if town:
            owners[one.sheet.file] = town.name
    return owners


def files_of(result: Round) -> dict[str, set[str]]:
    """Return the towns of each file: those whose communities it holds, else the one that owns it."""
    towns = {file: {town} for file, town in owners_of(result).items()}
    held: dict[str, set[str]] = {}
    for one in result.checked:
        if one.community:
            held.setdefault(one.sheet.file, set()).add(one.community.town)
    return {**towns, **held}


@dataclass(frozen=True, slots=True)
class Event:
    """When something happened, and how or with what answer."""

    time: str
    """ISO 8601."""
    how: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one town stands."""

    town: str
    blank: Event | None
    """The blank's last sending: sent, refused or unknown."""
    returned: Event | None
    """The last return: by mail, or as a file that was put into the folder."""
    files: int
    """Those that hold its communities, and those of its own that hold none."""
    listed: int
    accepted: int
    errors: int
    """As the town is told: a cell that is wrong counts one."""
    missing: tuple[str, ...]
    reminded: Event | None
    sent_back: Event | None


def standings(
    result: Round,
    sent: Iterable[Record],
    collected: Iterable[Record],
    saved: Mapping[str, datetime],
) -> list[Standing]:
    """Return where each town stands, in campaign order; ``saved`` is when each file was last changed."""
    sent = list(sent)
    mailed = {file["file"]: _day(record["day"]) for record in collected for file in record.get("files", ())}
    files = files_of(result)
    return [
        _standing(result, one, sorted(f for f in files if one.town.name in files[f]), sent, mailed, saved)
        for one in wanting(result, result.campaign.towns)
    ]


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _standing(
    result: Round,
    owed: Wanting,
    files: Sequence[str],
    sent: Iterable[Record],
    mailed: Mapping[str, str],
    saved: Mapping[str, datetime],
) -> Standing:
    town = owed.town
    choices = [c for c in result.choices if c.community.town == town.name]
    returns = [_return(file, mailed, saved) for file in files]
    known = [one for one in returns if one]
    return Standing(
        town.name,
        _last(sent, "blank", town.name),
        max(known, key=lambda one: one.time) if known else None,
        len(files),
        len(choices),
        sum(c.status in ACCEPTED for c in choices),
        owed.places,
        owed.missing,
        _last(sent, "reminders", town.name),
        _last(sent, "sendback", town.name),
    )


def _return(file: str, mailed: Mapping[str, str], saved: Mapping[str, datetime]) -> Event | None:
    """Return when a file came; a member of a zip came with the zip."""
    for path in (PurePosixPath(file), *PurePosixPath(file).parents):
        name = path.as_posix()
        if name in mailed:
            return Event(mailed[name], "mail")
        if name in saved:
            return Event(saved[name].isoformat(timespec="seconds"), "file")
    return None


def _last(sent: Iterable[Record], kind: str, name: str) -> Event | None:
    """Return the last sending of a kind to a town; one without an answer may have arrived or not."""
    found = [r for r in sent if (r["kind"], r["name"]) == (kind, name)]
    if not found:
        return None
    state = found[-1]["state"]
    return Event(found[-1]["time"], "unknown" if state == "sending" else state)


def reported(sent: Iterable[Record]) -> dict[str, Event]:
    """Return the report's last sending to each recipient, by name."""
    found = {}
    for name in dict.fromkeys(r["name"] for r in sent if r["kind"] == "report"):
        event = _last(sent, "report", name)
        if event:
            found[name] = event
    return found


@dataclass(frozen=True, slots=True)
class Whole:
    """Where the whole round stands."""

    campaign: Campaign
    towns: tuple[Standing, ...]
    report: Mapping[str, Event]
    """The report's last sending to each recipient, by name."""
    links: tuple[str, ...]
    """To oversized attachments, which have to be fetched by hand."""

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        campaign = self.campaign
        return {
            "format": 1,
            "campaign": {"id": campaign.id, "title": campaign.title, "year": campaign.year},
            "towns": [asdict(one) for one in self.towns],
            "report": {name: asdict(event) for name, event in self.report.items()},
            "links": list(self.links),
        }
