"""A round as the texts that its consolidated workbook holds for a higher level. Pure.

They hold what was returned, not what was decided of it: whoever merges decides anew, over all that came to
him. Only correction copies are settled here, since no other round knows which were issued.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from greenxl.campaign.model import Campaign
from greenxl.findings import Finding
from greenxl.returns.intake import Entry, Outcome
from greenxl.rounds.evaluate import Round
from greenxl.rounds.rollup.records import VERSION, Json, common_of, file_record, sheet_record, text_of
from greenxl.rounds.rollup.terms import terms_of
from greenxl.scoring.checking import Checked

ABOUT_COPIES = ("superseded", "copy-unknown", "copy-believed", "copy-changed")
"""Findings of choosing that only the round that issued the copies can make."""


def texts_of(result: Round, sheet: str, headings: Sequence[str]) -> Iterator[str]:
    """Yield the texts, from the first line to the check of all of them.

    ``sheet`` is where the scores are shown, under ``headings``: the town (as the unit where there are no
    towns), the unit, then each criterion.
    """
    checked = hashlib.sha256()
    for text in chain([_head(result.campaign, sheet, headings)], map(text_of, _files(result))):
        checked.update(text.encode())
        yield text
    yield text_of({"sha256": checked.hexdigest()})


def _head(campaign: Campaign, sheet: str, headings: Sequence[str]) -> str:
    return text_of(
        {
            "greenxl": VERSION,
            "campaign": campaign.id,
            "county": campaign.county,
            "terms": terms_of(campaign),
            "shown": {"sheet": sheet, "headings": [*headings]},
        }
    )


def _files(result: Round) -> Iterator[Json]:
    """Yield the files in the order in which they were read, then those of which nothing counts."""
    sheets: dict[str, list[Checked]] = {}
    for one in result.checked:
        sheets.setdefault(one.sheet.file, []).append(one)
    findings: dict[str, list[Finding]] = {}
    for found in _findings(result):
        findings.setdefault(found.file, []).append(found)
    entries = {entry.file: entry for entry in result.entries}
    common = common_of(result.campaign)
    counting = {choice.chosen.place for choice in result.choices if choice.chosen}
    for file in dict.fromkeys((*sheets, *entries)):
        entry = _as_read(entries[file])
        records = [
            sheet_record(one, common, counts=one.place in counting, is_copy=result.issued is None)
            for one in sheets.get(file, ())
            if not (result.issued and one.place in result.replaced)
        ]
        yield file_record(entry, records, findings.pop(file, ()))
    for file, others in findings.items():
        yield file_record(Entry(file, None, None, Outcome.SKIPPED), (), others)


def _as_read(entry: Entry) -> Entry:
    """Return a file that was skipped as the same as another one as it was before: so it is found again."""
    same = entry.reason is not None and entry.reason.code == "skipped-same" and entry.sha256 is not None
    return replace(entry, outcome=Outcome.READ, reason=None) if same else entry


def _findings(result: Round) -> Iterable[Finding]:
    """Return what was found before anything was decided; with a journal of copies also what that settled."""
    if result.issued is None:
        return result.found
    open_ones = [one for one in result.found if (one.file, one.sheet) not in result.replaced]
    return [*open_ones, *(one for one in result.findings if one.code in ABOUT_COPIES)]
