"""The very hidden sheet by which a consolidated workbook can be merged again at a higher level."""

from greenxl.campaign.model import Campaign
from greenxl.form.layout import DATA_SHEET
from greenxl.names import one_line
from greenxl.report.sheets.score_table import score, score_table
from greenxl.report.style import Style
from greenxl.rounds.evaluate import Round
from greenxl.rounds.rollup.storing import texts_of

_LONGEST = 30_000
"""Characters in one cell, which may hold 32,767 of the kind that takes two places: 𠮷."""
_MOST_ROWS = 1_000_000
"""On one sheet (Excel takes 1,048,576)."""


def write_data(style: Style, result: Round) -> None:
    """Write the texts below each other, each from the first column on, on as many sheets as it takes."""
    shown = style.format()
    for number, text in enumerate(texts_of(result, *shown_scores(result.campaign))):
        part, row = divmod(number, _MOST_ROWS)
        if row == 0:
            sheet = style.book.sheet(f"{DATA_SHEET}{part + 1 if part else ''}")
            sheet.very_hidden()
        parts = (text[first : first + _LONGEST] for first in range(0, len(text), _LONGEST))
        sheet.add_row(row, 0, [(column, shown, part, None) for column, part in enumerate(parts)])


def shown_scores(campaign: Campaign) -> tuple[str, list[str]]:
    """Return the sheet of the scores, and the headings of town, unit and each criterion on it.

    Where there are no towns the unit stands for its own.
    """
    table = score_table(campaign)
    headings = dict(zip((column.name for column in table.columns), table.headings, strict=True))
    names = ["town" if campaign.has_towns else "community", "community"]
    names += [score(criterion.number) for criterion in campaign.criteria]
    return table.sheet, [one_line(headings[name]) for name in names]
