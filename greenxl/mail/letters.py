"""What is written to whom: the campaign and the state of its round to letters.

A letter is not yet a message: :mod:`greenxl.mail.message` gives it headers and bytes.
"""

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from greenxl.campaign.model import Basis, Campaign, Recipient, Town
from greenxl.findings import Finding
from greenxl.form.blank import Blank, blanks
from greenxl.form.instructions import all_chosen, beside_plain_scores
from greenxl.form.layout import identity_of
from greenxl.mail.model import Attachment, Letter, content_hash
from greenxl.mail.templates import MailTemplates
from greenxl.names import key, one_line
from greenxl.report.notices.journal import CurrentNotice
from greenxl.report.readback import ReadBack, read_back
from greenxl.report.sheets.score_table import VETO
from greenxl.rounds import folder as round_folder
from greenxl.rounds.evaluate import Round
from greenxl.rounds.owed import PENDING, Owed, count_places, owed_by, town_lines
from greenxl.rounds.sendings import LetterKind
from greenxl.scoring import tables
from greenxl.scoring.choosing import Status
from greenxl.scoring.vocabulary import OPEN_STATUS_WORDS, status_words, words
from greenxl.sendback.copies import Draft

_CLEARER = {OPEN_STATUS_WORDS[Status.INVALID]: "填报有误"}
"""Words of the workbook that need another one outside of its tables."""


def blank_letters(
    campaign: Campaign,
    towns: Sequence[Town],
    templates: MailTemplates,
    place_of: Callable[[Blank], Path] = lambda blank: Path(round_folder.BLANK, blank.file_name),
) -> list[Letter]:
    """Return a letter per town with its own blank workbook.

    It stays the same letter as long as the standard, the town and its communities do.

    :param place_of: where in the round's folder a blank is, or is to be.
    """
    letters = []
    for blank, town in zip(blanks(campaign, [t.name for t in towns]), towns, strict=True):
        communities = campaign.communities_of(town.name)
        letters.append(
            _letter(
                LetterKind.BLANK,
                town,
                templates,
                attachments=[Attachment(blank.file_name, blank.data, place_of(blank))],
                content=identity_of(campaign, town.name, communities).rows(),
                values={
                    "town": town,
                    "itself": _is_unit(campaign, town),
                    "communities": communities,
                    "all_chosen": all_chosen(campaign),
                    "beside": beside_plain_scores(campaign),
                },
            )
        )
    return letters


def reminder_letters(result: Round, towns: Iterable[Town], templates: MailTemplates) -> list[Letter]:
    """Return a letter per town that still owes something, listing exactly that."""
    return [_reminder(one, result.campaign, templates) for one in owed_by(result, towns) if one]


def _reminder(one: Owed, campaign: Campaign, templates: MailTemplates) -> Letter:
    content = [one.missing, [[w.community, w.status, w.lines] for w in one.wrong], one.files]
    if one.undecided:
        content.append(one.undecided)
    overdue = templates.late if one.missing or one.to_correct else 0  # what another level owes is not late
    if templates.late:  # once more when the deadline has passed, though nothing came in
        content.append("late")
    values = {**_owed(one, campaign), "overdue": overdue}
    return _letter(LetterKind.REMINDERS, one.town, templates, content=content, values=values)


def sendback_letters(
    result: Round,
    towns: Iterable[Town],
    wanted: Mapping[str, Draft],
    copies: Mapping[str, Attachment],
    templates: MailTemplates,
) -> list[Letter]:
    """Return a letter per town that needs a correction copy and has one.

    :param wanted: the copies that are needed, by the names of their towns.
    :param copies: those that there are, by the same.
    """
    letters = []
    for one in owed_by(result, towns):
        draft, copy = wanted.get(one.town.name), copies.get(one.town.name)
        if draft and copy:
            correct = one.to_correct
            to_check = () if correct else tuple(_to_check(draft, one.missing))
            letters.append(
                _letter(
                    LetterKind.SENDBACK,
                    one.town,
                    templates,
                    attachments=[copy],
                    content=workbook_hash(copy.data),
                    values={**_owed(one, result.campaign), "correct": correct, "to_check": to_check},
                )
            )
    return letters


def _to_check(draft: Draft, missing: Collection[str]) -> Iterator[dict[str, object]]:
    """Yield what a copy asks to check of what came, by community; of a sheet that is nobody's, by that."""
    asked: dict[str, list[Finding]] = {}
    for finding in (one for one in draft.asked if one.community not in missing):
        asked.setdefault(finding.community or finding.sheet, []).append(finding)
    for name, own in asked.items():
        lines = town_lines(own, draft.problems.campaign)
        yield {"community": name, "lines": lines, "places": count_places(own)}


def notice_letters(
    campaign: Campaign,
    notices: Iterable[tuple[CurrentNotice, Attachment]],
    as_of: date,
    templates: MailTemplates,
) -> list[Letter]:
    """Return a letter per town that has something to put right, with its notice.

    It stays the same letter as long as the notice holds the same, whatever was typed into it meanwhile.

    :param as_of: the day of the figures.
    """
    towns = {town.name: town for town in campaign.towns}
    letters = []
    for notice, workbook in notices:
        town = towns[notice.town]
        values = {
            "town": town,
            "itself": _is_unit(campaign, town),
            "notice": notice,
            "until": as_of,
        }
        letters.append(
            _letter(
                LetterKind.NOTICES,
                town,
                templates,
                attachments=[workbook],
                content=notice.content,
                values=values,
            )
        )
    return letters


def _is_unit(campaign: Campaign, town: Town) -> bool:
    """Whether a town is its only unit itself, so that its mails need not name that once more."""
    return [key(one.name) for one in campaign.communities_of(town.name)] == [key(town.name)]


