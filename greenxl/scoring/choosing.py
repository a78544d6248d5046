"""Which sheet counts for which community: duplicates, conflicts, missing. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from greenxl.campaign.model import Campaign, Community
from greenxl.findings import Finding, Term, finding
from greenxl.i18n import N_
from greenxl.names import one_line
from greenxl.scoring.checking import Checked
from greenxl.scoring.issued import Claim, IssuedCopies, IssuedCopy, changed_scores, claim_of
from greenxl.scoring.score import Mark, Score, shown_answer


class Status(StrEnum):
    """The result of a community in the round; the JSON document's words."""

    PASSED = "passed"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"
    CONFLICT = "conflict"
    MISSING = "missing"


_KEEP_ONE = Term(N_("Keep only the right file, or run again with --latest."))
_DELETE_ONE = Term(
    N_("Delete the sheet that is wrong from the workbook, or have the town return it with one sheet.")
)
_COPY_AND_ANOTHER = Term(
    N_(
        "One of them is a correction copy of this round, and was not issued for the other as that is now: "
        "it came later or was saved again. If the copy is right, move the other out of the returns."
    )
)

Place = tuple[str, str]
"""File and sheet."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What counts for one community."""

    community: Community
    status: Status
    chosen: Checked | None
    """The sheet that counts; None while conflicting or missing."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What counts for every community, in roster order, and what the choosing found."""

    choices: tuple[Choice, ...]
    findings: tuple[Finding, ...]
    replaced: frozenset[Place]
    """The sheets that a corrected copy replaces."""
    outdated: frozenset[Place]
    """The sheets that differ from the one that counts because it was saved last, or alone is decided."""

    def still_open(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings but those of sheets in whose place another one counts."""
        closed = self.replaced | self.outdated
        return [one for one in findings if (one.file, one.sheet) not in closed]


def choose(
    checked: Iterable[Checked],
    campaign: Campaign,
    *,
    latest: bool = False,
    issued: IssuedCopies | None = None,
) -> Chosen:
    """Return what counts for every community.

    Where returns differ, none of them counts, or with ``latest`` the one that was last saved. A corrected
    copy counts instead of what it was ``issued`` for; without a journal (None), for what it says.
    """
    checked = list(checked)
    claims = _claims(checked, issued)
    copies = _replacing_copies(checked, claims)
    returns: dict[Community, list[Checked]] = {community: [] for community in campaign.communities}
    for one in checked:
        if one.community and one.place not in copies:
            returns[one.community].append(one)
    known = {place for place, (_one, claim) in claims.items() if claim.issued and not claim.refused}
    decided = [_decide(community, sheets, campaign, latest, known) for community, sheets in returns.items()]
    choices = tuple(choice for choice, _findings in decided)
    return Chosen(
        choices=choices,
        findings=(
            *_superseded(checked, copies),
            *_about_claims(claims, copies),
            *(one for _choice, found in decided for one in found),
        ),
        replaced=frozenset(copies),
        outdated=_outdated(choices, returns),
    )


_Claims = Mapping[Place, tuple[Checked, Claim]]


def _claims(checked: Iterable[Checked], issued: IssuedCopies | None) -> _Claims:
    """Return the sheets whose workbook says that it is a corrected copy, and what comes of that."""
    found = {}
    for one in checked:
        claim = claim_of(one.sheet, one.community.name if one.community else None, issued)
        if claim:
            found[one.place] = one, claim
    return found


def _replacing_copies(checked: Iterable[Checked], claims: _Claims) -> dict[Place, Checked]:
    """Return the last corrected copy of each sheet that has one."""
    by_original: dict[str, list[tuple[Checked, Claim]]] = {}
    for pair in claims.values():
        for digest in pair[1].originals:
            by_original.setdefault(digest, []).append(pair)
    found = {}
    for one in checked:
        replacing = [pair for pair in by_original.get(one.sheet.sha256, ()) if _replaces(*pair, one)]
        if replacing:
            found[one.place] = max(replacing, key=lambda pair: pair[1].generation)[0]
    return found


def _replaces(copy: Checked, claim: Claim, old: Checked) -> bool:
    """Whether a copy's sheet counts instead of the old one; an emptied one does not undo a return."""
    if not claim.replaces(old.sheet):
        return False
    if old.community is None:
        return copy.returned
    return copy.community == old.community and (copy.returned or not old.returned)


def _about_claims(claims: _Claims, copies: Mapping[Place, Checked]) -> Iterator[Finding]:
    """Yield what the county has to know of corrected copies, and of workbooks that only say they are."""
    replacing = {one.place for one in copies.values()}
    seen = set()
    for place, (one, claim) in claims.items():
        file = one.sheet.file
        if claim.issued and not claim.refused and one.returned and place not in copies:
            yield from _changed(one, claim.issued)
        about = None
        if claim.refused:
            about = finding("copy-unknown", file, reason=claim.refused)
        elif claim.believed and place in replacing:
            about = finding("copy-believed", file)
        if about and about not in seen:
            seen.add(about)
            yield about


def _changed(copy: Checked, issued: IssuedCopy) -> Iterator[Finding]:
    """Yield one warning about the scores that had been accepted and were changed all the same."""
    sheet = issued.content.sheets.get(copy.community.name) if copy.community else None
    if sheet is None:
        return
    changed = [
        (copy.sheet.cells.first_score_of(number), f"{shown_answer(before)}→{now}")
        for number, before in changed_scores(sheet, [score.value for score in copy.scores])
        if (now := shown_score(copy.scores[number - 1])) != shown_answer(before)  # else the points changed
    ]
    if changed:
        found = [f"{cell} {change}".strip() for cell, change in changed]
        at = [cell for cell, _change in changed if cell]
        yield copy.located(finding("copy-changed", *copy.place, cells=at, found=found))


def shown_score(score: Score) -> str:
    """Return a score as a message quotes it."""
    return score.shown or shown_answer(score.value) or "空"


def _superseded(checked: Iterable[Checked], copies: Mapping[Place, Checked]) -> list[Finding]:
    return [
        one.located(finding("superseded", *one.place, chosen=copies[one.place].sheet.file))
        for one in checked
        if one.place in copies
    ]


def _decide(
    community: Community,
    sheets: Sequence[Checked],
    campaign: Campaign,
    latest: bool,
    known: Collection[Place],
) -> tuple[Choice, list[Finding]]:
    """Return what counts of a community's sheets, and what is to be said of the others.

    ``known`` are the sheets of correction copies that the round issued.
    """
    returned = [one for one in sheets if one.returned]
    if not returned:
        empty = [one.located(finding("sheet-empty", *one.place)) for one in sheets]
        return Choice(community, Status.MISSING, None), empty
    filled = [one for one in returned if one.decided] or returned
    if not _agree(filled):
        choice, found = _decide_between(community, filled, campaign, latest, known)
    else:
        choice, found = _decide_among(community, filled)
    undecided = (one for one in returned if one not in filled)
    return choice, [*found, *(_undecided(one, choice.chosen, campaign) for one in undecided if choice.chosen)]


def _undecided(one: Checked, chosen: Checked, campaign: Campaign) -> Finding:
    """Return a note about a sheet in which the score column that counts is blank, beside another's."""
    wanted = one_line(campaign.counting_heading)
    return one.located(finding("undecided-too", *one.place, chosen=_shown_place(chosen), wanted=wanted))


def _decide_among(community: Community, agreeing: Sequence[Checked]) -> tuple[Choice, list[Finding]]:
    """Return what counts of sheets of equal scores: the first, or the last saved where their texts differ."""
    chosen = agreeing[0]
    if len({one.beside for one in agreeing}) > 1:
        chosen = _last_saved(agreeing) or chosen
        return Choice(community, status_of(chosen), chosen), [_texts_differ(agreeing, chosen)]
    others = agreeing[1:]
    again = [o.located(finding("returned-twice", *o.place, chosen=_shown_place(chosen))) for o in others]
    return Choice(community, status_of(chosen), chosen), again


def _decide_between(
    community: Community,
    differing: Sequence[Checked],
    campaign: Campaign,
    latest: bool,
    known: Collection[Place],
) -> tuple[Choice, list[Finding]]:
    last = _last_saved(differing) if latest else None
    if last is None:
        return Choice(community, Status.CONFLICT, None), [
            _differ("returns-differ", differing, advice=_advice(differing, known))
        ]
    saved = f"{last.sheet.saved:%Y-%m-%d %H:%M}"
    warning = _differ("returns-differ-latest", differing, chosen=_shown_place(last), saved=saved)
    return Choice(community, status_of(last), last), [warning]


def _agree(sheets: Sequence[Checked]) -> bool:
    return len({one.scores for one in sheets}) == 1


def _last_saved(sheets: Sequence[Checked]) -> Checked | None:
    """Return the sheet that was saved last; None where a time is missing, or as late a one differs."""
    times = [one.sheet.saved for one in sheets if one.sheet.saved]
    if len(times) < len(sheets):
        return None
    last = [one for one in sheets if one.sheet.saved == max(times)]
    return last[0] if _agree(last) else None


def _outdated(choices: Iterable[Choice], returns: Mapping[Community, Iterable[Checked]]) -> frozenset[Place]:
    return frozenset(
        one.place
        for choice in choices
        if choice.chosen
        for one in returns[choice.community]
        if one.returned and (one.scores, one.beside) != (choice.chosen.scores, choice.chosen.beside)
    )


def status_of(checked: Checked) -> Status:
    """Return the status of a community by its one sheet."""
    marks = {score.mark for score in checked.scores}
    if Mark.WRONG in marks or checked.without_total:
        return Status.INVALID
    passed = checked.verdict.passed
    if passed is None:
        return Status.INCOMPLETE
    return Status.PASSED if passed else Status.FAILED


def _advice(differing: Sequence[Checked], known: Collection[Place]) -> Term:
    """Return what to do where sheets differ."""
    if len({one.sheet.file for one in differing}) == 1:
        return _DELETE_ONE
    copies = sum(one.place in known for one in differing)
    return _COPY_AND_ANOTHER if 0 < copies < len(differing) else _KEEP_ONE


def _differ(code: str, sheets: Sequence[Checked], **values: Any) -> Finding:
    """Return the finding that names every return and the cells in which they differ."""
    first = sheets[0]
    by_criterion = zip(*(one.scores for one in sheets), strict=True)
    differing = {number for number, scores in enumerate(by_criterion, 1) if len(set(scores)) > 1}
    cells = first.sheet.cells.scores_of(differing)
    files = "；".join(map(_shown_place, sheets))
    return first.located(finding(code, *first.place, cells=cells, files=files, **values))


def _texts_differ(sheets: Sequence[Checked], chosen: Checked) -> Finding:
    """Return the note that names every return and the cells beside the scores in which they differ."""
    first = sheets[0]
    rows = zip(*(one.beside for one in sheets), strict=True)
    differing = {number for number, row in enumerate(rows, 1) if len(set(row)) > 1}
    cells = first.sheet.cells.scores_of(differing)
    files, counts = "；".join(map(_shown_place, sheets)), _shown_place(chosen)
    return first.located(finding("texts-differ", *first.place, cells=cells, files=files, chosen=counts))


def _shown_place(checked: Checked) -> str:
    return " › ".join(checked.place)
