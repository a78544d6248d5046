"""What never stops a run: a finding says where, what was found and what to do.

One catalogue of messages; every one names the finding and its remedy. The place (file, sheet, cell)
is told by :meth:`Finding.where`, so that a report may put it in columns of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from greenxl.i18n import CHINESE, ENGLISH, LANGUAGE, N_, translate


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Term(str):
    """A word inside a message that is translated with it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Kind:
    severity: Severity
    message: str
    many: str = ""
    """The message for several like findings told in one line; they share a sheet, or else a file."""


def _error(message: str, many: str = "") -> Kind:
    return Kind(Severity.ERROR, message, many)


def _warning(message: str, many: str = "") -> Kind:
    return Kind(Severity.WARNING, message, many)


def _note(message: str, many: str = "") -> Kind:
    return Kind(Severity.NOTE, message, many)


CATALOGUE = {
    # the file
    "file-empty": _error(N_("The file is empty (0 bytes). Ask for it again.")),
    "file-kind": _error(N_("This is {kind}, not a spreadsheet. Ask for the score workbook as .xlsx.")),
    "file-damaged": _error(N_("The file is damaged or cut off and cannot be read ({found}). Ask for it again.")),
    "file-password": _error(N_("The workbook is protected with a password. Save it without a password and return it again.")),
    "file-locked": _error(N_("The file is open in another program or may not be read. Close it and run the command again.")),
    "file-unreadable": _error(N_("The file cannot be read ({found}). Copy it from its source again.")),
    "file-resave": _error(N_("This is {kind}, whatever the file is called. Open it in Excel or WPS, save it as .xlsx and return that.")),
    "file-archive": _error(N_("This is {kind}, which is not opened here. Unpack it into the folder, or have the workbooks sent as they are or in a zip.")),
    "file-too-big": _error(N_("The file has {found}; at most {limit} are read. Take out pictures and attachments and save it again.")),
    "file-timeout": _error(N_("Reading the file was given up after {seconds} seconds; the others were read. Open it in Excel or WPS, copy the scores into this round’s blank workbook and return that.")),
    "file-crashed": _error(N_("The file broke the program that read it, or took more than {limit} of memory; the others were read. Open it in Excel or WPS, copy the scores into this round’s blank workbook and return that.")),
    "file-extension": _note(N_("The file’s name ends in “{found}”, but it is a workbook of the kind {wanted}; it was read as that.")),
    "file-default-password": _note(N_("The workbook is encrypted with Excel’s own default password (its structure is protected) and was opened with it.")),
    "file-macros": _warning(N_("The workbook holds macros. They were not run; only values were read. Ask why they are there before opening it.")),
    "file-links": _warning(N_("The workbook refers to other workbooks. The references were not followed; the values it was saved with were read. Check that they are up to date.")),
    # what no parser is shown
    "unsafe-members": _error(N_("The file has {found} parts, more than {limit}; it was not opened, to be safe. Open it in Excel or WPS, save it as .xlsx and return that.")),
    "unsafe-inflation": _error(N_("A part of the file is packed so tightly that it may be meant to do harm ({found}); it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-size": _error(N_("The file unpacks to more than {found}; it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-directory": _error(N_("The file’s table of contents does not match what is in it ({found}), as in files meant to do harm; it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-dtd": _error(N_("The file defines entities of its own ({found}), as files meant to do harm do; it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-strings": _error(N_("The file claims to hold {found} texts, more than {limit}; it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-box": _error(N_("The values on the sheet lie so far apart that {found} cells would have to be read; the limit is {limit}. Delete what stands far outside the form and return the file again.")),
    # the archive
    "archive-empty": _error(N_("The archive holds no file. Ask for it again.")),
    "archive-nested": _error(N_("An archive inside an archive inside an archive is not opened. Unpack it into the folder.")),
    "archive-password": _error(N_("The archive is protected with a password. Unpack it into the folder, or have it packed without one.")),
    "archive-opened": _note(N_("An archive; each file in it has a line of its own.")),
    "names-guessed": _note(N_("The archive does not say how its file names are written; “{found}” was read as Chinese Windows writes it.")),
    # what was left out
    "folder-unreadable": _error(N_("The folder cannot be opened ({found}). Check its permissions and run the command again.")),
    "skipped-excluded": _note(N_("Left out on purpose: the name matches --exclude {pattern}.")),
    "skipped-same": _note(N_("The same file as {found}, which counts; skipped.")),
    "skipped-special": _note(N_("Not a file but a broken link, a pipe or a device; skipped.")),
    "no-form": _error(N_("No score sheet of this campaign was found in the workbook. Fill in the blank workbook that was distributed and return that.")),
    "other-campaign": _error(N_("This is the form of another campaign or year: {found}; expected is {wanted}. Fill in this round’s blank workbook.")),
    "skipped-report": _note(N_("A consolidated workbook of greenxl, not a return; skipped.")),
    "skipped-temporary": _note(N_("A temporary, hidden or system file; skipped.")),
    # whether it is this round's form
    "forms-several": _error(N_("Several forms stand on this sheet (one criterion in {found}), so that it is not plain which scores are whose; none was read. Put the form of each community on a sheet of its own, as in the blank workbook.")),
    "form-across": _error(N_("The sheet is a table of another shape ({found} stand beside each other); its scores were not read. Use the blank workbook: a sheet for each community, a row for each criterion.")),
    "form-partial": _error(N_("Only {found} of the {all} criteria stand on this sheet; it was not read. Put all of them on one sheet, as in the blank workbook, or delete the sheet if it holds no scores.")),
    "no-score-column": _error(N_("The criteria stand on this sheet, but no column of scores was found; it was not read. Put the heading “{found}” above the scores.")),
    "standard-changed": _warning(N_("The workbook was distributed before the standard was changed. It was read by the campaign’s present texts and points. Check that its scores still mean the same, or send out a new blank.")),
    "form-version": _warning(N_("The workbook was made by another version of greenxl (form {found} instead of {wanted}). It was read by its contents. Check its scores, or run the newest version.")),
    "identity-damaged": _warning(N_("The hidden sheet that says which round the workbook belongs to was changed. The forms were recognised by their contents. Check that they are this round’s.")),
    # the sheet
    "sheet-ignored": _note(N_("The sheet is no score sheet and was not read."), N_("{count} sheets are no score sheets and were not read.")),
    "sheet-hidden": _warning(N_("The score sheet was hidden; its scores were read. Check that they are meant."), N_("{count} score sheets were hidden; their scores were read. Check that they are meant.")),
    "scores-hidden": _warning(N_("The scores in {found} stand in hidden rows or columns; they were read. Check that they are meant.")),
    "stray-value": _warning(N_("“{found}” stands far outside the form and was not read. Delete it if it is not meant.")),
    "sheet-renamed": _note(N_("The sheet was distributed as “{wanted}” and came back under another name; it was recognised by its contents.")),
    "form-moved": _note(N_("The form does not stand where it was distributed: its score column was found at {found} instead of {wanted}.")),
    "community-unnamed": _error(N_("The sheet does not say which community it is for. Write the name beside “社区名称” as the roster spells it.")),
    "community-unknown": _error(N_("The community “{found}” is not in the roster. Write a name as the roster spells it, such as {nearest}.")),
    "community-ambiguous": _error(N_("Several towns have a community “{found}”: {towns}. Write the town beside “所属街道（镇）”.")),
    "community-other-town": _error(N_("The community “{found}” belongs to {owner}, but this workbook is from {town}. Return it with the right town’s workbook.")),
    "community-label-differs": _error(N_("The sheet is called or was distributed for “{wanted}” but names “{found}”; it counts for neither. Correct the name on the sheet or the name of the sheet, so that both agree.")),
    "community-twice": _error(N_("The sheet names two communities, “{found}” and “{other}”; it counts for neither. Leave the name of one.")),
    "town-unknown": _warning(N_("The town “{found}” is not in the campaign; the community’s own town counts. Write the town as the campaign spells it.")),
    "sheet-empty": _warning(N_("The form came back without a single score and counts as not returned. Fill in every score and return it."), N_("{count} forms came back without a single score and count as not returned. Fill in every score and return them.")),
    # the criteria
    "criterion-missing": _error(N_("Criterion {number} is not on the sheet ({text}). Put the row back, or use a fresh blank."), N_("Criteria {numbers} are not on the sheet. Put the rows back, or use a fresh blank.")),
    "criterion-twice": _error(N_("Criterion {number} stands twice on the sheet, first in {first}. Keep one row of it.")),
    # the scores
    "score-column-unclear": _error(N_("It is not plain which column holds the scores that count ({found}); none was read. Put the heading “{wanted}” above that column alone.")),
    "score-percent": _error(N_("The score of criterion {number} is a percentage ({found}). Set the cell’s format to General and type a number from 0 to {points}."), N_("The scores of criteria {numbers} are percentages ({found}). Set the cells’ format to General and type a number from 0 to the points of each.")),
    "score-blank": _error(N_("The score of criterion {number} is blank. Type a number from 0 to {points}; 0 if nothing was achieved."), N_("The scores of criteria {numbers} are blank. Type a number from 0 to the points of each; 0 if nothing was achieved.")),
    "score-merged": _error(N_("The score of criterion {number} is blank: its cell is merged with {found}, whose value counts for that cell’s criterion alone. Split the merged cells and type a number from 0 to {points}."), N_("The scores of criteria {numbers} are blank: their cells are merged with {found}, whose value counts for that cell’s criterion alone. Split the merged cells and type a number from 0 to the points of each.")),
    "score-text": _error(N_("The score of criterion {number} is “{found}”, which is no number. Type a number from 0 to {points}."), N_("The scores of criteria {numbers} are no numbers (“{found}”). Type a number from 0 to the points of each.")),
    "score-broken": _error(N_("The score of criterion {number} is a formula that gives no value ({found}). Type a number from 0 to {points}."), N_("The scores of criteria {numbers} are formulas that give no value ({found}). Type a number from 0 to the points of each.")),
    "score-boolean": _error(N_("The score of criterion {number} is {found}, not a number. Type a number from 0 to {points}."), N_("The scores of criteria {numbers} are {found}, not numbers. Type a number from 0 to the points of each.")),
    "score-date": _error(N_("The score of criterion {number} is a date or time ({found}). Set the cell’s format to General and type a number from 0 to {points}."), N_("The scores of criteria {numbers} are dates or times ({found}). Set the cells’ format to General and type a number from 0 to the points of each.")),
    "score-decimals": _error(N_("The score of criterion {number} is {found}, with more than two decimals. Type a number from 0 to {points} with two decimals at most."), N_("The scores of criteria {numbers} have more than two decimals ({found}). Type a number from 0 to the points of each with two decimals at most.")),
    "score-high": _error(N_("The score of criterion {number} is {found}, above its {points} points. Type a number from 0 to {points}."), N_("The scores of criteria {numbers} are above their points ({found}). Type a number from 0 to the points of each.")),
    "score-negative": _error(N_("The score of criterion {number} is {found}, below 0. Type a number from 0 to {points}."), N_("The scores of criteria {numbers} are below 0 ({found}). Type a number from 0 to the points of each.")),
    "score-spelling": _note(N_("The score of criterion {number} was written “{found}” and was read as {value}."), N_("The scores of criteria {numbers} were written “{found}” and were read as {value}.")),
    "total-differs": _warning(N_("The sheet states a total of {found}, but its scores add up to {value}; the scores count. Check which is right.")),
    # the form against the one that was issued
    "criterion-changed": _warning(N_("The text of criterion {number} was changed to “{found}”; the campaign’s text counts: {wanted}. Check what was scored."), N_("The texts of criteria {numbers} were changed; the campaign’s texts count. Check what was scored.")),
    "points-changed": _warning(N_("The points of criterion {number} were changed to {found}; the campaign’s {wanted} count. Check the score."), N_("The points of criteria {numbers} were changed to {found}; the campaign’s {wanted} count. Check the scores.")),
    "criterion-extra": _warning(N_("“{found}” is no criterion of the campaign and was not read. Delete the row."), N_("{count} rows among the criteria are none of the campaign’s and were not read ({found}). Delete the rows.")),
    "group-changed": _warning(N_("The group was changed to “{found}”; the campaign’s counts: {wanted}. Nothing need be done unless the form was rewritten."), N_("{count} groups were changed; the campaign’s count: {wanted}. Nothing need be done unless the form was rewritten.")),
    "heading-changed": _warning(N_("The heading was changed to “{found}”; it was issued as “{wanted}”. Check that the column means the same."), N_("{count} headings were changed to “{found}”; they were issued as “{wanted}”. Check that the columns mean the same.")),
    # the choice among returns
    "returned-twice": _note(N_("The same scores of this community came back again; {chosen} counts.")),
    "returns-differ": _error(N_("The returns of this community differ ({cells}): {files}. None of them counts. Keep only the right file, or run again with --latest.")),
    "returns-differ-latest": _warning(N_("Returns of this community differ ({cells}): {files}. With --latest the one saved last counts: {chosen} ({saved}). Check that it is the right one.")),
    "superseded": _note(N_("A corrected copy of this sheet came back and counts instead: {chosen}."), N_("Corrected copies of {count} sheets came back and count instead: {chosen}.")),
    # what a correction copy asks of the town
    "score-differs": _error(N_("The returns give different scores for criterion {number} ({files}). Find out which one is right and type it."), N_("The returns give different scores for criteria {numbers} ({files}). Find out which ones are right and type them.")),
    "score-row-missing": _error(N_("Criterion {number} was missing on the returned sheet. Type its score here, a number from 0 to {points}."), N_("Criteria {numbers} were missing on the returned sheet. Type their scores here, a number from 0 to the points of each.")),
    "score-row-twice": _error(N_("Criterion {number} stood twice on the returned sheet. Type the score that is right, a number from 0 to {points}."), N_("Criteria {numbers} stood twice on the returned sheet. Type the scores that are right, a number from 0 to the points of each.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    """An A1 address in the returned sheet as its sender sees it."""
    town: str = ""
    community: str = ""
    found: str = ""
    values: tuple[tuple[str, str], ...] = field(default=())
    like: int = 1
    """How many like findings this one tells (see :func:`grouped`)."""

    @property
    def severity(self) -> Severity:
        return CATALOGUE[self.code].severity

    def where(self) -> str:
        """Return file, sheet and cell in one, such as ``returned/索镇.xlsx › 永安社区!E7``."""
        inside = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet
        return " › ".join(part for part in (self.file, inside) if part)

    def message(self, language: str = LANGUAGE) -> str:
        """Return what was found and what to do, in one of the catalogue's languages."""
        values = {
            name: translate(value, language) if isinstance(value, Term) else value
            for name, value in self.values
        }
        kind = CATALOGUE[self.code]
        template = kind.many if self.like > 1 else kind.message
        return translate(template, language).format(found=self.found, count=self.like, **values)

    def told(self, language: str = LANGUAGE) -> str:
        """Return the place, as far as it is known, and the message in one line."""
        where, what = self.where(), self.message(language)
        return translate(N_("{where}: {what}"), language).format(where=where, what=what) if where else what

    def at(self, *, town: str, community: str) -> "Finding":
        return replace(self, town=town, community=community)


def finding(
    code: str, file: str = "", sheet: str = "", cell: str = "", found: str = "", **values: object
) -> Finding:
    """Return a finding; keyword values fill its message."""
    texts = tuple((name, v if isinstance(v, Term) else str(v)) for name, v in values.items())
    return Finding(code, file, sheet, cell, found=found, values=texts)


_BY_FILE = {"sheet-ignored", "sheet-empty", "superseded"}


_BETWEEN = {ENGLISH: ", ", CHINESE: "、"}


def grouped(
    findings: Iterable[Finding], language: str = CHINESE, *, across_sheets: bool = True
) -> list[Finding]:
    """Return the findings with the like ones of a sheet told as one, errors first, then by place.

    Their cells, what was found and their values are listed as the language does, each thing once.
    """
    groups: dict[object, list[Finding]] = {}
    for index, one in enumerate(findings):
        if not CATALOGUE[one.code].many:
            groups[index] = [one]
        else:
            sheet = "" if across_sheets and one.code in _BY_FILE else one.sheet
            groups.setdefault((one.code, one.file, sheet), []).append(one)
    severities = list(Severity)
    return sorted(
        (_as_one(group, _BETWEEN[language]) for group in groups.values()),
        key=lambda one: (severities.index(one.severity), one.file, one.sheet),
    )


def _as_one(like: list[Finding], between: str) -> Finding:
    first = like[0]
    if len(like) == 1:
        return first

    def listed(values: Iterable[str]) -> str:
        return between.join(dict.fromkeys(v for v in values if v))

    names = dict.fromkeys(name for one in like for name, _value in one.values)
    values = {name: listed(dict(one.values).get(name, "") for one in like) for name in names}
    return Finding(
        first.code,
        first.file,
        listed(one.sheet for one in like),
        listed(one.cell for one in like),
        first.town,
        listed(one.community for one in like),
        listed(one.found for one in like),
        tuple({**values, "numbers": values.get("number", "")}.items()),
        len(like),
    )


def count(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Return how many there are of each severity, those told as one each for itself."""
    counts = dict.fromkeys(Severity, 0)
    for one in findings:
        counts[one.severity] += one.like
    return counts
