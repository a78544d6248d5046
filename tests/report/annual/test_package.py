"""Templates that are no Word document, or more than one: each refused in one sentence."""

import io
import zipfile

import pytest

from greenxl.report.annual.package import MOST_BYTES, UnusableTemplateError, open_document, write_document
from tests.tools.word import MAIN, PACKAGE, R, W, document, lines, opened, parts, relation

BOMB = {"word/media/x.xml": "<a>" + " " * 20_000_000 + "</a>"}
FIELD = "<w:p><w:r><w:instrText>{}</w:instrText></w:r></w:p>"
SIMPLE = '<w:p><w:fldSimple w:instr="INCLUDEPICTURE http://x/y.png"/></w:p>'
ENTITY = f'<!DOCTYPE a [<!ENTITY b "c">]><w:document {W}><w:body>&b;</w:body></w:document>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "this is no Word document"),
        ("模板".encode(), "this is no Word document"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "this is no Word document"),
        (document(kind=MAIN.replace("document.main", "template.main")), "this is no Word document"),
        (document()[:200], "damaged, or made to do harm (its end is missing)"),
        (document(parts={"word/document.xml": "<w:document"}), "damaged, or made to do harm (word/document.xml"),
        (document(parts=BOMB), "damaged, or made to do harm (word/media/x.xml)"),
        (document(parts={"word/document.xml": ENTITY}), "damaged, or made to do harm (word/document.xml)"),
        (bytes(MOST_BYTES + 1), "larger than 10 MiB"),
        (document(relations=relation("image", "http://x/y.png", external=True)), "(image: http://x/y.png)"),
        (document(relations=relation("image", "file://x/y.png", external=True)), "(image: file://x/y.png)"),
        (document(relations=relation("frame", "http://x/", external=True)), "(frame: http://x/)"),
        (document(relations=relation("oleObject", "embeddings/a.bin")), "(oleObject: word/embeddings/a.bin)"),
        (document(relations=relation("aFChunk", "a.html")), "(aFChunk: word/a.html)"),
        (document(parts={"word/vbaProject.bin": "x"}), "(vbaProject)"),
        (document(FIELD.format("DDEAUTO c:\\x")), "(DDEAUTO)"),
        (document(SIMPLE), "(INCLUDEPICTURE)"),
    ],
    ids=["empty", "text", "old Word", "template of Word", "cut off", "no XML", "zip bomb", "entities", "large", "picture elsewhere",
         "picture on a share", "frame", "object", "page taken in", "macros", "DDE", "field that fetches"],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused(data: bytes, words: str) -> None:
    """In one message that says what was found and what to do."""
    with pytest.raises(UnusableTemplateError) as error:
        open_document("模板.docx", data)
    message = str(error.value)
    assert message.startswith("模板.docx: ")
    assert words in message
    assert "\n" not in message


def test_web_addresses_and_usual_fields_are_kept() -> None:
    """A hyperlink is followed only by who clicks on it; page numbers fetch nothing."""
    link = relation("hyperlink", "http://www.example.gov.cn/", external=True)
    found = open_document("a", document(FIELD.format(" PAGE "), "正文", relations=link))
    assert lines(write_document(found, {}))[-1] == "正文"


def test_the_templates_own_template_is_left_out() -> None:
    """Word would fetch it when the report is opened; WPS writes such a line into many documents."""
    target = "file:///C:/Users/x/Normal.dotm"
    settings = {
        "word/settings.xml": f'<w:settings {W} xmlns:r="{R}"><w:attachedTemplate r:id="rIdattachedTemplate"/></w:settings>',
        "word/_rels/settings.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{relation('attachedTemplate', target, external=True)}</Relationships>",
    }
    template = document(relations=relation("settings", "settings.xml"), parts=settings)
    found = parts(write_document(open_document("a", template), {}))
    assert [name for name, part in found.items() if b"attachedTemplate" in part] == []


def test_pictures_in_the_document_come_through() -> None:
    """Every other part goes out as it came in."""
    target = io.BytesIO(document("正文"))
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("word/media/image1.png", b"\x89PNG" + bytes(range(256)))
    found = parts(write_document(open_document("a", target.getvalue()), {}))
    assert found["word/media/image1.png"] == b"\x89PNG" + bytes(range(256))
    assert opened(write_document(open_document("a", target.getvalue()), {})).paragraphs[0].text == "正文"
