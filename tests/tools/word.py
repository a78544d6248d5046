"""Word documents for tests: made of paragraphs and tables, and read by python-docx, not by our own code."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PAGE = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'


def paragraph(*runs: str) -> str:
    """Return a paragraph of these runs."""
    return f"<w:p>{''.join(f'<w:r><w:t>{escape(run)}</w:t></w:r>' for run in runs)}</w:p>"


def table(*rows: Sequence[str]) -> str:
    """Return a table of rows of texts, in each cell one paragraph a line."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(map(_row, rows))}</w:tbl>"


def _row(cells: Sequence[str]) -> str:
    filled = "".join(f"<w:tc>{''.join(map(paragraph, cell.splitlines()))}</w:tc>" for cell in cells)
    return f"<w:tr>{filled}</w:tr>"


def relation(kind: str, target: str, *, external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="rId{kind}" Type="{R}/{kind}" Target="{target}"{mode}/>'


def document(*blocks: str, relations: str = "", parts: Mapping[str, str] = {}, kind: str = MAIN) -> bytes:
    """Return a document of these paragraphs and tables; texts without markup are paragraphs.

    ``relations`` are the main part's; ``parts`` are added, or go in the place of those of the same name.
    """
    body = "".join(block if block.startswith("<") else paragraph(block) for block in blocks)
    whole = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": _relations(relation("officeDocument", "word/document.xml")),
        "word/document.xml": f'<w:document {W} xmlns:r="{R}"><w:body>{body}{PAGE}</w:body></w:document>',
        "word/_rels/document.xml.rels": _relations(relations),
        **parts,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in whole.items():
            package.writestr(name, text)
    return target.getvalue()


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def lines(data: bytes) -> list[str]:
    """Return the document's paragraphs, and of its tables the rows with bars between the cells."""
    found: list[str] = []
    for block in opened(data).iter_inner_content():
        if isinstance(block, Table):
            found += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        elif isinstance(block, Paragraph):
            found.append(block.text)
    return found


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}
