"""What the sheets of a blank share in print: colours, fonts, the page."""

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from greenxl.campaign.model import Campaign
from greenxl.xlsx import Book, size_to_fit

MISSING = "#FFF7D6"
"""The colour of what is not filled in, in a blank and in a correction copy."""
WRONG = "#F8CBAD"
CHECK = "#DDEBF7"
"""The colour of what is right in a correction copy unless the town knows better."""
PASSED = "#E2F0D9"
GREY = "#F2F2F2"
LINKED = {"font_color": "#0563C1", "underline": 1, "text_wrap": True}
LINE_HEIGHT = 16.0
"""Points of a line of the body."""


def title_format(book: Book, campaign: Campaign, text: str, width: float) -> Format:
    """Return the format in which a title takes no more than ``width`` characters."""
    size = size_to_fit(text, width, 20)
    return book.format(font_name=campaign.fonts.title, font_size=size, align="center")


def set_page(sheet: Worksheet, campaign: Campaign) -> None:
    """Print on one page of A4, upright, with the authority at the foot."""
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    sheet.set_footer(f"&C{campaign.authority.replace('&', '&&')}")


def protect(sheet: Worksheet) -> None:
    """Lock all but the unlocked cells, without a password; widths and heights may be changed."""
    sheet.protect("", {"format_columns": True, "format_rows": True})
