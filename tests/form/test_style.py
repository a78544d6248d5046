"""What the sheets of a blank share in print."""

from dataclasses import replace
from datetime import date

import pytest

from greenxl.campaign.model import Campaign
from greenxl.form.style import set_page, title_format
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
