"""The tags of a Word document's text, gathered from the pieces that Word makes of it."""

from typing import Any
from xml.dom import minidom

from greenxl.report.annual.paragraphs import mark_tags, move_out, paragraphs, parsed, repair, text_of
from tests.tools.word import W, paragraph, table


def body(*blocks: str) -> Any:
    return minidom.parseString(f"<w:body {W}>{''.join(blocks)}</w:body>".encode())


def test_a_tag_goes_into_its_first_piece() -> None:
    """The words around it stay in the pieces in which they are, and so in their fonts."""
    [one] = paragraphs(body(paragraph("甲{", "{ 县", " }}乙", "丙")))
    tags: list[str] = []
    mark_tags(one, tags)
    assert tags == ["{{ 县 }}"]
    assert [text.firstChild.data for text in one.getElementsByTagName("w:t")] == [
        *("甲\ue0000\ue001", "", "乙", "丙")
    ]


def test_a_paragraph_without_a_tag_is_left_alone() -> None:
    """To the byte."""
    dom = body(paragraph("甲", "乙"))
    before = dom.toxml()
    mark_tags(paragraphs(dom)[0], [])
    assert dom.toxml() == before


def test_marks_that_a_template_brings_are_none() -> None:
    """Also as a reference to a character."""
    part = f"<w:body {W}>{paragraph('甲')}</w:body>".replace("甲", "&#xE000;0&#xE001;").encode()
    assert text_of(paragraphs(parsed(part))[0]) == "\ufffd0\ufffd"


def test_a_section_break_outlives_the_tag_in_its_paragraph() -> None:
    """A paragraph that holds more than a tag stays."""
    dom = body(paragraph("{% if 甲 %}").replace("<w:p>", "<w:p><w:pPr><w:sectPr/></w:pPr>"))
    tags: list[str] = []
    mark_tags(paragraphs(dom)[0], tags)
    move_out(dom, tags)
    assert len(dom.getElementsByTagName("w:sectPr")) == 1


def test_word_opens_what_lists_leave() -> None:
    """No table without a row, no cell whose end is no paragraph."""
    dom = body(
        "<w:tbl><w:tblPr/></w:tbl>", table(["a"]).replace(paragraph("a"), ""), f"<w:tbl><w:tr><w:tc>{table(['b'])}</w:tc></w:tr></w:tbl>"
    )  # fmt: skip
    repair(dom)
    assert len(dom.getElementsByTagName("w:tbl")) == 3
    cells = dom.getElementsByTagName("w:tc")
    assert [cell.lastChild.tagName for cell in cells] == ["w:p"] * 3
