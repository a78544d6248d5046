"""Returns with faults to correction copies: the official form with what counted in it, marked and explained.

A copy names the files that it replaces and has a number of its own, so that it counts instead of them when
it comes back (:mod:`greenxl.scoring.issued`). What a town returned is never opened again, and never changed.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from greenxl.campaign.model import Answer, Campaign, Community
from greenxl.catalogue import Correction, Subject
from greenxl.findings import Finding
from greenxl.form.blank import blank
from greenxl.form.layout import Layout
from greenxl.names import safe_file_name
from greenxl.returns.reader import read_bytes
from greenxl.rounds.evaluate import Round
from greenxl.scoring.checking import check
from greenxl.scoring.issued import CopyContent, IssuedCopy, IssuedSheet
from greenxl.scoring.score import Score
from greenxl.scoring.unchanged import contents_hash
from greenxl.sendback.carried import fields_of, remarks_of, typed_of
from greenxl.sendback.explanation import write_explanation
from greenxl.sendback.marks import as_asked, marks_of
from greenxl.sendback.problems import TownProblems, problems_by_town


@dataclass(frozen=True, slots=True)
class Copy:
    issued: IssuedCopy
    data: bytes

    @property
    def town(self) -> str:
        return self.issued.content.town

    @property
    def file_name(self) -> str:
        return self.issued.file_name


@dataclass(frozen=True, slots=True)
class Draft:
    """A correction copy before it has a number: what it asks, and what it holds."""

    problems: TownProblems
    asked: tuple[Finding, ...]
    content: CopyContent

    @property
    def town(self) -> str:
        return self.problems.town

    @property
    def file_name(self) -> str:
        """What the copy is called where that name is free."""
        return safe_file_name(f"{self.town}-退回修改-{self.problems.campaign.year}") + ".xlsx"

    def copy(self, copy_id: str, file_name: str = "") -> Copy:
        """Return the copy under a number; equal drafts give equal bytes under one number."""
        communities = self.problems.campaign.communities_of(self.town)
        data = blank(
            self.problems.campaign,
            self.town,
            communities,
            scores={c: self.content.sheets[c.name].scores for c in communities},
            supersedes=tuple(self.content.originals),
            copy_id=copy_id,
            marks=marks_of(self.asked, communities, self.problems.campaign),
            fields={c: fields_of(self.problems.sheets, c) for c in communities},
            typed={c: typed_of(self.problems.sheets, c, self.problems.campaign) for c in communities},
            write_first_sheet=lambda book: write_explanation(book, self.problems, self.asked),
        )
        digest = hashlib.sha256(data).hexdigest()
        name = file_name or self.file_name
        issued = IssuedCopy(
            id=copy_id,
            file_name=name,
            sha256=digest,
            content=self.content,
            contents=_contents(name, data, self.problems.campaign),
        )
        return Copy(issued, data)


def _contents(name: str, data: bytes, campaign: Campaign) -> str:
    """Return the hash of what reading a copy gives, to know it again if it comes back as it is."""
    sheets = read_bytes(name, data, campaign).sheets
    return contents_hash((sheet, check(sheet, campaign)) for sheet in sheets)


def drafts(result: Round) -> Iterator[Draft]:
    """Yield the correction copy of every town that returned something which it has to correct."""
    for problems in problems_by_town(result):
        asked = (*as_asked(problems), *remarks_of(problems.sheets))
        yield Draft(problems, asked, _content(problems, asked))


def _content(problems: TownProblems, asked: Sequence[Finding]) -> CopyContent:
    campaign = problems.campaign
    communities = campaign.communities_of(problems.town)
    scores = _scores(problems, communities)
    return CopyContent(
        town=problems.town,
        standard=campaign.standard_hash,
        originals=problems.originals,
        sheets={c.name: IssuedSheet(scores[c], _asked_criteria(asked, c, campaign)) for c in communities},
    )


def _scores(
    problems: TownProblems, communities: Sequence[Community]
) -> Mapping[Community, tuple[Decimal | Answer | None, ...]]:
    """Return the accepted scores by community, None where one is wrong or blank or returns disagree."""
    empty = (None,) * len(problems.campaign.criteria)
    found = {}
    for community in communities:
        rows = [one.scores for one in problems.sheets if one.community == community]
        agreed = tuple(_agreed(scores) for scores in zip(*rows, strict=True))
        found[community] = agreed or empty
    return found


def _agreed(scores: Sequence[Score]) -> Decimal | Answer | None:
    return scores[0].value if len(set(scores)) == 1 else None


def _asked_criteria(asked: Sequence[Finding], community: Community, campaign: Campaign) -> frozenset[int]:
    """Return the criteria that a town is asked about: all where its total or its whole sheet is in doubt."""
    layout = Layout(campaign)
    columns = (layout.score, *layout.entry_columns.values())
    numbers = {layout.cell(c.number, column): c.number for c in campaign.criteria for column in columns}
    own = [one for one in asked if one.community == community.name]
    if any(_in_doubt(one) for one in own):
        return frozenset(numbers.values())
    return frozenset(numbers[cell] for one in own for cell in one.cells if cell in numbers)


def _in_doubt(one: Finding) -> bool:
    """Whether a finding puts all scores of a sheet in doubt."""
    whole = one.entry.subject is Subject.SHEET and not one.cells
    return whole or one.entry.correction is Correction.CHECK_TOTAL
