"""The correction copies that a round issued, and whether a returned workbook is one of them. Pure.

What counts is the round's own record (:mod:`greenxl.rounds.copies_journal`), never what a workbook says of
itself: whoever has a workbook can write any identity into it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from greenxl.campaign import rules
from greenxl.campaign.model import Answer
from greenxl.findings import Term
from greenxl.form.layout import Identity
from greenxl.i18n import N_
from greenxl.scoring.sheet_facts import SheetFacts


@dataclass(frozen=True, slots=True)
class IssuedSheet:
    """The sheet of one community in a copy as it was issued."""

    scores: tuple[Decimal | Answer | None, ...]
    """The accepted scores that it holds, in the order of the standard."""
    asked: frozenset[int] = frozenset()
    """The numbers of the criteria of which the town was asked anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyContent:
    """What a copy says; two copies of equal content need not both be issued."""

    town: str
    standard: str
    """The hash of the standard that it shows."""
    originals: Mapping[str, frozenset[str]]
    """SHA-256 of the returned files that it replaces -> their sheets."""
    sheets: Mapping[str, IssuedSheet]
    """By the name of the community."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCopy:
    """A copy as the round's journal has it."""

    id: str
    """Random; "" of a returned one that was accepted before the round kept a journal."""
    file_name: str
    sha256: str
    """Of the file as it was written; of one without id, as it was returned."""
    content: CopyContent
    contents: str = ""
    """The hash of what a reader sees of its sheets; "" where the journal is older than that."""


@dataclass(frozen=True)
class IssuedCopies:
    """All that a round issued, the last one last."""

    copies: tuple[IssuedCopy, ...] = ()

    def by_file(self) -> dict[str, IssuedCopy]:
        """Return the copies by the SHA-256 of the files that were written."""
        return {one.sha256: one for one in self.copies if one.id}

    def last_of(self, town: str) -> IssuedCopy | None:
        """Return the copy that was issued to a town last."""
        return self._last_of_towns.get(town)

    def claimed_by(self, sheet: SheetFacts) -> tuple[int, IssuedCopy] | None:
        """Return the copy that a sheet says it is of, the last of several, and its place in their order."""
        number = sheet.copy.copy_id if sheet.copy else ""
        places = [self._numbers.get(number), self._accepted.get(sheet.sha256)]
        place = max((one for one in places if one is not None), default=None)
        return None if place is None else (place, self.copies[place])

    @cached_property
    def _last_of_towns(self) -> dict[str, IssuedCopy]:
        return {one.content.town: one for one in self.copies if one.id}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {one.id: place for place, one in enumerate(self.copies) if one.id}

    @cached_property
    def _accepted(self) -> dict[str, int]:
        """By the SHA-256 of those that were accepted without a number."""
        return {one.sha256: place for place, one in enumerate(self.copies) if not one.id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a sheet's workbook says that it replaces, and what is known of that."""

    originals: Mapping[str, frozenset[str] | None]
    """SHA-256 of the files that it does replace -> their sheets, None for all of them."""
    generation: int = 0
    """Of two copies that replace one sheet, the one with the higher number counts."""
    issued: IssuedCopy | None = None
    refused: Term | None = None
    """Why it replaces nothing."""
    believed: bool = False
    """Whether it is taken at its word, because the round has no journal."""

    def replaces(self, sheet: SheetFacts) -> bool:
        if sheet.sha256 not in self.originals:
            return False
        sheets = self.originals[sheet.sha256]
        return sheets is None or sheet.sheet in sheets


_NO_ID = Term(N_("it has no number of a copy"))
_NOT_ISSUED = Term(N_("its number is none that this round issued"))
_OTHER_TOWN = Term(N_("the copy of that number was issued to another town"))
_OTHER_FILES = Term(N_("the copy of that number was issued for other files"))
_OTHER_COMMUNITY = Term(N_("the copy of that number was issued without a sheet of this community"))


def claim_of(sheet: SheetFacts, community: str | None, issued: IssuedCopies | None) -> Claim | None:
    """Return what a sheet's workbook claims to replace; None where it does not say that it is a copy.

    ``community`` is the one that the sheet is for, None where that is not plain; ``issued`` is None where
    there is no journal: then the workbook is believed.
    """
    identity = sheet.copy
    if identity is None:
        return None
    if issued is None:
        named = dict.fromkeys(identity.supersedes)
        return Claim(originals=named, generation=len(identity.supersedes), believed=True)
    claimed = issued.claimed_by(sheet)
    if claimed is None:
        return Claim(originals={}, refused=_NOT_ISSUED if identity.copy_id else _NO_ID)
    generation, one = claimed
    refused = _refused(identity, community, one)
    originals = {} if refused else one.content.originals
    return Claim(originals=originals, generation=generation, issued=one, refused=refused)


def _refused(identity: Identity, community: str | None, issued: IssuedCopy) -> Term | None:
    if identity.town != issued.content.town:
        return _OTHER_TOWN
    if set(identity.supersedes) != set(issued.content.originals):
        return _OTHER_FILES
    known = community is None or community in issued.content.sheets
    return None if known else _OTHER_COMMUNITY


def changed_scores(sheet: IssuedSheet, scores: rules.Scores) -> Iterator[tuple[int, Decimal | Answer]]:
    """Yield the criteria that were accepted, not asked for, and came back otherwise, with the old score."""
    for number, (before, now) in enumerate(zip(sheet.scores, scores, strict=False), 1):
        if before is not None and number not in sheet.asked and now != before:
            yield number, before