def _owed(one: Owed, campaign: Campaign) -> dict[str, object]:
    return {
        "town": one.town,
        "itself": _is_unit(campaign, one.town),
        "missing": one.missing,
        "undecided": one.undecided,
        "wrong": [replace(each, status=_word(each.status)) for each in one.wrong],
        "files": one.files,
        "places": one.places,
    }


def report_letters(campaign: Campaign, workbook: Attachment, templates: MailTemplates) -> list[Letter]:
    """Return the report's letters: one per leader, and a copy per authority.

    What they say is read from the workbook that they carry, so that the two cannot differ.

    :raises WrongUseError: it is no consolidated workbook of this campaign.
    :raises GreenxlError: it cannot be read.
    """
    stated = read_back(campaign, workbook.name, workbook.data)
    figures = tables.build(campaign, stated.choices)
    began = figures.county.participating > 0  # before, the first sentence says all there is
    facts = {
        **_figures(campaign, figures),
        "names": list(_names(campaign, stated)) if began else [],
        "vetoed": len(stated.vetoes),
        "grades": _grades(campaign, stated),
        "headline": stated.headline,
        "conclusion": stated.conclusion,
        "target_met": stated.target_met,
        "as_of": stated.as_of,
        "reporting": stated.deadline if began and figures.county.statuses[Status.MISSING] else "",
    }
    leaders = [r for r in campaign.recipients if r.role == "leadership"]
    authorities = [r for r in campaign.recipients if r.role == "authority"]
    return [
        *(_report(one, authorities, workbook, facts, templates) for one in leaders),
        *(_report(one, leaders, workbook, facts, templates) for one in authorities),
    ]


def _report(
    recipient: Recipient,
    others: Iterable[Recipient],
    workbook: Attachment,
    facts: Mapping[str, object],
    templates: MailTemplates,
) -> Letter:
    """Return the letter to a recipient of the report; it names the ``others`` who get one, too."""
    return _letter(
        LetterKind.REPORT,
        recipient,
        templates,
        attachments=[workbook],
        content=workbook_hash(workbook.data),
        values={
            **facts,
            "recipient": recipient,
            "copy": recipient.role == "authority",
            "others": [other.name for other in others],
        },
    )


def _figures(campaign: Campaign, figures: tables.Tables) -> dict[str, object]:
    county, towns = figures.county, figures.towns if campaign.has_towns else ()
    stated = county.denominator_basis == Basis.URBAN_TOTAL
    whole = words(campaign)["whole" if stated else "roster"]
    statuses = status_words(campaign)
    return {
        "county": county.figures(),
        "basis": f"以{whole}{county.denominator}个{campaign.unit}为分母",
        "partly": not stated and len(figures.towns_without_total) < len(figures.towns),
        "towns": [{"name": town.name, **town.figures()} for town in towns],
        "total": {"name": campaign.area, **county.figures()},
        "pending": [
            {"status": _word(statuses[s]), "count": county.statuses[s]} for s in PENDING if county.statuses[s]
        ],
    }


def _word(status: str) -> str:
    """Return how a mail says a status of the workbook."""
    return _CLEARER.get(status, status)


def _grades(campaign: Campaign, stated: ReadBack) -> list[dict[str, object]]:
    """Return how many units have each grade that any has."""
    counts = Counter(stated.grades.values())
    names = [grade.name for grade in campaign.grades]
    return [{"name": name, "count": counts[name]} for name in names if counts[name]]


def _names(campaign: Campaign, stated: ReadBack) -> Iterator[dict[str, object]]:
    """Yield the names behind the counts that a leader may ask about: who is missing, who is not settled.

    They are by town; those of units that are a town themselves are together, under no name.
    """
    for status in (Status.MISSING, *PENDING, Status.FAILED):
        towns: dict[str, list[str]] = {}
        for choice in stated.choices:
            if choice.status == status:
                one, reason = choice.community, stated.vetoes.get(choice.community)
                town = "" if key(one.town) == key(one.name) else one.town
                towns.setdefault(town, []).append(f"{one.name}（{VETO}：{reason}）" if reason else one.name)
        if towns:
            yield {
                "status": _word(status_words(campaign)[status]),
                "count": sum(map(len, towns.values())),
                "towns": [{"name": town, "communities": names} for town, names in towns.items()],
            }


def _letter(
    kind: LetterKind,
    recipient: Town | Recipient,
    templates: MailTemplates,
    *,
    content: object,
    values: Mapping[str, object],
    attachments: Sequence[Attachment] = (),
) -> Letter:
    """Return the letter that the templates of its kind make of the values.

    :param content: what makes it another letter when it changes, as a JSON value.
    """
    values = {**values, "attachments": list(attachments)}
    subject = one_line(templates.render(f"{kind}.subject", **values))
    return Letter(
        kind=kind,
        name=recipient.name,
        address=recipient.email,
        subject=subject,
        text=templates.render_plain(f"{kind}.txt", **values),
        html=templates.render(f"{kind}.html", subject=subject, **values),
        attachments=tuple(attachments),
        chat=templates.render_plain(f"{kind}.chat", **values),
        content_hash=content_hash([kind, content]),
    )


def workbook_hash(data: bytes) -> str:
    """Return a hash that changes with a workbook's contents, not with the time at which it was saved."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [(i.filename, i.CRC, i.file_size) for i in package.infolist()]
    except zipfile.BadZipFile:
        return hashlib.sha256(data).hexdigest()
    return content_hash(sorted(part for part in parts if part[0] != "docProps/core.xml"))
