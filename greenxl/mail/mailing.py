"""A mailing: the letters of one kind from a round folder, and what should be known before they go out.

``folder`` is always the round's, ``as_of`` the day from which lateness is counted.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path

from greenxl.campaign.model import Campaign, Town
from greenxl.campaign.settings import Attached
from greenxl.campaign.tables import read_tables
from greenxl.errors import CampaignError, GreenxlError, WrongUseError
from greenxl.findings import Finding, finding
from greenxl.form.blank import Blank
from greenxl.i18n import _
from greenxl.mail.letters import (
    blank_letters,
    notice_letters,
    reminder_letters,
    report_letters,
    sendback_letters,
    workbook_hash,
)
from greenxl.mail.model import Attachment, Letter
from greenxl.mail.templates import FOLDER, MailTemplates
from greenxl.names import key, safe_file_name
from greenxl.output_files import names_of
from greenxl.report.notices.journal import CurrentNotice, WrittenNotices, read_notices
from greenxl.report.notices.renewal import FOLDER as NOTICES
from greenxl.report.readback import read_back
from greenxl.rounds import folder as round_folder
from greenxl.rounds.evaluate import Round
from greenxl.rounds.owed import owed_by, towns_by_file
from greenxl.rounds.sendings import LetterKind
from greenxl.sendback.found import FoundCopies, find_copies
from greenxl.sendback.problems import towns_read
from greenxl.system_errors import reason_of

_SAME_RUN = 60
"""Seconds in which one run writes both workbooks of a report."""


@dataclass(frozen=True, slots=True)
class Mailing:
    letters: Sequence[Letter]
    warnings: Sequence[str] = ()
    """Sentences about files in the round folder that do not fit the letters."""


def mailing_of(
    kind: LetterKind,
    campaign: Campaign,
    towns: Sequence[Town],
    result: Callable[[], Round],
    folder: Path,
    as_of: date,
    report: Path | None = None,
) -> Mailing:
    """Return the mailing of a kind; ``result`` reads the returns, where that is needed.

    :param report: the consolidated workbook to send, if not the newest.
    """
    match kind:
        case LetterKind.BLANK:
            return blank_mailing(campaign, towns, folder, as_of)
        case LetterKind.REMINDERS:
            return reminder_mailing(result(), towns, folder, as_of)
        case LetterKind.SENDBACK:
            return sendback_mailing(result(), towns, folder, as_of)
        case LetterKind.REPORT:
            return report_mailing(campaign, report, folder, as_of)
        case LetterKind.NOTICES:
            return notice_mailing(campaign, towns, folder, as_of)


def blank_mailing(campaign: Campaign, towns: Sequence[Town], folder: Path, as_of: date) -> Mailing:
    """Return the letters with the blanks of towns."""
    templates = _templates(campaign, folder, as_of)
    letters = blank_letters(campaign, towns, templates, lambda blank: _place_of(blank, folder))
    return Mailing(letters, list(_blank_warnings(letters, folder / round_folder.BLANK)))


def reminder_mailing(result: Round, towns: Sequence[Town], folder: Path, as_of: date) -> Mailing:
    """Return the reminders of towns that still owe something."""
    return Mailing(reminder_letters(result, towns, _templates(result.campaign, folder, as_of)))


def sendback_mailing(result: Round, towns: Sequence[Town], folder: Path, as_of: date) -> Mailing:
    """Return the letters with the correction copies that are in the round's folder."""
    found = find_copies(result, _workbooks((folder / round_folder.SENDBACK).glob("*")))
    copies = {
        town: Attachment(safe_file_name(copy.path.name), copy.data, copy.path.relative_to(folder))
        for town, copy in found.by_town.items()
    }
    templates = _templates(result.campaign, folder, as_of)
    letters = sendback_letters(result, towns, found.wanted, copies, templates)
    return Mailing(letters, [*found.problems, *_copy_warnings(result, towns, found)])


def report_mailing(campaign: Campaign, file: Path | None, folder: Path, as_of: date) -> Mailing:
    """Return the report's letters, with the newest consolidated workbook of the round unless one is named.

    Unless the campaign asks for all of it, the leader's copy beside it is attached in its stead.

    :raises WrongUseError: there is none, or no copy beside it, or nobody to send it to.
    """
    if not any(r.role == "leadership" for r in campaign.recipients):
        raise WrongUseError(
            _(
                "The campaign names no leader to report to. "
                "Add a row with the role 领导 to its table of recipients."
            )
        )
    file = file or _newest_report(campaign, folder / round_folder.REPORT)
    attached = _attached(campaign, file)
    letters = report_letters(campaign, _attachment(attached, folder), _templates(campaign, folder, as_of))
    return Mailing(letters, list(_report_warnings(file, attached, folder / round_folder.RETURNED)))


