"""What the page shows of a round, step by step, as plain values: from the same functions as the commands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path, PurePosixPath

from greenxl.campaign.model import Campaign
from greenxl.catalogue import Severity
from greenxl.findings import Finding, grouped
from greenxl.form.blank import town_file_name
from greenxl.i18n import LANGUAGE, N_, _
from greenxl.mail.mailing import newer_returns, reminder_mailing
from greenxl.mail.round_status import status_of_round
from greenxl.names import clean
from greenxl.report.sheets.sentences import counts, percent_words, verdict, words_of
from greenxl.returns.intake import Outcome
from greenxl.rounds import folder as round_folder
from greenxl.rounds.evaluate import Evaluation, Round
from greenxl.rounds.owed import Owed, owed_by, towns_by_file
from greenxl.rounds.sendings import BY_HAND, SendState
from greenxl.rounds.status import Event, TownStatus
from greenxl.scoring.choosing import Status
from greenxl.scoring.tables import Counts, TownRow
from greenxl.scoring.vocabulary import status_words, subject, words
from greenxl.ui.charts import Chart, rates_chart, totals_chart
from greenxl.ui.returned import WITHDRAWN, files_in, id_of

_MOST_FINDINGS = 200
"""Of a town that are shown; the consolidated workbook has all."""
_MOST_NAMES = 6
_HOW = {
    SendState.SENT: N_("mailed"),
    SendState.REFUSED: N_("refused"),
    SendState.BOUNCED: N_("undelivered"),
    SendState.UNKNOWN: N_("unknown whether it arrived"),
    BY_HAND: N_("by hand"),
    "mail": N_("by mail"),
    "file": N_("as a file"),
}
_SEVERITY = {Severity.ERROR: N_("Error"), Severity.WARNING: N_("Warning"), Severity.NOTE: N_("Note")}
_OUTCOME = {Outcome.READ: N_("read"), Outcome.REJECTED: N_("rejected"), Outcome.SKIPPED: N_("skipped")}


@dataclass(frozen=True, slots=True)
class Deadline:
    words: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class ShownFinding:
    severity: str
    kind: str
    where: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTown:
    number: int
    name: str
    accepted: str
    """Of how many: 13/14."""
    files: int
    situation: tuple[str, ...]
    """What is missing and wrong; nothing where all is there."""
    is_wrong: bool
    history: tuple[str, ...]
    """What went out and came in, and when."""
    reminder: str
    """The text to paste into a chat, "" where the town owes nothing."""
    to_correct: bool
    findings: tuple[ShownFinding, ...]
    more: int
    """Findings that are not shown."""


@dataclass(frozen=True, slots=True)
class ShownFile:
    id: str
    name: str
    """Below the folder of returns."""
    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class ShownStatus:
    words: str
    count: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReport:
    name: str
    """"" where there is none yet."""
    older: str
    """Why it is out of date, "" where it is not."""
    headline: str
    counts: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRound:
    """The whole page of a round that can be checked."""

    blanks: int
    blanks_wanted: int
    statuses: tuple[ShownStatus, ...]
    listed: str
    towns: tuple[ShownTown, ...]
    other: tuple[ShownFinding, ...]
    """Findings that are of no one town."""
    files: tuple[ShownFile, ...]
    withdrawn: tuple[ShownFile, ...]
    report: ShownReport
    recipients: tuple[str, ...]
    sent_report: tuple[str, ...]
    next: str
    """The step that is due: the name of its button."""


def title_of(campaign: Campaign) -> str:
    return _("{programme} {year}").format(programme=subject(campaign), year=campaign.year)


def deadline_of(campaign: Campaign, today: date) -> Deadline:
    left = (campaign.deadline - today).days
    day = _day(campaign.deadline)
    if left < 0:
        return Deadline(_("Deadline {day}, past by {days} days").format(day=day, days=-left), True)
    if left == 0:
        return Deadline(_("Deadline {day}: today").format(day=day), False)
    return Deadline(_("Deadline {day}, {days} days left").format(day=day, days=left), False)


def _day(day: date) -> str:
    return _("{month}/{day}").format(month=day.month, day=day.day)


def round_view(found: Evaluation, today: date) -> ShownRound:
    """Return what is shown of the round in the current folder."""
    result, campaign = found.result, found.result.campaign
    state = status_of_round(result, Path())
    towns = tuple(_towns(result, state.towns, today))
    blanks, wanted = _blanks(campaign)
    files = tuple(_files(result))
    report = _report(found, today)
    sent = tuple(f"{name}：{_event(event)}" for name, event in state.report.items())
    people = tuple(one.name for one in campaign.recipients if one.role == "leadership")
    return ShownRound(
        blanks=blanks,
        blanks_wanted=wanted,
        statuses=tuple(_statuses(found)),
        listed=_("{n} {unit}").format(n=found.tables.county.listed, unit=campaign.unit),
        towns=towns,
        other=tuple(_shown(one, campaign) for one in _of_no_town(result))[:_MOST_FINDINGS],
        files=files,
        withdrawn=tuple(ShownFile(id_of(name), clean(name), "", "") for name in files_in(Path(WITHDRAWN))),
        report=report,
        recipients=people,
        sent_report=sent,
        next=_next(
            blanks=blanks,
            files=len(files),
            towns=towns,
            reminded=[_is_reminded(town) for town in state.towns],
            open_until=campaign.deadline >= today,
            report=report,
            mail=bool(people) and not sent,
        ),
    )


def _next(
    *,
    blanks: int,
    files: int,
    towns: Sequence[ShownTown],
    reminded: Sequence[bool],
    open_until: bool,
    report: ShownReport,
    mail: bool,
) -> str:
    """Return the one thing that is due."""
    if not files:
        return "receive" if blanks else "blanks"
    if open_until:
        owing = (town for town, done in zip(towns, reminded, strict=True) if town.reminder and not done)
        due = next(owing, None)
        if due:
            return f"remind-{due.number}"
    if not report.name or report.older:
        return "report"
    return "mail" if mail else "open-report"


def _is_reminded(town: TownStatus) -> bool:
    """Whether a town was reminded, or sent its copy, after its last return."""
    went = max((one.time for one in (town.reminded, town.sent_back) if one), default="")
    return bool(went) and went[:10] >= (town.returned.time[:10] if town.returned else "")


def _blanks(campaign: Campaign) -> tuple[int, int]:
    """Return how many of the towns' blanks there are, and how many there should be."""
    folder = Path(round_folder.BLANK)
    there = [(folder / town_file_name(campaign, town.name)).is_file() for town in campaign.towns]
    return sum(there), len(there)


