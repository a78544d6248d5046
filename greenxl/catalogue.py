"""The catalogue of findings: for each code its message, whom it is for and what it stands for.

A new finding is one entry here and the place that produces it; tests then ask for its Chinese (the .po file,
by ``tests.tools.renew catalogue``) and its row on the page on returned files (tests/tools/returned_files.py).
Every message names what was found and what to do; the place (file, sheet, cells, row) is shown by
:meth:`greenxl.findings.Finding.where`.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from greenxl.i18n import N_


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Subject(StrEnum):
    """What a finding is about."""

    FILE = "file"
    SHEET = "sheet"
    CELL = "cell"
    SCORE = "score"
    """A cell that holds a criterion's score."""
    ROUND = "round"
    """Several returns of one community."""
    CAMPAIGN = "campaign"
    """A row of the campaign's own tables."""


class Audience(StrEnum):
    """Who can correct what was found."""

    TOWN = "town"
    COUNTY = "county"


class Correction(StrEnum):
    """What a correction copy asks of the town at the cell of a finding."""

    NONE = "none"
    """Nothing: the finding is not the town's."""
    CHECK = "check"
    """The score that was read, where there is one, may stay."""
    CHECK_TOTAL = "check total"
    """The same of the total."""
    RETYPE = "retype"
    """The cell is empty: another score is to be typed."""
    FILL_IN = "fill in"
    """As RETYPE, in the colour of what is missing."""

    @property
    def of_score(self) -> bool:
        """Whether the town types a score anew."""
        return self in (Correction.RETYPE, Correction.FILL_IN)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    severity: Severity
    subject: Subject
    audience: Audience
    correction: Correction
    message: str
    many: str = ""
    """The message for several like findings in one line; they share a sheet, or else a file."""
    across_sheets: bool = False
    """Whether the like findings of all sheets of a file go into that one line."""
    for_town: str = ""
    """The message as a town reads it, where that is another."""
    asked_as: str = ""
    """The code of what a correction copy says instead: a new form, in which some remedies have no place."""
    left_out: str = ""
    """What a return held beside the form, in the words in which a correction copy lists it as left out."""


ERROR, WARNING, NOTE = Severity


def _entry(
    subject: Subject,
    severity: Severity,
    message: str,
    *,
    audience: Audience,
    correction: Correction | None = None,
    many: str = "",
    across_sheets: bool = False,
    for_town: str = "",
    asked_as: str = "",
    left_out: str = "",
) -> CatalogueEntry:
    return CatalogueEntry(
        severity=severity,
        subject=subject,
        audience=audience,
        correction=correction or _usual_correction(subject, severity),
        message=message,
        many=many,
        across_sheets=across_sheets,
        for_town=for_town,
        asked_as=asked_as,
        left_out=left_out,
    )


def _usual_correction(subject: Subject, severity: Severity) -> Correction:
    """A score that could not be accepted is typed anew; what was read, or is no score, is only checked."""
    if subject is Subject.SCORE and severity is ERROR:
        return Correction.RETYPE
    on_sheet = subject in (Subject.SHEET, Subject.CELL, Subject.SCORE)
    return Correction.CHECK if on_sheet else Correction.NONE


_file = partial(_entry, Subject.FILE, audience=Audience.TOWN)
_sheet = partial(_entry, Subject.SHEET, audience=Audience.TOWN)
_cell = partial(_entry, Subject.CELL, audience=Audience.TOWN)
_score = partial(_entry, Subject.SCORE, audience=Audience.TOWN)
_round = partial(_entry, Subject.ROUND, audience=Audience.COUNTY)
_campaign = partial(_entry, Subject.CAMPAIGN, ERROR, audience=Audience.COUNTY)
_doubt = partial(_entry, Subject.CAMPAIGN, WARNING, audience=Audience.COUNTY)
"""About a campaign that can be used, but may not say what was meant."""

