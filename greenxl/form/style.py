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
BODY_SIZE = 11
"""Of the font, in points."""
LINE_HEIGHT = 16.0
"""Points of a line of the body."""
TALLEST = 409
"""Points of the tallest row that a spreadsheet has (Excel specifications and limits)."""
A3, A4 = 8, 9
"""Sizes of paper as a spreadsheet numbers them."""
PAPERS = {A3: (842, 1191), A4: (595, 842)}
"""Their width and height upright, in points."""


def title_format(book: Book, campaign: Campaign, text: str, width: float) -> Format:
    """Return the format in which a title takes no more than ``width`` characters."""
    size = size_to_fit(text, width, 20)
    return book.format(font_name=campaign.fonts.title, font_size=size, align="center")


def margins_of(*, landscape: bool) -> dict[str, float]:
    """Return the margins of a page, in inches."""
    side = 0.4 if landscape else 0.7
    return {"left": side, "right": side, "top": 0.8, "bottom": 0.7}


def set_page(sheet: Worksheet, campaign: Campaign, *, landscape: bool = False, paper: int = A4) -> None:
    """Print on one page with the authority at the foot."""
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(paper)
    sheet.set_margins(**margins_of(landscape=landscape))
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    sheet.set_footer(f"&C{_footer_text(campaign.authority)}")


def number_pages(sheet: Worksheet, campaign: Campaign, name: str) -> None:
    """Print at the foot of every page also whose it is, and which of how many."""
    left, centre = _footer_text(name), _footer_text(campaign.authority)
    sheet.set_footer(f"&L{left}&C{centre}&R第 &P 页，共 &N 页")


def _footer_text(text: str) -> str:
    """Return a text as a footer holds it; together with the rest it is no longer than a footer may be."""
    return text[:_LONGEST_FOOTER].replace("&", "&&")


_LONGEST_FOOTER = 100
"""Characters of one part of three, of which a spreadsheet takes 255 together."""


def protect(sheet: Worksheet) -> None:
    """Lock all but the unlocked cells, without a password; widths and heights may be changed."""
    sheet.protect("", {"format_columns": True, "format_rows": True})