def _attached(campaign: Campaign, report: Path) -> Path:
    """Return the workbook that goes out for a consolidated one: itself, or the leader's copy beside it.

    :raises WrongUseError: it has none, or is no consolidated workbook of the campaign.
    :raises GreenxlError: it cannot be read.
    """
    if campaign.report_attachment is Attached.ALL or round_folder.is_leader_copy(report):
        return report
    copy = round_folder.leader_copy_of(report)
    if not copy.is_file():
        read_back(campaign, report.name, _attachment(report, report.parent).data)
        raise WrongUseError(
            _(
                "{path}: beside this workbook there is no leader’s copy ({copy}). Run “greenxl merge” again; "
                "or write 全部 for 附件内容 in the campaign’s settings, to send the workbook itself."
            ).format(path=report, copy=copy.name)
        )
    return copy


def notice_mailing(campaign: Campaign, towns: Sequence[Town], folder: Path, as_of: date) -> Mailing:
    """Return the letters with the notices that the last “merge --notices” left for towns.

    :raises WrongUseError: there was none.
    :raises GreenxlError: a notice or the journal of notices cannot be read.
    """
    written = read_notices(folder)
    if not written.as_of:
        raise WrongUseError(_("There are no notices yet. Run “greenxl merge --notices” first."))
    chosen = [one for town in towns if (one := written.of(town.name))]
    place = folder / round_folder.REPORT / NOTICES
    found = [(one, _attachment(place / one.file, folder)) for one in chosen]
    letters = notice_letters(
        campaign, found, date.fromisoformat(written.as_of), _templates(campaign, folder, as_of)
    )
    return Mailing(letters, [*_typed_into(found), *_outdated_notices(written, folder)])


def _templates(campaign: Campaign, folder: Path, as_of: date) -> MailTemplates:
    return MailTemplates(campaign, folder / FOLDER, as_of)


def _place_of(blank: Blank, folder: Path) -> Path:
    """Return where in a round's folder a blank of these contents is, else the first free name for it."""
    made = workbook_hash(blank.data)
    names = names_of(Path(round_folder.BLANK, blank.file_name))
    return next(name for name in names if not (folder / name).exists() or _hash_of(folder / name) == made)


def _hash_of(file: Path) -> str | None:
    try:
        return workbook_hash(file.read_bytes())
    except OSError:  # it cannot be read, so it is not known to be the one that is looked for
        return None


def _blank_warnings(letters: Iterable[Letter], folder: Path) -> Iterator[str]:
    """Yield where a file has the name of a blank, but is another than the one that is attached."""
    for made in (attachment for letter in letters for attachment in letter.attachments):
        if made.place and made.place.name != made.name:
            yield _(
                "{path}: this file differs from the blank of the campaign as it is now. {new} is the one to "
                "send, and the one that is attached."
            ).format(path=folder / made.name, new=made.place)


def _copy_warnings(result: Round, towns: Iterable[Town], copies: FoundCopies) -> Iterator[str]:
    """Yield where a correction copy is wanted and missing, or is not what the town needs now."""
    remedy = _("Run “greenxl check --sendback sendback”.")
    files, read = towns_by_file(result), towns_read(result)
    nothing = []
    for one in owed_by(result, towns):
        name, copy = one.town.name, copies.by_town.get(one.town.name)
        wanted = name in copies.wanted
        newer = copy and any(_is_newer(Path(file), copy.path) for file in files if name in files[file])
        outdated = name in copies.outdated if result.issued else newer
        if wanted and copy is None:
            warning = _("{town} has something to correct, but no copy for it was made.")
            yield f"{warning.format(town=name)} {remedy}"
        elif wanted and outdated:
            warning = _("{town} has returned something newer than its correction copy.")
            yield f"{warning.format(town=name)} {remedy}"
        elif copy and name not in read:
            warning = _("{path}: nothing that {town} returned was read, so it is not sent.")
            yield warning.format(town=name, path=copy.path)
        elif copy and outdated:
            warning = _("{town} has nothing left to correct: {path} is out of date.")
            yield f"{warning.format(town=name, path=copy.path)} {remedy}"
        elif not wanted and (one.undecided or one.to_correct):
            nothing.append(name)
    if nothing:
        line = _(
            "Nothing to send back to {names}. What they owe is in their reminders: greenxl send reminders"
        )
        yield line.format(names="、".join(nothing))


