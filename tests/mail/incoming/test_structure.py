import pytest
from imapclient.response_parser import parse_fetch_response

from greenxl.mail.incoming.structure import Leaf, UnreadableStructureError, leaves

FILE = b'("APPLICATION" "OCTET-STREAM" ("NAME" "a.xlsx") NIL NIL "BASE64" 4 NIL NIL NIL NIL)'
TEXT = b'("TEXT" "PLAIN" ("CHARSET" "GBK") NIL NIL "BASE64" 12 1 NIL NIL NIL NIL)'


def read(structure: bytes) -> tuple[Leaf, ...]:
    """Return the leaves as they come out of what a server writes."""
    answer = parse_fetch_response([b"1 (UID 1 BODYSTRUCTURE " + structure + b")"])
    return leaves(answer[1][b"BODYSTRUCTURE"])


@pytest.mark.parametrize(
    ("structure", "wanted"),
    [
        pytest.param(TEXT, [("1", "", False)], id="a text"),
        pytest.param(FILE, [("1", "a.xlsx", True)], id="a file"),
        pytest.param(
            b"(" + TEXT + FILE + b' "MIXED" NIL NIL NIL)',
            [("1", "", False), ("2", "a.xlsx", True)],
            id="both",
        ),
        pytest.param(
            b"((" + TEXT + TEXT + b' "ALTERNATIVE")' + FILE + b' "MIXED")',
            [("1.1", "", False), ("1.2", "", False), ("2", "a.xlsx", True)],
            id="nested, without the fields that may be left out",
        ),
        pytest.param(
            b'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 99 (NIL "x" NIL NIL NIL NIL NIL NIL NIL NIL) '
            + TEXT
            + b" 9 NIL NIL NIL NIL)",
            [("1", "", True)],
            id="a mail in a mail",
        ),
        pytest.param(
            b'("MESSAGE" "RFC822" ("NAME" "a.txt") NIL NIL "7BIT" 99)',
            [("1", "a.txt", True)],
            id="a mail in a mail, without envelope, called a text",
        ),
        pytest.param(
            b'("TEXT" "PLAIN" NIL NIL NIL NIL "12" "1" NIL NIL NIL NIL)',
            [("1", "", False)],
            id="sizes as texts, no encoding",
        ),
        pytest.param(
            b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1 NIL ("ATTACHMENT" ("FILENAME" "a.et")) NIL NIL)',
            [("1", "a.et", True)],
            id="a file that calls itself a text",
        ),
        pytest.param(
            b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1)', [("1", "", True)], id="a text that may be a file"
        ),
        pytest.param(
            b'("IMAGE" "JPEG" ("NAME" "a.jpg") NIL NIL "BASE64" 12)', [("1", "a.jpg", False)], id="a picture"
        ),
        pytest.param(
            rb'("APPLICATION" "X" ("NAME" "a\"b;.xlsx") NIL NIL "BASE64" 4 NIL NIL NIL NIL)',
            [("1", 'a"b;.xlsx', True)],
            id="a name with a quote",
        ),
        pytest.param(
            b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12 1 NIL NIL ("en" "de") "x" (1 (2)) odd)',
            [("1", "", False)],
            id="odd fields behind those that are known",
        ),
    ],
)
def test_a_structure_says_what_may_be_a_file(structure: bytes, wanted: list[tuple[str, str, bool]]) -> None:
    """Section, name and whether it may hold a return, of every part that has no parts."""
    assert [(leaf.section, leaf.name, leaf.may_be_file) for leaf in read(structure)] == wanted


@pytest.mark.parametrize(
    "structure",
    [
        pytest.param(b'("ALTERNATIVE")', id="a kind of parts alone"),
        pytest.param(b'(NIL "alternative" NIL NIL NIL NIL NIL NIL)', id="no parts"),
        pytest.param(b'("TEXT" NIL NIL NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)', id="no subtype"),
        pytest.param(b'(NIL "PLAIN" NIL NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)', id="no type"),
        pytest.param(b'(NIL NIL NIL NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)', id="neither"),
        pytest.param(b'("TEXT" "PLAIN" NIL NIL NIL "7BIT")', id="too few fields"),
        pytest.param(b'("MULTIPART" "MIXED" NIL NIL NIL "7BIT" 12)', id="parts without parts"),
        pytest.param(b'("TEXT" "PLAIN" "GBK" NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)', id="odd parameters"),
        pytest.param(b'("TEXT" "PLAIN" ("A") NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)', id="half a parameter"),
        pytest.param(b'("TEXT" "PLAIN" ("A" ("B")) NIL NIL "7BIT" 12 1)', id="a list as a parameter"),
        pytest.param(b'("TEXT" "PLAIN" NIL NIL NIL ("7BIT") 12 1 NIL NIL NIL NIL)', id="odd encoding"),
        pytest.param(
            b'("TEXT" "PLAIN" ("NAME" "' + b";" * 150_000 + b'") NIL NIL "7BIT" 12 1)',
            id="a name without end",
        ),
    ],
)
def test_what_cannot_be_understood_is_not_no_attachment(structure: bytes) -> None:
    """A part of which the kind is not known makes the whole mail unknown, alone or beside others."""
    for whole in (structure, b"(" + FILE + structure + b' "MIXED")'):
        with pytest.raises(UnreadableStructureError):
            read(whole)


def test_nothing_at_all_is_unreadable() -> None:
    """A server that says NIL, leaves the item out or nests 3,000 parts says nothing that can be read."""
    deep: object = (b"TEXT", b"PLAIN", None, None, None, b"7BIT", 12, 1)
    for _level in range(3_000):
        deep = ([deep], b"MIXED")
    for structure in (None, (), b"", 7, deep):
        with pytest.raises(UnreadableStructureError):
            leaves(structure)
