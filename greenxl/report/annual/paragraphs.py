"""The text of a Word document as elements: where its tags are, and what lists and conditions are around."""

import re
from collections.abc import Sequence
from typing import Any
from xml.dom import minidom

from greenxl.report.annual.tags import TAG, begins, ends, is_block, normal

OPEN, CLOSE = "\ue000", "\ue001"
"""Around the number of a tag on its way to Jinja2: no text of a template is taken for one by mistake."""
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
_ALONE = re.compile(f"\\s*{MARK.pattern}\\s*")
_KEPT = ("w:sectPr", "w:drawing", "w:pict", "w:p")
"""What makes a paragraph more than the tag in it."""
Node = Any
"""An element or a text; the standard library's own types know neither parent nor document for sure."""


def parsed(part: bytes) -> Node:
    """Return a part, without the characters that marks are made of."""
    document: Node = minidom.parseString(part)
    text = document.toxml()
    if OPEN not in text and CLOSE not in text:
        return document
    return minidom.parseString(text.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd"))


def paragraphs(document: Node) -> Sequence[Node]:
    return list(document.getElementsByTagName("w:p"))


def mark_tags(paragraph: Node, tags: list[str]) -> None:
    """Put every tag of a paragraph, however Word has cut it up, into one text, as a mark of its number.

    The tags themselves go to the end of ``tags``.
    """
    texts, whole = _texts(paragraph), text_of(paragraph)
    if not TAG.search(whole):
        return
    owners = [place for place, text in enumerate(texts) for _each in _data(text)]
    pieces: list[list[str]] = [[] for _each in texts]
    end = 0
    for tag in TAG.finditer(whole):
        for place in range(end, tag.start()):
            pieces[owners[place]].append(whole[place])
        pieces[owners[tag.start()]].append(f"{OPEN}{len(tags)}{CLOSE}")
        tags.append(normal(tag[0]))
        end = tag.end()
    for place in range(end, len(whole)):
        pieces[owners[place]].append(whole[place])
    for text, parts in zip(texts, pieces, strict=True):
        _set(text, "".join(parts))


def _texts(paragraph: Node) -> list[Node]:
    """Return the texts of a paragraph itself, not of those in a text box inside it."""
    return [one for one in paragraph.getElementsByTagName("w:t") if _above(one, "w:p") is paragraph]


def text_of(paragraph: Node) -> str:
    return "".join(_data(text) for text in _texts(paragraph))


def _data(text: Node) -> str:
    return "".join(node.data for node in text.childNodes if isinstance(node, minidom.Text))


def _set(text: Node, data: str) -> None:
    while text.firstChild:
        text.removeChild(text.firstChild)
    text.appendChild(text.ownerDocument.createTextNode(data))
    text.setAttribute("xml:space", "preserve")


def _above(node: Node, tag: str) -> Node:
    """Return the nearest element of a name around a node."""
    above = node.parentNode
    while isinstance(above, minidom.Element) and above.tagName != tag:
        above = above.parentNode
    return above if isinstance(above, minidom.Element) else None


def move_out(dom: Node, tags: Sequence[str]) -> None:
    """Put lists and conditions around the rows and paragraphs that they are meant for."""
    for row in dom.getElementsByTagName("w:tr"):
        _move_out_of_row(row, tags)
    for paragraph in dom.getElementsByTagName("w:p"):
        mark = _ALONE.fullmatch(_marked(paragraph))
        holds = any(paragraph.getElementsByTagName(name) for name in _KEPT)
        if mark and is_block(tags[int(mark[1])]) and not holds:
            _replace(paragraph, mark)


def _marked(within: Node) -> str:
    return "".join(_data(text) for text in within.getElementsByTagName("w:t"))


def _replace(element: Node, mark: re.Match[str]) -> None:
    token = element.ownerDocument.createTextNode(f"{OPEN}{mark[1]}{CLOSE}")
    element.parentNode.replaceChild(token, element)


def _move_out_of_row(row: Node, tags: Sequence[str]) -> None:
    """Put around a row what begins in its first cell and ends in its last, or is all that it holds."""
    whole = _marked(row)
    alone = _ALONE.fullmatch(whole)
    if alone and is_block(tags[int(alone[1])]):
        _replace(row, alone)
        return
    cells = [cell for cell in row.childNodes if isinstance(cell, minidom.Element) and cell.tagName == "w:tc"]
    if len(cells) < 2:
        return
    first = re.match(f"\\s*{MARK.pattern}", _marked(cells[0]))
    last = re.search(f"{MARK.pattern}\\s*$", _marked(cells[-1]))
    if not (first and last and begins(tags[int(first[1])]) and ends(tags[int(last[1])])):
        return
    for mark, before in ((first, row), (last, row.nextSibling)):
        token = f"{OPEN}{mark[1]}{CLOSE}"
        for text in row.getElementsByTagName("w:t"):
            for node in text.childNodes:
                node.data = node.data.replace(token, "")
        row.parentNode.insertBefore(row.ownerDocument.createTextNode(token), before)


def repair(dom: Node) -> None:
    """Leave no table without a row and no cell without a paragraph at its end: Word opens neither."""
    for table in dom.getElementsByTagName("w:tbl"):
        if not any(child.nodeName == "w:tr" for child in table.childNodes):
            table.parentNode.removeChild(table)
    for cell in dom.getElementsByTagName("w:tc"):
        elements = [child for child in cell.childNodes if isinstance(child, minidom.Element)]
        if not elements or elements[-1].tagName != "w:p":
            cell.appendChild(dom.createElement("w:p"))