def _report_warnings(report: Path, attached: Path, returned: Path) -> Iterator[str]:
    """Yield how many returns came after the report, and that it was saved after its copy was written."""
    newer = newer_returns(report, returned)
    if newer:
        yield _(
            "{file}: returns that are newer than this workbook: {count}. Run “greenxl merge” to take them in."
        ).format(file=report, count=newer)
    if report.is_file() and report.stat().st_mtime > attached.stat().st_mtime + _SAME_RUN:
        yield _(
            "{file}: this workbook was saved after its leader’s copy was written. "
            "What was changed in it is not in the copy, {copy}, which is attached."
        ).format(file=report, copy=attached.name)


def newer_returns(report: Path, returned: Path) -> int:
    """Return how many files among the returns were saved after a report."""
    return sum(_is_newer(path, report) for path in returned.rglob("*")) if report.is_file() else 0


def _typed_into(notices: Iterable[tuple[CurrentNotice, Attachment]]) -> Iterator[str]:
    """Yield which notices are no longer as they were written: they are sent as they are."""
    for notice, workbook in notices:
        if hashlib.sha256(workbook.data).hexdigest() != notice.sha256:
            yield _("{path}: somebody typed into it since it was written; it is sent as it is.").format(
                path=workbook.place
            )


def _outdated_notices(written: WrittenNotices, folder: Path) -> Iterator[str]:
    """Yield how many returns came after the notices."""
    since = datetime.fromisoformat(written.time).timestamp()
    files = (folder / round_folder.RETURNED).rglob("*")
    newer = sum(file.is_file() and file.stat().st_mtime > since + 1 for file in files)
    if newer:
        yield _(
            "Returns that are newer than the notices: {count}. Run “greenxl merge --notices” to take them in."
        ).format(count=newer)


def _is_newer(file: Path, other: Path) -> bool:
    return file.is_file() and file.stat().st_mtime > other.stat().st_mtime


def _workbooks(files: Iterable[Path]) -> list[Path]:
    """Return the workbooks among the files, the last saved last; lock files and hidden ones are none."""
    found = (f for f in files if f.suffix.lower() == ".xlsx" and not f.name.startswith(("~$", ".")))
    return sorted(filter(Path.is_file, found), key=lambda f: (f.stat().st_mtime_ns, f.name))


def _newest_report(campaign: Campaign, folder: Path) -> Path:
    """Return the newest consolidated workbook of the campaign; other workbooks are passed over.

    :raises WrongUseError: there is none; of workbooks that are others, why the newest is none.
    :raises GreenxlError: one cannot be read, which may be the newest.
    """
    reasons: list[WrongUseError] = []
    for file in round_folder.reports(folder):
        try:
            read_back(campaign, file.name, _attachment(file, folder).data)
        except WrongUseError as error:
            reasons.append(error)
        else:
            return file
    if reasons:
        raise reasons[0]
    raise WrongUseError(
        _(
            "{folder}: there is no consolidated workbook here. "
            "Run “greenxl merge” first, or name one with --report."
        ).format(folder=folder)
    )


def _attachment(file: Path, folder: Path) -> Attachment:
    place = file.relative_to(folder) if file.is_relative_to(folder) else file
    try:
        return Attachment(safe_file_name(file.name), file.read_bytes(), place)
    except OSError as error:
        raise GreenxlError(
            _(
                "{path}: the file cannot be read ({reason}). Check its name, and close it in other programs."
            ).format(path=file, reason=_(reason_of(error)))
        ) from error


def missing_addresses(letters: Iterable[Letter], source: Path | Traversable) -> tuple[Finding, ...]:
    """Return a fault for every recipient without an address: the table and the row to fill in.

    :param source: where the campaign's tables are.
    """
    lacking = [letter for letter in letters if not letter.address]
    tables = read_tables(source) if lacking else {}
    faults = []
    for letter in lacking:
        is_report = letter.kind is LetterKind.REPORT
        name, column = ("recipients", "name") if is_report else ("towns", "town")
        table = tables[name]
        rows = [row.number for row in table.rows if key(row.cells.get(column, "")) == key(letter.name)]
        row = rows[0] if rows else None
        faults.append(finding("email-missing", table.place, row=row, found=letter.name))
    return tuple(dict.fromkeys(faults))


def refuse_missing_addresses(missing: tuple[Finding, ...]) -> None:
    """Refuse to go on where somebody has no address.

    :raises CampaignError: with a fault for each.
    """
    if missing:
        raise CampaignError(
            _(
                "Nothing was sent, because mail addresses are missing. "
                "Fill in what is listed and run the command again."
            ),
            missing,
        )