CATALOGUE = {
    # the file
    "file-empty": _file(ERROR, N_("The file is empty (0 bytes). Ask for it again.")),
    "file-kind": _file(ERROR, N_("This is {kind}, not a spreadsheet. Ask for the score workbook as .xlsx.")),
    "file-damaged": _file(ERROR, N_("The file is damaged or cut off and cannot be read ({found}). Ask for it again.")),
    "file-password": _file(ERROR, N_("The workbook is protected with a password. Save it without a password and return it again.")),
    "file-locked": _file(ERROR, N_("The file is open in another program or may not be read. Close it and run the command again.")),
    "file-unreadable": _file(ERROR, N_("The file cannot be read ({found}). Copy it from its source again.")),
    "file-resave": _file(ERROR, N_("This is {kind}, whatever the file is called. Open it in Excel or WPS, save it as .xlsx and return that.")),
    "file-ambiguous": _file(ERROR, N_("The workbook is ambiguous: programs may read it in different ways ({found}). Open it in Excel or WPS, save it again as .xlsx and return that.")),
    "file-encrypted": _file(ERROR, N_("The file was encrypted by security software on its way out of the sender’s office ({found}); to the sender it looks like any workbook. Ask for a copy that is not encrypted.")),
    "file-placeholder": _file(ERROR, N_("This is {kind} in place of the file. Fetch the file itself and put it into the folder.")),
    "file-mail": _file(ERROR, N_("This is {kind}, which is not opened here. Open it in the mail program, save its attachment and put that into the folder.")),
    "file-archive": _file(ERROR, N_("This is {kind}, which is not opened here. Unpack it into the folder, or have the workbooks sent as they are or in a zip.")),
    "file-too-big": _file(ERROR, N_("The file has {found}; at most {limit} are read. Take out pictures and attachments and save it again.")),
    "file-timeout": _file(ERROR, N_("Reading the file was given up after {seconds} seconds; the others were read. Open it in Excel or WPS, copy the scores into this round’s blank workbook and return that.")),
    "file-crashed": _file(ERROR, N_("The file crashed the program that read it, or needed more than {limit} of memory; the others were read. Open it in Excel or WPS, copy the scores into this round’s blank workbook and return that.")),
    "file-extension": _file(NOTE, N_("The file’s name ends in “{found}”, but it is an {wanted} workbook; it was read as one.")),
    "file-default-password": _file(NOTE, N_("The workbook is encrypted with Excel’s own default password (its structure is protected) and was opened with it.")),
    "file-macros": _file(WARNING, N_("The workbook contains macros. They were not run; only values were read. Ask why they are there before opening it."), left_out=N_("macros")),
    "file-links": _file(WARNING, N_("The workbook refers to other workbooks. The references were not followed; the values it was saved with were read. Check that they are up to date."), left_out=N_("references to other workbooks")),
    # what no parser is shown
    "unsafe-members": _file(ERROR, N_("The file has {found} parts, more than {limit}; it was not opened, to be safe. Open it in Excel or WPS, save it as .xlsx and return that.")),
    "unsafe-inflation": _file(ERROR, N_("A part of the file is compressed so far that the file may be malicious ({found}); it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-size": _file(ERROR, N_("The file unpacks to more than {found}; it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-directory": _file(ERROR, N_("The file’s table of contents does not match what is in it ({found}), as in malicious files; it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-dtd": _file(ERROR, N_("The file defines entities of its own ({found}), as malicious files do; it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-strings": _file(ERROR, N_("The file claims to hold {found} texts, more than {limit}; it was not opened. Copy the scores into this round’s blank workbook and return that.")),
    "unsafe-box": _file(ERROR, N_("The workbook has {found} filled cells or boxes of cells, more than {limit}; it was not read. Copy the scores into this round’s blank workbook and return that.")),
    # the archive
    "archive-empty": _file(ERROR, N_("There is no file in the archive. Ask for it again.")),
    "archive-nested": _file(ERROR, N_("An archive inside an archive inside an archive is not opened. Unpack it into the folder.")),
    "archive-password": _file(ERROR, N_("The archive is protected with a password. Unpack it into the folder, or have it packed without one.")),
    "archive-volumes": _file(ERROR, N_("This is one volume of an archive in several. Put all the volumes together, unpack them and put the workbooks into the folder.")),
    "archive-method": _file(ERROR, N_("It is compressed in a way that greenxl does not read ({found}). Unpack it with the program that packed it and put the files into the folder.")),
    "mail-empty": _file(ERROR, N_("The mail has no attachment. Ask for the score workbook itself.")),
    "mail-opened": _file(NOTE, N_("A mail; each attachment has its own line.")),
    "archive-opened": _file(NOTE, N_("An archive; each file in it has its own line.")),
    "names-guessed": _file(NOTE, N_("The archive does not say how its file names are written; “{found}” was read as Chinese Windows writes it.")),
    # what was left out
    "folder-unreadable": _file(ERROR, N_("The folder cannot be opened ({found}). Check its permissions and run the command again.")),
    "link-outside": _file(ERROR, N_("The link leads out of the folder that was given, to {target}; it was not followed. Put the file itself into the folder."), audience=Audience.COUNTY),
    "link-loop": _file(NOTE, N_("The link leads to itself or to a folder that is searched anyway ({target}); it was not followed.")),
    "run-budget": _file(ERROR, N_("One run reads at most {files} files and {limit} in all; this file and those after it were not read. Run the command for fewer folders at a time."), audience=Audience.COUNTY),
    "skipped-excluded": _file(NOTE, N_("Left out on purpose: the name matches --exclude {pattern}.")),
    "skipped-same": _file(NOTE, N_("The same file as {found}, which counts; skipped.")),
    "skipped-special": _file(NOTE, N_("Not a file but a broken link, a pipe or a device; skipped.")),
    "no-form": _file(ERROR, N_("No score sheet of this campaign was found in the workbook. Fill in the blank workbook that was distributed and return that.")),
    "other-campaign": _file(ERROR, N_("This is the form of another campaign or year: {found}; expected is {wanted}. Fill in this round’s blank workbook.")),
    "skipped-settled": _file(NOTE, N_("A correction copy that nobody needs any more, not a return; skipped.")),
    "skipped-own": _file(NOTE, N_("Our own file, came back unchanged; not a return, skipped.")),
    "skipped-notice": _file(NOTE, N_("A notice of what to put right, not a return; skipped.")),
    "skipped-report": _file(NOTE, N_("A consolidated workbook of greenxl, not a return; skipped.")),
    "rollup-opened": _file(NOTE, N_("The consolidated workbook of {county}: its {files} files with {sheets} score sheets were merged; their correction copies go out from there."), audience=Audience.COUNTY),
    "rollup-standard": _file(ERROR, N_("The consolidated workbook of {county} was not merged: its campaign differs from this one in {found}. Make both campaigns the same there, merge the returns of {county} again and put the new workbook here."), audience=Audience.COUNTY),
    "rollup-changed": _file(ERROR, N_("The consolidated workbook was changed after it was made (“{found}” was not written so), so that it is not known what counts; it was not merged. Undo the change, or correct the return itself, merge again and put the new workbook here."), audience=Audience.COUNTY),
    "rollup-damaged": _file(ERROR, N_("The hidden part by which the consolidated workbook can be merged is not as it was written, or is of another version of greenxl; it was not merged. Ask for the workbook once more, as “greenxl merge” of this version wrote it."), audience=Audience.COUNTY),
    "rollup-without-data": _file(WARNING, N_("This is a leader’s copy or an old consolidated workbook of greenxl, which cannot be merged; skipped. If it is of a lower level, ask for the whole consolidated workbook of a new “greenxl merge”."), audience=Audience.COUNTY),
    "rollup-community-unknown": _sheet(ERROR, N_("“{found}” is not in the roster; its scores were left out. Add it to the roster under its town, or have its county correct the name."), audience=Audience.COUNTY),
    "skipped-temporary": _file(NOTE, N_("A temporary, hidden or system file; skipped.")),
    # whether it is this round's form
    "forms-several": _sheet(ERROR, N_("There are several forms on this sheet (one criterion in {found}), so it is unclear whose scores they are; none was read. Put the form of each community on a sheet of its own, as in the blank workbook.")),
    "form-across": _sheet(ERROR, N_("The sheet is a table of another shape ({found} are side by side); its scores were not read. Use the blank workbook: a sheet for each community, a row for each criterion.")),
    "form-partial": _sheet(ERROR, N_("Only {found} of the {all} criteria are on this sheet; it was not read. Put all of them on one sheet, as in the blank workbook, or delete the sheet if it holds no scores.")),
    "no-score-column": _sheet(ERROR, N_("The criteria are on this sheet, but no column of scores was found; it was not read. Put the heading “{found}” above the scores.")),
    "answers-ticked": _sheet(ERROR, N_("The criteria are ticked (√) in columns of their own ({found}); ticks are not read, so the sheet was not. Type the answer to each criterion as a word or a number in one column headed “{wanted}”.")),
    "standard-changed": _file(WARNING, N_("The workbook was distributed before the standard was changed. It was read by the campaign’s present texts and points. Check that its scores still mean the same, or send out a new blank.")),
    "form-version": _file(WARNING, N_("The workbook was made by another version of greenxl (form {found} instead of {wanted}). It was read by its contents. Check its scores, or run the newest version.")),
    "identity-damaged": _file(WARNING, N_("The hidden sheet that says which round the workbook belongs to was changed. The forms were recognised by their contents. Check that they are this round’s.")),
    # the sheet
    "sheet-ignored": _sheet(NOTE, N_("The sheet is not a score sheet and was not read."), many=N_("{count} sheets are not score sheets and were not read."), across_sheets=True, left_out=N_("the sheet “{sheet}”")),
    "sheet-hidden": _sheet(WARNING, N_("The score sheet was hidden; its scores were read. Check that they are meant to count."), many=N_("{count} score sheets were hidden; their scores were read. Check that they are meant to count.")),
    "identity-missing": _file(NOTE, N_("The hidden sheet that says which round the workbook belongs to is not in it; the forms were recognised by their contents.")),
    "identity-unknown": _file(WARNING, N_("The workbook was distributed for {found}, which the campaign does not know. Its forms were read by their contents. Check that they are this round’s.")),
    "town-differs": _sheet(WARNING, N_("The file came from {found}, but the community belongs to {owner}; it was read for the community. Check that {found} returned the right workbook.")),
    "scores-beside": _sheet(WARNING, N_("Beside the scores there may be other scores ({found}); they were not read. Check that “{wanted}” is the column that counts, and clear the other.")),
    "scores-hidden": _sheet(WARNING, N_("The scores in {found} are in hidden rows or columns; they were read. Check that they are meant to count.")),
    "stray-value": _cell(WARNING, N_("“{found}” is far outside the form and was not read. Delete it if it is there by mistake."), asked_as="text-left-out"),
    "sheet-renamed": _sheet(NOTE, N_("The sheet was distributed as “{wanted}” and came back under another name; it was recognised by its contents.")),
    "form-moved": _sheet(NOTE, N_("The form is not where it was when distributed: its score column was found at {found} instead of {wanted}."), many=N_("{count} forms are not where they were when distributed: their score columns were found at {found} instead of {wanted}."), across_sheets=True),
    "community-unnamed": _sheet(ERROR, N_("The sheet does not say which community it is for. Write the name beside “{unit}名称” as the roster spells it."), asked_as="sheet-left-out"),
    "community-unknown": _sheet(ERROR, N_("The community “{found}” is not in the roster. Write a name as the roster spells it, such as {nearest}."), asked_as="sheet-left-out"),
    "community-ambiguous": _sheet(ERROR, N_("Several towns have a community “{found}”: {towns}. Write the town beside “所属{parent}”."), asked_as="sheet-left-out"),
    "community-other-town": _sheet(ERROR, N_("The community “{found}” belongs to {owner}, but this workbook is from {town}. Return it with the right town’s workbook."), asked_as="sheet-left-out"),
    "community-label-differs": _sheet(ERROR, N_("The sheet is called or was distributed for “{wanted}” but names “{found}”; it counts for neither. Correct the name on the sheet or the name of the sheet, so that both agree."), asked_as="sheet-left-out"),
    "community-twice": _sheet(ERROR, N_("The sheet names two communities, “{found}” and “{other}”; it counts for neither. Keep only one of the names."), asked_as="sheet-left-out"),
    "town-unknown": _sheet(WARNING, N_("The town “{found}” is not in the campaign; the community’s own town counts. Write the town as the campaign spells it."), asked_as="text-left-out"),
    "sheet-empty": _sheet(WARNING, N_("The form came back without a single score and counts as not returned. Fill in every score and return it."), many=N_("{count} forms came back without a single score and count as not returned. Fill in every score and return them."), across_sheets=True),
    # the criteria
    "criterion-missing": _sheet(ERROR, N_("Criterion {number} is not on the sheet ({text}). Put the row back, or use a fresh blank."), many=N_("Criteria {numbers} are not on the sheet. Put the rows back, or use a fresh blank."), asked_as="score-row-missing"),
    "criterion-twice": _cell(ERROR, N_("Criterion {number} is on the sheet twice, first in {first}. Keep one row of it."), asked_as="score-row-twice"),
    # the scores
    "score-column-unclear": _cell(ERROR, N_("It is unclear which column holds the scores that count ({found}); none was read. Put the heading “{wanted}” above that column alone."), asked_as="scores-left-out"),
    "score-column-doubtful": _cell(ERROR, N_("It is unclear whether this column holds the scores that count ({found}); it was not read. If it does, put the heading “{wanted}” above it and each score beside its criterion."), asked_as="scores-left-out"),
    "score-percent": _score(ERROR, N_("The score of criterion {number} is a percentage ({found}). Set the cell’s format to General and type {allowed}."), many=N_("The scores of criteria {numbers} are percentages ({found}). Set the cells’ format to General and type {allowed}."), asked_as="score-was-formatted"),
    "score-blank": _score(ERROR, N_("The score of criterion {number} is blank. Type {allowed}; 0 if nothing was achieved."), many=N_("The scores of criteria {numbers} are blank. Type {allowed}; 0 if nothing was achieved."), correction=Correction.FILL_IN),
    "answer-blank": _score(ERROR, N_("Criterion {number} is not answered. Type one of {answers}."), many=N_("Criteria {numbers} are not answered. Type one of {answers} for each."), correction=Correction.FILL_IN),
    "answer-choice": _score(ERROR, N_("The answer to criterion {number} is “{found}”, which is none of its choices. Type one of {answers}."), many=N_("The answers to criteria {numbers} are none of their choices (“{found}”). Type one of {answers} for each.")),
    "answer-condition": _score(ERROR, N_("Criterion {number} is a condition and has no points; its answer is “{found}”. Type one of {answers}."), many=N_("Criteria {numbers} are conditions and have no points; their answers are “{found}”. Type one of {answers} for each.")),
    "answer-not-applicable": _score(ERROR, N_("Criterion {number} is answered “{found}”, but the form does not allow that there. Type {allowed}."), many=N_("Criteria {numbers} are answered “{found}”, but the form does not allow that there. Type {allowed}.")),
    "answer-misplaced": _score(ERROR, N_("The score of criterion {number} is “{found}”, which answers conditions alone. Type {allowed}."), many=N_("The scores of criteria {numbers} are “{found}”, which answers conditions alone. Type {allowed}.")),
    "answer-struck": _score(ERROR, N_("The answer to criterion {number} is struck through, in part or whole; what is not struck is “{found}”. Type the one that counts, one of {answers}."), many=N_("The answers to criteria {numbers} are struck through, in part or whole; what is not struck is “{found}”. Type those that count, one of {answers} for each.")),
    "deduction-blank": _score(ERROR, N_("The deduction of criterion {number} is blank. Type a number from 0 to {points}; 0 if nothing is taken off."), many=N_("The deductions of criteria {numbers} are blank. Type a number from 0 to the points of each; 0 if nothing is taken off."), correction=Correction.FILL_IN),
    "deduction-negative": _score(ERROR, N_("The deduction of criterion {number} is {found}. It is taken off anyway: type it without a minus sign, a number from 0 to {points}."), many=N_("The deductions of criteria {numbers} are {found}. They are taken off anyway: type them without a minus sign, numbers from 0 to the points of each.")),
    "nothing-applies": _sheet(ERROR, N_("Every criterion that has points is answered 不适用, so that there is no total. Type the score of at least one of them.")),
    "to-be-decided": _sheet(WARNING, N_("Only {found} is filled in. “{wanted}”, which counts, is still blank: to be decided (待核定). Fill it in, or have it filled in."), audience=Audience.COUNTY),
    "score-column-missing": _sheet(WARNING, N_("The column “{found}” is not on the sheet, so that it cannot be compared. Check whether it was deleted or its heading changed."), many=N_("The columns {found} are not on the sheet, so that they cannot be compared. Check whether they were deleted or their headings changed."), audience=Audience.COUNTY),
    "entry-column-missing": _sheet(WARNING, N_("The column “{found}” is not on the sheet, so that nothing was read of it. Check whether it was deleted or its heading changed."), many=N_("The columns {found} are not on the sheet, so that nothing was read of them. Check whether they were deleted or their headings changed."), audience=Audience.COUNTY),
    "column-score": _cell(WARNING, N_("In the column “{column}”, which does not count, criterion {number} has “{found}”, which is no possible score; it was left out of the comparison. Check it if it matters."), many=N_("In the columns that do not count ({column}), criteria {numbers} have “{found}”, which are no possible scores; they were left out of the comparison. Check them if they matter."), audience=Audience.COUNTY),
    "reason-missing": _cell(WARNING, N_("Criterion {number} has not its full points, has a deduction or is not met, but “{wanted}” is empty. Write the reason there."), many=N_("Criteria {numbers} have not their full points, have deductions or are not met, but “{wanted}” is empty there. Write the reason of each.")),
    "score-merged": _score(ERROR, N_("The score of criterion {number} is blank: its cell is merged with {found}, whose value counts for that cell’s criterion alone. Split the merged cells and type {allowed}."), many=N_("The scores of criteria {numbers} are blank: their cells are merged with {found}, whose value counts for that cell’s criterion alone. Split the merged cells and type {allowed}."), asked_as="score-was-merged"),
    "score-text": _score(ERROR, N_("The score of criterion {number} is “{found}”, which is not a number. Type {allowed}."), many=N_("The scores of criteria {numbers} are not numbers (“{found}”). Type {allowed}.")),
    "score-broken": _score(ERROR, N_("The score of criterion {number} is a formula that gives no value ({found}). Type {allowed}."), many=N_("The scores of criteria {numbers} are formulas that give no value ({found}). Type {allowed}.")),
    "score-boolean": _score(ERROR, N_("The score of criterion {number} is {found}, not a number. Type {allowed}."), many=N_("The scores of criteria {numbers} are {found}, not numbers. Type {allowed}.")),
    "score-date": _score(ERROR, N_("The score of criterion {number} is a date or time ({found}). Set the cell’s format to General and type {allowed}."), many=N_("The scores of criteria {numbers} are dates or times ({found}). Set the cells’ format to General and type {allowed}."), asked_as="score-was-formatted"),
    "score-decimals": _score(ERROR, N_("The score of criterion {number} is {found}, with more than two decimals. Type a number from 0 to {points} with two decimals at most."), many=N_("The scores of criteria {numbers} have more than two decimals ({found}). Type a number from 0 to the points of each with two decimals at most.")),
    "score-high": _score(ERROR, N_("The score of criterion {number} is {found}, above its {points} points. Type {allowed}."), many=N_("The scores of criteria {numbers} are above their points ({found}). Type {allowed}.")),
    "score-negative": _score(ERROR, N_("The score of criterion {number} is {found}, below 0. Type {allowed}."), many=N_("The scores of criteria {numbers} are below 0 ({found}). Type {allowed}.")),
    "score-struck": _score(ERROR, N_("The score of criterion {number} is struck through, in part or whole; what is not struck is “{found}”. Type the number that counts, from 0 to {points}."), many=N_("The scores of criteria {numbers} are struck through, in part or whole; what is not struck is “{found}”. Type the numbers that count, from 0 to the points of each.")),
    "score-format": _score(ERROR, N_("The cell of criterion {number} shows “{found}”, but its value is {value}. Set the cell’s format to General and type {allowed}."), many=N_("The cells of criteria {numbers} show “{found}”, but their values are {value}. Set the cells’ format to General and type {allowed}."), asked_as="score-was-formatted"),
    "score-rounded": _score(WARNING, N_("The cell of criterion {number} shows {found}, but its value is {value}, which was read. Check which of them is right, and set the cell’s format to General."), many=N_("The cells of criteria {numbers} show {found}, but their values are {value}, which were read. Check which of them are right, and set the cells’ format to General."), correction=Correction.CHECK, asked_as="score-was-read"),
    "score-formula": _score(WARNING, N_("The score of criterion {number} is a formula ({found}); its stored value {value} was read. Check it, and type the number itself."), many=N_("The scores of criteria {numbers} are formulas ({found}); their stored values {value} were read. Check them, and type the numbers themselves."), correction=Correction.CHECK, asked_as="score-was-read"),
    "score-spelling": _score(NOTE, N_("The score of criterion {number} was written “{found}” and was read as {value}."), many=N_("The scores of criteria {numbers} were written “{found}” and were read as {value}.")),
    "total-differs": _cell(WARNING, N_("The sheet states a total of {found}, but its scores add up to {value}; the scores count. Check which is right."), correction=Correction.CHECK_TOTAL),
    # the form against the one that was issued
    "criterion-changed": _cell(WARNING, N_("The text of criterion {number} was changed to “{found}”; the campaign’s text counts: {wanted}. Check what was scored."), many=N_("The texts of criteria {numbers} were changed; the campaign’s texts count. Check what was scored.")),
    "points-changed": _cell(WARNING, N_("The points of criterion {number} were changed to {found}; the campaign’s {wanted} count. Check the score."), many=N_("The points of criteria {numbers} were changed to {found}; the campaign’s {wanted} count. Check the scores.")),
    "criterion-extra": _cell(WARNING, N_("“{found}” is not a criterion of the campaign and was not read. Delete the row."), many=N_("{count} rows among the criteria are not criteria of the campaign and were not read ({found}). Delete the rows."), asked_as="text-left-out"),
    "group-changed": _cell(WARNING, N_("The group was changed to “{found}”; the campaign’s counts: {wanted}. Nothing needs to be done unless the form was rewritten."), many=N_("{count} groups were changed; the campaign’s count: {wanted}. Nothing needs to be done unless the form was rewritten."), audience=Audience.COUNTY),
    "heading-changed": _cell(WARNING, N_("The heading was changed to “{found}”; it was issued as “{wanted}”. Check that the column means the same."), many=N_("{count} headings were changed to “{found}”; they were issued as “{wanted}”. Check that the columns mean the same."), audience=Audience.COUNTY),
    # the choice among returns
    "returned-twice": _round(NOTE, N_("The same scores of this community came back again; {chosen} counts.")),
    "texts-differ": _round(NOTE, N_("Returns of this community have the same scores, but differ in what is written beside them ({cells}): {files}; what the one saved last says counts: {chosen}.")),
    "undecided-too": _round(NOTE, N_("Another return of this community, in which “{wanted}” is filled in, counts instead: {chosen}.")),
    "returns-differ": _round(ERROR, N_("The returns of this community differ ({cells}): {files}. None of them counts. {advice}"), for_town=N_("More than one return came, and their scores differ ({cells}); none of them counts for now. Make sure which one is right and return that again.")),
    "returns-differ-latest": _round(WARNING, N_("Returns of this community differ ({cells}): {files}. With --latest the one saved last counts: {chosen} ({saved}). Check that it is the right one.")),
    "superseded": _round(NOTE, N_("A corrected copy of this sheet came back and counts instead: {chosen}."), many=N_("Corrected copies of {count} sheets came back and count instead: {chosen}."), across_sheets=True),
    "copy-changed": _sheet(WARNING, N_("The correction copy also changes scores that had been accepted and were not asked for ({found}); as returned they count. Check with the town that it means them."), audience=Audience.COUNTY),
    "copy-unknown": _file(WARNING, N_("The workbook says that it is a correction copy, but {reason}; it replaces nothing and was read as a return like any other. Check where it comes from; where it differs from what came before, leave out the wrong one, or have the town fill in the copy that was issued to it."), audience=Audience.COUNTY),
    "copy-unchanged": _file(WARNING, N_("The correction copy came back as it went out (only saved again); it counts as not returned. The town has still to correct what it asks for."), audience=Audience.COUNTY),
    "copy-believed": _file(WARNING, N_("The correction copy was taken at its word and replaces what it names: this round keeps no journal of the copies that it issued, because it was begun before there was one or the command was run outside its folder. Check that it comes from the town."), audience=Audience.COUNTY),
    # what a correction copy asks of the town
    "score-differs": _score(ERROR, N_("The returns give different scores for criterion {number} ({files}). Find out which one is right and type it."), many=N_("The returns give different scores for criteria {numbers} ({files}). Find out which ones are right and type them.")),
    "score-row-missing": _score(ERROR, N_("Criterion {number} was missing on the returned sheet. Type its score here, {allowed}."), many=N_("Criteria {numbers} were missing on the returned sheet. Type their scores here, {allowed}.")),
    "score-row-twice": _score(ERROR, N_("Criterion {number} was on the returned sheet twice. Type the score that is right, {allowed}."), many=N_("Criteria {numbers} were on the returned sheet twice. Type the scores that are right, {allowed}.")),
    "score-was-merged": _score(ERROR, N_("The score of criterion {number} is not known, because its cell was merged with {found} on the returned sheet. Type it here, {allowed}."), many=N_("The scores of criteria {numbers} are not known, because their cells were merged with {found} on the returned sheet. Type them here, {allowed}.")),
    "score-was-formatted": _score(ERROR, N_("The score of criterion {number} was shown as “{found}” on the returned sheet, a percentage, a date or a format of its own. Type it here, {allowed}."), many=N_("The scores of criteria {numbers} were shown as percentages, dates or in formats of their own on the returned sheet ({found}). Type them here, {allowed}.")),
    "score-was-read": _score(WARNING, N_("The score of criterion {number} was “{found}” on the returned sheet and was read as {value}. Check it."), many=N_("The scores of criteria {numbers} were “{found}” on the returned sheet and were read as {value}. Check them.")),
    "scores-left-out": _sheet(ERROR, N_("It is unclear which column of the returned sheet holds the scores that count ({found}), so none was copied. Type all of them here.")),
    "sheet-left-out": _sheet(ERROR, N_("It is unclear which community this sheet is for, so its scores were not copied. Type them on the sheet of its community.")),
    "text-left-out": _cell(WARNING, N_("“{found}” on the returned sheet is not part of the form and was not copied. Nothing needs to be done unless it is a score."), many=N_("{found} on the returned sheet are not part of the form and were not copied. Nothing needs to be done unless they are scores.")),
    # the campaign's own tables
    "condition-without-veto": _doubt(N_("an answer 不符合 has no consequence in {found}: these conditions have no veto. Write 是 in the column “veto” (否决), unless that is meant.")),
    "grade-pass-word": _doubt(N_("the grades {found} are called as the verdict is, so that one word means two things: who passes, and who has just that grade. Name the grade or the verdict (达标用语) differently, such as 达标、未达标.")),
    "copy-written-anew": _doubt(N_("what was found there ({what}) cannot be carried over, so the new workbook was written anew: formats, notes and sheets of your own are only in the old one. Copy from it what you want to keep.")),
    "copy-formulas": _doubt(N_("the cells {found} hold formulas, whose values are not carried over. Open the new workbook in Excel or WPS and save it once.")),
    "copy-deadline": _doubt(N_("the deadline is now {found}. Correct it there if another day is meant.")),
    "copy-old-year": _doubt(N_("the year {year} is also written in: {found}. Correct it there if it is this round’s.")),
    "deadline-other-year": _doubt(N_("the deadline {found} is in another year than the round, {year}. Correct one of them, unless it is meant so.")),
    "example-left": _doubt(N_("examples are still in these tables: {found}. Replace them with your own.")),
    "note-other-mark": _doubt(N_("the note says {found}, but the pass mark is {passing}. Correct one of them; the note may be left empty, or hold {braces} for the number.")),
    "target-missing": _doubt(N_("there are targets for {found}, but none for this round’s year {year}, so that no verdict is given. Add its row, unless it has none.")),
    "attachment-bad": _campaign(N_("“{name}” is “{found}”. Write 领导版 or 全部, or leave it blank.")),
    "bonus-cap-unused": _campaign(N_("there is a cap on bonus, but the standard has no bonus (加分). Delete the cap, or mark the criteria that are bonus.")),
    "choices-bad": _campaign(N_("the choices are “{found}”. Write two scores or more, such as 5、3、0 or 是=5、否=0, each once, in words of 100 characters at most that no spreadsheet takes for a number or a date (1-2, 50%), without any of < > = * ? ~ and quotation marks.")),
    "choices-points": _campaign(N_("the highest choice is {highest}, but the points are {found}. Correct one of them.")),
    "column-name-twice": _campaign(N_("two columns of the form would be headed “{name}”. Give each its own name in “score_columns” (得分栏), “entry_columns” (填写栏) and the headings (表头).")),
    "condition-points": _campaign(N_("a condition (条件) has neither points nor choices; it is answered 符合 or 不符合. Leave them empty, or change its kind.")),
    "counting-missing": _campaign(N_("there are several score columns ({known}), but it is not said which of them counts. Fill in the setting “counting_column” (计分栏).")),
    "counting-unknown": _campaign(N_("the counting column “{name}” is none of the score columns ({known}). Write it as there.")),
    "form-too-varied": _campaign(N_("the form would need a formula of {found} characters to judge itself; a spreadsheet takes {most}. Use fewer different choices, vetoes and answers 不适用, or put criteria of one kind next to each other.")),
    "grade-bad": _campaign(N_("the least total is “{found}”. Give a number from 0 on with two decimals at most.")),
    "grade-high": _campaign(N_("the grade begins at {found}, but the full mark is {stated}. Correct one of them.")),
    "grade-twice": _campaign(N_("the grade “{found}” is in row {other} too. Name it differently or delete one.")),
    "grades-many": _campaign(N_("there are more than {most} grades. Delete those that nobody needs.")),
    "grades-not-falling": _campaign(N_("the grade begins at {found}, and the one above it at {above}. Put the highest grade first, each lower than the one above.")),
    "kind-bad": _campaign(N_("the kind is “{found}”. Write 加分, 扣分 or 条件, or leave it blank.")),
    "label-twice": _campaign(N_("the number “{found}” is in row {other} too. Give every criterion its own; type one like 1.10 as text, or leave all numbers empty.")),
    "lead-unknown": _campaign(N_("the lead department “{found}” is none of the departments of the row ({known}). Write it as there, or add it.")),
    "minimum-bad": _campaign(N_("the least score is “{found}”. Give a number above 0 with two decimals at most.")),
    "minimum-high": _campaign(N_("the least score {found} is above the {points} points of the group “{name}”. Correct one of them.")),
    "not-applicable-kind": _campaign(N_("what is {found} cannot be 不适用. Leave “not_applicable” (可不适用) empty, or change the kind.")),
    "nothing-scored": _campaign(N_("no criterion adds to the full mark, so that no unit can have a total: there are only bonus, deductions or conditions. Leave the kind of those that are scored blank.")),
    "reason-without-column": _campaign(N_("reasons for lost points are asked for, but there is no column to write them in. Name one in the setting “entry_columns” (填写栏).")),
    "text-too-long": _campaign(N_("the text has {found} characters in {lines} lines; a row of the form holds {most} in {most_lines} lines. Shorten it, or make two criteria of it.")),
    "veto-bad": _campaign(N_("the veto is “{found}”. Write 零分 where a score of 0 fails the unit, a number above 0 where less than that does, 是 for a condition, or leave it blank.")),
    "veto-high": _campaign(N_("a score below {found} fails the unit, but the criterion has only {points} points. Correct one of them.")),
    "veto-kind": _campaign(N_("the veto “{found}” does not fit a criterion of this kind ({kind}): a score can have 零分 or a number, a condition 是, bonus and deductions none. Correct one of them.")),
    "campaign-encoding": _campaign(N_("the text is neither UTF-8 nor GB18030. Save the file as “CSV UTF-8”.")),
    "campaign-missing": _campaign(N_("there is no campaign here. Name a campaign workbook or a folder of CSV files, or run “greenxl init” to make one.")),
    "campaign-no-tables": _campaign(N_("this workbook is not a campaign: none of its sheets is one of a campaign’s tables (its sheets: {found}). Name the right file.")),
    "campaign-suffix": _campaign(N_("this is not a campaign workbook. Name an .xlsx, .xls or .ods file, or a folder of CSV files.")),
    "campaign-unreadable": _campaign(N_("the workbook cannot be read ({found}). Open it in Excel or WPS and save it as .xlsx.")),
    "campaign-unusable": _campaign(N_("the campaign cannot be used. Correct what is listed and run the command again.")),
    "code-bad": _campaign(N_("the code is “{found}”. Use only lower-case English letters, digits and hyphens.")),
    "column-missing": _campaign(N_("the column “{found}” is missing. Add it to the header row.")),
    "roster-community-twice": _campaign(N_("the community “{name}” of {town} is in row {other} too. Delete one of the rows, or the alias.")),
    "standard-criterion-twice": _campaign(N_("the criterion is the same as in row {other}. Word it differently or delete one.")),
    "column-twice": _campaign(N_("the heading “{found}” is there twice. Keep one of the columns.")),
    "column-elsewhere": _campaign(N_("the column “{found}” is one of another table. Move it to the sheet “{table}” and head it “{title}” there.")),
    "column-unheard": _campaign(N_("the column “{found}” is not known, and none is like it. Delete it, or move it to a sheet of your own; a column that is filled in beside the scores is named in the setting “entry_columns” (填写栏).")),
    "column-unknown": _campaign(N_("the column “{found}” is not known. Perhaps this is meant: {near}. Correct the heading, or move the column to a sheet of your own.")),
    "column-unnamed": _campaign(N_("column {found} holds something, but has no heading. Give it one, or move it to a sheet of your own.")),
    "deadline-bad": _campaign(N_("the deadline is “{found}”. Write a date like 2021-09-30, or leave it blank.")),
    "email-bad": _campaign(N_("“{found}” is not a mail address. Write one like name@example.cn, or leave it blank.")),
    "email-not-alone": _campaign(N_("“{found}” is more than a mail address, or typed in full-width characters. Write only {wanted}.")),
    "email-several": _campaign(N_("“{found}” is more than one mail address. Keep one; it can pass mails on to the others.")),
    "email-missing": _campaign(N_("{found} has no mail address. Fill in the column “email” (邮箱).")),
    "formula-value": _campaign(N_("“{name}” is the formula {found} without a value. Open the file in Excel or WPS and save it, or type the value.")),
    "group-split": _campaign(N_("the group “{name}” is interrupted by another group. Keep its criteria together.")),
    "group-twice": _campaign(N_("the group “{name}” is there twice. Put its departments in one row.")),
    "group-unknown": _campaign(N_("the group “{found}” is not in the standard. Write it as there, or delete the row.")),
    "number-bad": _campaign(N_("the number is “{found}”. Give a whole number.")),
    "number-gap": _campaign(N_("the number is “{found}” where {wanted} must follow. Number the criteria 1, 2, 3 … without a gap, or leave all numbers empty.")),
    "number-taken": _campaign(N_("the number {found} is in row {other} too. Give every community its own.")),
    "order-bad": _campaign(N_("the order is “{found}”. Give a whole number.")),
    "parent-without-towns": _campaign(N_("the parent (上级) is 无, so that there are no towns, but here are {found}. Delete the rows of the table of towns that are no unit and empty the column of towns in the roster; or write what the parent is called.")),
    "pass-score-high": _campaign(N_("the pass mark {passing} is above the total {stated}. Correct one of them.")),
    "pass-words-bad": _campaign(N_("“{name}” is “{found}”. Give two different short words, such as 达标、未达标.")),
    "share-bad": _campaign(N_("“{name}” is “{found}”. Give a whole percentage from 1 to 100, such as 40%.")),
    "percent-bad": _campaign(N_("the target is “{found}” percent. Give a whole number from 1 to 100.")),
    "pilot-bad": _campaign(N_("“{name}” is “{found}”. Write 是 for a pilot community, nothing for others.")),
    "points-bad": _campaign(N_("the points are “{found}”. Give a number above 0 with two decimals at most.")),
    "role-bad": _campaign(N_("the role is “{found}”. Write leadership (领导) or authority (主管部门).")),
    "score-bad": _campaign(N_("“{name}” is “{found}”. Give a number above 0 with two decimals at most.")),
    "setting-missing": _campaign(N_("the setting “{name}” has no value. Fill it in.")),
    "setting-twice": _campaign(N_("the setting “{name}” is there twice. Delete one of the rows.")),
    "setting-unknown": _campaign(N_("there is no setting “{name}”. Perhaps “{near}” is meant. Correct its name or delete the row.")),
    "setting-unheard": _campaign(N_("there is no setting “{name}”, and none like it. Correct its name or delete the row.")),
    "sum-differs": _campaign(N_("the row “{name}” says {found}, but the points above it add up to {total}. Correct the points or the sum.")),
    "table-empty": _campaign(N_("the table has no rows. Fill it in.")),
    "table-missing": _campaign(N_("the table is missing. Add the sheet “{title}” or the file {name}.csv.")),
    "table-misnamed": _campaign(N_("the table “{title}” is missing, and this may be it under another name. Call it “{title}” (a CSV file: {name}.csv).")),
    "table-twice": _campaign(N_("the table is here twice, the other is {found}. Keep one of them.")),
    "stated-total-differs": _campaign(N_("the stated total is {stated}, but the points of the standard add up to {total}. Correct the points or the total.")),
    "too-long": _campaign(N_("“{name}” is “{found}”. Write it in {wanted} characters at most; a form or a table takes no more.")),
    "town-file-name": _campaign(N_("the names “{name}” and “{other}” differ only in characters that no file name may have, so that their workbooks would replace each other. Write one of them differently.")),
    "town-twice": _campaign(N_("the name or alias “{name}” is in row {other} too. A name can mean one town only.")),
    "town-twice-in-counties": _campaign(N_("the name or alias “{name}” is in row {other} too, of another county. A name can mean one town only: write the county before it, “{wanted}” here and “{stated}” there, also in the roster.")),
    "county-of-some": _campaign(N_("the towns “{found}” have no county, others have one. Give every town its county, or none.")),
    "county-without-towns": _campaign(N_("the counties “{found}” are named, but nothing is above what is scored. Leave the column empty; to count by county, name it as what is above (上级).")),
    "roster-town-unknown": _campaign(N_("the town “{name}” is not in the table of towns. Perhaps this is meant: {near}. Correct the name, or add the town there.")),
    "town-unused": _campaign(N_("the town “{found}” has no community in the roster. Add its communities or delete the row.")),
    "urban-total-bad": _campaign(N_("the number of urban communities is “{found}”. Give a whole number above 0, or leave it blank.")),
    "urban-total-low": _campaign(N_("the town has {total} urban communities but {listed} in the roster. Correct one of them.")),
    "value-missing": _campaign(N_("“{found}” is empty. Fill it in or delete the row.")),
    "word-bad": _campaign(N_("“{name}” is “{found}”. Give a word of ten characters at most, without any of [ ] : * ? / \\ '{{}} and quotation marks.")),
    "yes-no-bad": _campaign(N_("“{name}” is “{found}”. Write 是 or 否, or leave it blank.")),
    "year-bad": _campaign(N_("the year is “{found}”. Give four digits, such as 2021.")),
    "year-twice": _campaign(N_("the year {year} is there twice. Delete one of the rows.")),
}  # fmt: skip