def _statuses(found: Evaluation) -> Iterable[ShownStatus]:
    said = status_words(found.result.campaign)
    for status in Status:
        yield ShownStatus(said[status], found.tables.county.statuses[status], str(status))


def _towns(result: Round, states: Sequence[TownStatus], today: date) -> Iterable[ShownTown]:
    campaign = result.campaign
    owed = owed_by(result, campaign.towns)
    letters = reminder_mailing(result, campaign.towns, Path(), today).letters
    texts = {letter.name: letter.chat for letter in letters}
    own = _by_town(result)
    for number, (one, state) in enumerate(zip(owed, states, strict=True)):
        findings = grouped(own.get(state.town, ()), LANGUAGE)
        yield ShownTown(
            number=number,
            name=state.town,
            accepted=f"{state.accepted}/{state.listed}",
            files=state.files,
            situation=tuple(_situation(one)),
            is_wrong=one.to_correct,
            history=tuple(_history(state)),
            reminder=texts.get(state.town, ""),
            to_correct=one.to_correct,
            findings=tuple(_shown(f, campaign) for f in findings[:_MOST_FINDINGS]),
            more=max(0, len(findings) - _MOST_FINDINGS),
        )


def _situation(owed: Owed) -> Iterable[str]:
    """Yield what a town owes, in a few words each."""
    if owed.missing:
        yield _("not returned: {names}").format(names=_few(owed.missing))
    for one in owed.wrong[:_MOST_NAMES]:
        yield _("{community}: {status}, {count} places").format(
            community=one.community, status=one.status, count=one.places
        )
    if len(owed.wrong) > _MOST_NAMES:
        yield _("and {count} more with something to correct").format(count=len(owed.wrong) - _MOST_NAMES)
    if owed.undecided:
        yield _("to be decided: {names}").format(names=_few(owed.undecided))
    if owed.files:
        yield _("{count} problems with files").format(count=len(owed.files))


def _few(names: Sequence[str]) -> str:
    shown = "、".join(names[:_MOST_NAMES])
    if len(names) <= _MOST_NAMES:
        return shown
    return _("{names} and {count} more").format(names=shown, count=len(names) - _MOST_NAMES)


def _history(state: TownStatus) -> Iterable[str]:
    events = (
        (_("blank"), state.blank),
        (_("returned"), state.returned),
        (_("reminded"), state.reminded),
        (_("sent back"), state.sent_back),
    )
    for words_, event in events:
        if event:
            yield f"{words_} {_event(event)}"


