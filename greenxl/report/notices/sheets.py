"""What the sheets of all notices share."""

from datetime import date

from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign
from greenxl.report.layout import Properties, Value
from greenxl.report.sheets.tasks import Task, least_words
from greenxl.report.style import TEXT, Style, height
from greenxl.scoring.vocabulary import subject
from greenxl.xlsx import Book, write_merged

FILLED_IN: Properties = {**TEXT, "locked": False, "bg_color": "#FFFDEB"}
"""What people type into."""
_LINE = 11
"""The size of type of a sentence."""


def notice_style(campaign: Campaign, name: str, as_of: date) -> Style:
    """Begin the workbook of a notice to somebody."""
    properties = {
        "title": f"{name}整改通知（{campaign.year}年）",
        "subject": f"{campaign.year}年{subject(campaign)}整改通知",
        "author": campaign.authority,
    }
    return Style(Book(campaign.fonts.body, as_of, properties), campaign)


def write_sentences(sheet: Worksheet, style: Style, texts: list[str], row: int, widths: list[float]) -> int:
    """Write sentences over the width of a table, a row each, and return the row after them."""
    line = style.format(font_size=_LINE, text_wrap=True)
    for text in texts:
        write_merged(sheet, (row, 0, row, len(widths) - 1), text, line)
        sheet.set_row(row, height((text, sum(widths), _LINE)) + 2)
        row += 1
    return row


def protect(sheet: Worksheet) -> None:
    """Lock all but what is filled in, without a password; rows and columns may be sized and filtered."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})


def item_number(task: Task) -> Value:
    """Return the number of its criterion as the form has it."""
    return (task.criterion.label or str(task.criterion.number)) if task.criterion else "—"


def item_text(task: Task) -> str:
    """Return what is asked, and that it fails the unit where it does."""
    text = task.criterion.text if task.criterion else least_words(task.group)
    return f"{text}\n（否决项）" if task.fails else text
