"""Score sheets as they are read, made from values, and the round that they are: no file, no worker."""

import hashlib
from collections.abc import Sequence

from greenxl.campaign.model import Campaign, Community
from greenxl.findings import Finding
from greenxl.form.layout import FIRST_ROW, FORM_VERSION, Identity, Layout, Part
from greenxl.returns.model import Line, ScoreSheet
from greenxl.rounds.evaluate import Round
from greenxl.scoring.checking import check
from greenxl.scoring.choosing import choose
from greenxl.workbooks.cells import Cell, Value, address
from tests.tools.cells import cell

Scored = Value | Cell
"""A plain score, or a cell of which more is to be told; its address is the form's."""


def score_sheet(
    community: Community,
    campaign: Campaign,
    scores: Sequence[Scored] = (),
    *,
    file: str = "a.xlsx",
    label: str | None = None,
    supersedes: tuple[str, ...] = (),
) -> ScoreSheet:
    """Return a community's sheet as it was issued, filled with these scores, the rest with 4."""
    given = [*scores, *[4.0] * (len(campaign.criteria) - len(scores))]
    layout = Layout(campaign)
    lines = tuple(
        Line(
            number=c.number,
            text=cell(address(row, layout.column(Part.TEXT)), c.text),
            points=cell(address(row, layout.column(Part.POINTS)), float(c.points)),
            score=_score(address(row, layout.score), score),
        )
        for (row, c), score in zip(enumerate(campaign.criteria, FIRST_ROW), given, strict=True)
    )
    return ScoreSheet(
        file=file,
        sha256=digest(file),
        sheet=community.name,
        community=cell("B2", community.name if label is None else label),
        town=cell("E2", community.town),
        lines=lines,
        total=None,
        identity=Identity(
            form=FORM_VERSION,
            campaign=campaign.id,
            standard=campaign.standard_hash,
            year=str(campaign.year),
            town=community.town,
            sheets={community.name: community.number},
            supersedes=supersedes,
        ),
    )


def _score(place: str, score: Scored) -> Cell:
    return score._replace(address=place) if isinstance(score, Cell) else cell(place, score)


def digest(file: str) -> str:
    return hashlib.sha256(file.encode()).hexdigest()


def round_of_sheets(campaign: Campaign, *sheets: ScoreSheet, found: Sequence[Finding] = ()) -> Round:
    """Return the round of these sheets; ``found`` is what the reader found besides."""
    checked = [check(sheet, campaign) for sheet in sheets]
    chosen = choose(checked, campaign)
    findings = [*found, *(one for sheet in checked for one in sheet.findings)]
    return Round(
        campaign=campaign,
        choices=chosen.choices,
        entries=(),
        findings=(*chosen.still_open(findings), *chosen.findings),
        checked=tuple(checked),
        replaced=chosen.replaced,
    )