def _event(event: Event) -> str:
    when = date.fromisoformat(event.time[:10])
    return _("{day} ({how})").format(day=_day(when), how=_(_HOW[event.how]))


def _by_town(result: Round) -> Mapping[str, list[Finding]]:
    """Return the findings of each town: those that name it, and those about files that are its alone."""
    owners = {file: next(iter(towns)) for file, towns in towns_by_file(result).items() if len(towns) == 1}
    found: dict[str, list[Finding]] = {}
    for one in result.findings:
        if one.severity is not Severity.NOTE:
            found.setdefault(one.town or owners.get(one.file, ""), []).append(one)
    return found


def _of_no_town(result: Round) -> list[Finding]:
    return grouped(_by_town(result).get("", ()), LANGUAGE)


def _shown(one: Finding, campaign: Campaign) -> ShownFinding:
    here = replace(one, file=_inside(one.file))
    return ShownFinding(
        severity=_(_SEVERITY[one.severity]),
        kind=str(one.severity),
        where=clean(here.where()),
        message=clean(one.message(words=words(campaign))),
    )


def _inside(file: str) -> str:
    """Return a file as it is called below the folder of returns."""
    path = PurePosixPath(file)
    return (
        path.relative_to(round_folder.RETURNED).as_posix()
        if path.parts[:1] == (round_folder.RETURNED,)
        else file
    )


def _files(result: Round) -> Iterable[ShownFile]:
    """Yield the files among the returns, each with what became of it and of what is in it."""
    entries = {entry.file: entry for entry in result.entries}
    inside: dict[str, int] = {}
    for name in entries:
        for parent in PurePosixPath(name).parents:
            inside[parent.as_posix()] = inside.get(parent.as_posix(), 0) + 1
    said = words(result.campaign)
    for name in files_in(Path(round_folder.RETURNED)):
        path = f"{round_folder.RETURNED}/{name}"
        entry = entries.get(path)
        if entry is None or path in inside:
            what = _("{count} files in it").format(count=inside.get(path, 0))
            yield ShownFile(id_of(name), clean(name), what, "read")
            continue
        what = _(_OUTCOME[entry.outcome])
        if entry.reason:
            what = _("{where}: {what}").format(where=what, what=clean(entry.reason.message(words=said)))
        elif entry.sheets_read:
            what = _("{what}, {count} sheets").format(what=what, count=entry.sheets_read)
        yield ShownFile(id_of(name), clean(name), what, str(entry.outcome))


def _report(found: Evaluation, today: date) -> ShownReport:
    result, tables = found.result, found.tables
    campaign = result.campaign
    newest = next(iter(round_folder.reports(Path(round_folder.REPORT))), None)
    return ShownReport(
        name=newest.name if newest else "",
        older=_older(newest) if newest else "",
        headline=words_of(verdict(result, tables, today)),
        counts=words_of(counts(campaign, tables.county)),
        headings=tuple(_headings(campaign)),
        rows=tuple(_rows(found)),
        charts=(rates_chart(campaign, tables), totals_chart(campaign, tables)),
    )


def _older(report: Path) -> str:
    """Return why a report is older than the returns, "" where it is not."""
    newer = newer_returns(report, Path(round_folder.RETURNED))
    if newer:
        return _("{count} files are newer than the workbook").format(count=newer)
    saved = report.stat().st_mtime
    folders = (Path(round_folder.RETURNED), Path(WITHDRAWN))
    moved = (path for folder in folders for path in chain([folder], folder.rglob("*")) if path.is_dir())
    if any(path.stat().st_mtime > saved + 1 for path in moved):
        return _("files came or were withdrawn after the workbook was made")
    return ""


def _headings(campaign: Campaign) -> Iterable[str]:
    said = words(campaign)
    yield said["parent"] if campaign.has_towns else ""
    yield campaign.roster_name
    yield _("took part").format(**said)
    yield from status_words(campaign).values()
    yield "参与率"
    yield f"{campaign.pass_words[0]}率"


def _rows(found: Evaluation) -> Iterable[tuple[str, ...]]:
    campaign, tables = found.result.campaign, found.tables
    towns: Sequence[TownRow] = tables.towns if campaign.has_towns else ()
    for row in (*towns, tables.county):
        yield _row(row.name if isinstance(row, TownRow) else campaign.area, row)


def _row(name: str, row: Counts) -> tuple[str, ...]:
    numbers = (row.listed, row.participating, *(row.statuses[status] for status in Status))
    rates = (percent_words(part, row.denominator) for part in (row.participating, row.passed))
    return (name, *map(str, numbers), *rates)
