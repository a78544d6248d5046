"""The findings of a town as its copy words them, and the marks that they leave on the copy's cells. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from greenxl.campaign.model import Campaign, Community, plain
from greenxl.catalogue import Correction
from greenxl.findings import Finding
from greenxl.form.layout import Layout
from greenxl.form.score_sheet import CellMark, CellMarks
from greenxl.form.style import CHECK, MISSING, WRONG
from greenxl.i18n import CHINESE, Words
from greenxl.scoring.checking import Checked
from greenxl.scoring.choosing import Place
from greenxl.scoring.vocabulary import words
from greenxl.sendback.problems import TownProblems


def as_asked(problems: TownProblems) -> list[Finding]:
    """Return the findings as the copy words them, with the cells of the copy in place of the return's.

    A finding about a whole sheet, or about one that is not in the copy, has no cells.
    """
    sheets = {one.place: one for one in problems.sheets}
    return [_asked(one, sheets, problems.campaign) for one in problems.findings]


def _asked(one: Finding, sheets: Mapping[Place, Checked], campaign: Campaign) -> Finding:
    values = dict(one.values)
    if one.criterion:
        values["points"] = plain(campaign.criteria[one.criterion - 1].points)
    cells = _cells(one, sheets[one.file, one.sheet], campaign) if one.community else ()
    return replace(one, code=one.entry.asked_as or one.code, cells=cells, values=tuple(values.items()))


def _cells(one: Finding, sheet: Checked, campaign: Campaign) -> tuple[str, ...]:
    """Return where in the copy a finding belongs: texts to fill in, scores of its criteria, or the total."""
    layout, cells = Layout(campaign), sheet.sheet.cells
    if one.entry.correction is Correction.CHECK_TOTAL:
        return (layout.total_cell,)
    beside = [
        layout.cell(number, column)
        for number, entries in zip(cells.numbers, cells.entries, strict=True)
        for column, cell in zip(layout.entry_columns.values(), entries, strict=False)
        if cell in one.cells
    ]
    if beside:
        return tuple(beside)
    at_cells = [n for n, cell in zip(cells.numbers, cells.scores, strict=True) if cell in one.cells]
    return tuple(layout.score_cell(number) for number in one.criteria or at_cells)


def marks_of(
    asked: Iterable[Finding], communities: Iterable[Community], campaign: Campaign
) -> dict[Community, CellMarks]:
    """Return a mark for each cell, whatever is asked there, on the sheets of a town's communities."""
    named, said = {community.name: community for community in communities}, words(campaign)
    found: dict[Community, dict[str, list[Finding]]] = {}
    for one in asked:
        for cell in one.cells:
            found.setdefault(named[one.community], {}).setdefault(cell, []).append(one)
    return {
        community: {cell: _mark(findings, said) for cell, findings in cells.items()}
        for community, cells in found.items()
    }


def _mark(findings: Sequence[Finding], said: Words) -> CellMark:
    to_score = {one.entry.correction for one in findings if one.entry.correction.of_score}
    colour = MISSING if to_score == {Correction.FILL_IN} else WRONG if to_score else CHECK
    messages = "\n".join(one.message(CHINESE, said) for one in findings)
    return CellMark(
        colour=colour,
        comment=f"{'请填写' if to_score else '请核对'}：{messages}",
        until_scored=bool(to_score),
    )
