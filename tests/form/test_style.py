"""What the sheets of a blank share in print."""

from dataclasses import replace
from datetime import date

import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.style import A3, margins_of, number_pages, set_page, title_format
from greenxl.xlsx import Book
from tests.tools.books import opened


@pytest.mark.parametrize(("length", "size"), [(10, 20), (40, 12)], ids=["short", "long"])
def test_a_title_takes_one_line(huantai: Campaign, length: int, size: float) -> None:
    """20 points, and less where the title is long."""
    book = Book("宋体", date(2021, 1, 1), {})
    assert title_format(book, huantai, "创" * length, 97).font_size == size


def test_the_foot_of_a_page_names_the_authority_as_it_is(huantai: Campaign) -> None:
    """An ampersand in its name is no code of a footer."""
    book = Book("宋体", date(2021, 1, 1), {})
    set_page(book.sheet("一"), replace(huantai, authority="住建局&城管局"))
    assert opened(book.bytes())["一"].oddFooter.center.text == "住建局&&城管局"


def test_every_page_says_whose_it_is_and_which_of_how_many(huantai: Campaign) -> None:
    """Names are printed as they are, and cut where they would make the footer longer than it may be."""
    book = Book("宋体", date(2021, 1, 1), {})
    number_pages(book.sheet("一"), replace(huantai, authority="局" * 300), "A&B小区")
    footer = opened(book.bytes())["一"].oddFooter
    assert (footer.left.text, footer.right.text) == ("A&&B小区", "第 &P 页，共 &N 页")
    assert footer.center.text == "局" * 100


def test_paper_across_has_narrower_margins(huantai: Campaign) -> None:
    """So that a wide form is printed larger."""
    book = Book("宋体", date(2021, 1, 1), {})
    set_page(book.sheet("一"), huantai, landscape=True, paper=A3)
    sheet = opened(book.bytes())["一"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", A3)
    assert sheet.page_margins.left < margins_of(landscape=False)["left"]
