"""Rows and shared texts whose bytes are in several workbooks are read once, and mean what they mean in each."""

import random
import re
from collections.abc import Mapping, Sequence

import pytest

from greenxl.campaign.model import Campaign
from greenxl.workbooks.cells import Format, Refused, SheetCells, WorkbookCells
from greenxl.workbooks.formats import xlsx
from tests.tools.packages import MAIN, Parts, archive, cell, worksheet, xlsx_parts
from tests.tools.spoil import SHEET, STRINGS, good, members

FIRST, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_DAMAGES = 150
"""Of one seed."""
_INSERTED = (
    b"</row>", b"<row/>", b'<row r="7"/>', b'<row r="900">', b"<c/>", b"x", b"<!-- x -->", b"<?x y?>",
    b"<![CDATA[x]]>", b"&lt;", b"&foo;", b"\xff", b"<sheetData>", b"</sheetData>", b"<sheetData/>", b"</si>",
    b"<si><t>x</t></si>", b"<hyperlinks>", b"</hyperlinks>", b"<hyperlink/>", b"</worksheet><worksheet>",
    b'<x xmlns="y"/>', b"<z:row/>", b' xmlns:z="urn:z"', b' a=">"', b'<f t="array" ref="A1:B2">1</f>',
    b'<x:row xmlns:x="%b" r="3"/>' % MAIN.encode(), b"<sheetData >", b"</sheetData >", b"<x:sheetData>",
    b'<a xmlns="urn:z"><sheetData><row r="1"><c r="A1"><v>9</v></c></row></sheetData></a>',
)  # fmt: skip


def sheet(parts: Parts) -> SheetCells:
    return xlsx.read(archive(parts)).sheets[0]


def outcome(parts: Mapping[str, str | bytes]) -> WorkbookCells | tuple[object, ...]:
    try:
        return xlsx.read(archive(parts))
    except Refused as refused:
        return type(refused), refused.code, refused.found, refused.sheet


def damaged(part: bytes, chance: random.Random) -> bytes:
    """Insert something, or leave out or repeat what stands between two tags, one to three times."""
    for _time in range(chance.randint(1, 3)):
        tags = [found.start() for found in re.finditer(b"<", part)]
        first, last = sorted(chance.sample(tags, 2))
        last = min(last, first + 2_000)
        middle = chance.choice((chance.choice(_INSERTED), b"", part[first:last] * 2))
        part = part[:first] + middle + part[first if middle in _INSERTED else last :]
    return part


@pytest.mark.parametrize("seed", range(4))
def test_what_is_read_in_pieces_is_what_is_read_whole(
    seed: int, huantai: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a good return and of damaged ones: the same cells, or the same refusal in the same words."""
    chance = random.Random(seed)
    parts, tried = members(good(huantai)), list[dict[str, bytes]]()
    for _time in range(_DAMAGES):
        name = chance.choice((SHEET, SHEET, FIRST, STRINGS))
        tried.append({**parts, name: damaged(parts[name], chance)})
    in_pieces = [outcome(one) for one in (parts, *tried)]
    monkeypatch.setattr("greenxl.workbooks.formats.xml_part._MOST_TAKEN_APART", 0)
    assert in_pieces == [outcome(one) for one in (parts, *tried)]
    kinds = {isinstance(one, WorkbookCells) for one in in_pieces}
    assert kinds == {True, False}


def test_a_row_of_two_workbooks_is_one() -> None:
    """Whatever else their sheets hold, and though Excel numbers each sheet."""
    row, uid = cell("<v>4.5</v>"), "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
    one = sheet(xlsx_parts(row, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'))
    other = {
        **xlsx_parts(row + cell("<v>1</v>", address="E10")),
        FIRST: worksheet(row).replace(">", f' xmlns:xr="{uid}" xr:uid="{{1}}">', 1),
    }
    again = {**other, FIRST: str(other[FIRST]).replace("{1}", "{2}")}
    assert one.rows[8] == {4: 4.5}
    assert sheet(xlsx_parts(row)).rows[8] is one.rows[8]
    assert sheet(again).rows[8] is sheet(other).rows[8]


def test_a_workbook_of_very_many_conditions_is_read_whole() -> None:
    """For all their numbers would be kept with each of its sheets."""
    conditions = "<dxf><font><strike/></font></dxf>" * 1_001
    parts = xlsx_parts(cell("<v>1</v>"), styles=f'<dxfs count="1001">{conditions}</dxfs>')
    assert sheet(parts).rows[8] == {4: 1.0}
    assert sheet(parts).rows[8] is not sheet(parts).rows[8]


STYLED = cell("<v>0.8</v>", 's="1"')


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (xlsx_parts(STYLED, formats=["0%"]), xlsx_parts(STYLED, formats=["0.0"])),
        (
            xlsx_parts(cell("<v>0</v>", 't="s"'), strings=["<t>优</t>"]),
            xlsx_parts(cell("<v>0</v>", 't="s"'), strings=["<t>良</t>"]),
        ),
        (
            xlsx_parts(cell("<v>0</v>", 't="s"'), strings=["<t>优</t>"]),
            xlsx_parts(
                cell("<v>0</v>", 't="s"'), strings=["<r><rPr><strike/></rPr><t>优</t></r><r><t>良</t></r>"]
            ),
        ),
        (
            xlsx_parts(cell("<v>1</v>", 's="1"'), formats=["yyyy-mm-dd"]),
            {
                **xlsx_parts(cell("<v>1</v>", 's="1"'), formats=["yyyy-mm-dd"]),
                "xl/workbook.xml": str(xlsx_parts("")["xl/workbook.xml"]).replace(
                    "<sheets>", '<workbookPr date1904="1"/><sheets>'
                ),
            },
        ),
        (
            xlsx_parts(cell("<v>1</v>")),
            xlsx_parts(cell("<v>1</v>"), before='<sheetFormatPr defaultRowHeight="1"/>'),
        ),
    ],
    ids=["style", "text", "struck text", "dates from 1904", "low rows"],
)
def test_a_row_means_what_its_own_workbook_says(first: Parts, second: Parts) -> None:
    """The same row is read anew where what it draws on differs, in either order."""
    cells = [sheet(parts).cell(8, 4) for parts in (first, second, first)]
    assert cells[0] == cells[2] != cells[1]
    by_style = [sheet(xlsx_parts(STYLED, formats=[code])).cell(8, 4).format for code in ("0%", "0.00")]
    assert by_style == [Format.PERCENT, Format.PLAIN]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (['<row r="2"/>', '<row r="3"><c r="A3"><v>1</v></c></row>'], {2: {0: 1.0}}),
        (['<row r="3"><c r="A3"><v>1</v></c></row>', '<row r="4"/><row r="5"/>'], {2: {0: 1.0}}),
        (["<row><c><v>1</v></c></row>", "<row><c><v>2</v></c></row>"], {0: {0: 1.0}, 1: {0: 2.0}}),
        ([' <row r="1"><c r="A1"><v>1</v></c></row>\n', " "], {0: {0: 1.0}}),
    ],
    ids=["empty before", "empty at the end", "without numbers", "space between"],
)
def test_rows_of_every_way_of_writing_are_read(rows: Sequence[str], found: object) -> None:
    """Empty ones, those that take their place from the last, those apart."""
    assert sheet(xlsx_parts("".join(rows))).rows == found


@pytest.mark.parametrize(
    "rows",
    [cell("<v>1</v>") * 2, cell("<v>1</v>") + cell("<v>1</v>", address="E8")],
    ids=["twice", "upwards"],
)
def test_rows_that_do_not_go_down_are_refused(rows: str) -> None:
    """Though each was read before by itself."""
    assert sheet(xlsx_parts(cell("<v>1</v>"))).rows[8] == {4: 1.0}
    with pytest.raises(Refused, match="file-ambiguous"):
        xlsx.read(archive(xlsx_parts(rows)))


OTHER = f'<extLst><ext><a xmlns="urn:z"><sheetData>{cell("<v>9</v>")}</sheetData></a></ext></extLst>'


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<sheetData >", "</sheetData >"),
        (f'<x:sheetData xmlns:x="{MAIN}">', "</x:sheetData>"),
        ('<sheetData a="1">', "</sheetData>"),
    ],
    ids=["space", "prefix", "attribute"],
)
def test_a_list_of_another_program_is_not_taken_for_the_rows(opening: str, closing: str) -> None:
    """However the tags of the right one are written."""
    part = worksheet(cell("<v>1</v>"), after=OTHER)
    part = part.replace("<sheetData>", opening, 1).replace("</sheetData>", closing, 1)
    assert sheet({**xlsx_parts(""), FIRST: part}).rows == {8: {4: 1.0}}


def test_links_of_another_list_are_not_taken_out() -> None:
    """What seems to be a list of links may be something else that counts."""
    rule = '<x showValue="0"/>'
    links = f'<conditionalFormatting sqref="E9"><hyperlinks>{rule}</hyperlinks></conditionalFormatting>'
    assert sheet(xlsx_parts(cell("<v>1</v>"), after=links)).cell(8, 4).format is Format.OTHER


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "GBK"])
def test_letters_are_those_of_the_encoding_that_a_part_states(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row in pieces says what it says as a whole, whatever its bytes would say in UTF-8."""
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>优</t></is></c></row>'
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{worksheet(row)}'.encode()
    parts = {**xlsx_parts(""), FIRST: declared}
    in_pieces = outcome(parts)
    monkeypatch.setattr("greenxl.workbooks.formats.xml_part._MOST_TAKEN_APART", 0)
    assert in_pieces == outcome(parts)


def test_rows_between_comments_belong_to_no_list() -> None:
    """Even where the tags of a list seem to stand around them."""
    stray = f"<!-- <sheetData> -->{cell('<v>9</v>')}<!-- </sheetData> --><sheetData/>"
    parts = {**xlsx_parts(""), FIRST: worksheet("").replace("<sheetData></sheetData>", stray)}
    with pytest.raises(Refused, match="file-ambiguous"):
        xlsx.read(archive(parts))


STRAY = '<sheetData><row r="3"><c r="A3"><v>3</v></c></row></sheetData>'
IN_SHEET = worksheet(cell("<v>9</v>"))
APART = IN_SHEET.replace("sheetData>", "sheetData >")
TEXT = xlsx_parts(cell("<v>0</v>", 't="s"'), strings=["<t>é</t>"])
NOT_UTF_8 = [
    {**TEXT, TEXTS: f'<?xml version="1.0" encoding="{name}"?>' + str(TEXT[TEXTS]).rpartition("?>")[2]}
    for name in ("iso-8859-1", "koi8-r", "us-ascii")
]


@pytest.mark.parametrize(
    "parts",
    [
        {FIRST: APART.replace("<sheetData >", f"<cols>{STRAY}</cols><sheetData >")},
        {
            FIRST: IN_SHEET.replace("<sheetData>", '<x xmlns="urn:x"><sheetData>').replace(
                "</sheetData>", f'</sheetData></x><m:sheetData xmlns:m="{MAIN}"/>'
            )
        },
        {
            FIRST: worksheet("", after=f'<x xmlns:m="{MAIN}"><hyperlinks><m:row/></hyperlinks></x>').replace(
                "<worksheet ", '<worksheet xmlns:m="urn:x" '
            )
        },
        *NOT_UTF_8,
    ],
    ids=[
        "in another element",
        "list with a prefix",
        "links with another prefix",
        "Latin 1",
        "KOI8-R",
        "ASCII",
    ],
)
def test_what_only_seems_to_be_a_list_is_none(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cells are those of the part as a whole, or it is refused in the same words."""
    whole_parts = {**xlsx_parts(cell("<v>9</v>")), **parts}
    in_pieces = outcome(whole_parts)
    monkeypatch.setattr("greenxl.workbooks.formats.xml_part._MOST_TAKEN_APART", 0)
    assert in_pieces == outcome(whole_parts)


@pytest.mark.parametrize("name", [FIRST, TEXTS], ids=["rows", "texts"])
def test_what_is_no_white_space_of_xml_is_refused_after_a_list(name: str) -> None:
    """Python takes more characters for white space."""
    parts = xlsx_parts(cell("<v>0</v>", 't="s"'), strings=["<t>优</t>"])
    ending = "</sheetData>" if name == FIRST else "</sst>"
    with pytest.raises(Refused, match="file-ambiguous"):
        xlsx.read(archive({**parts, name: str(parts[name]).replace(ending, f"\f{ending}")}))


def test_what_is_kept_of_a_row_does_not_grow_with_its_workbook() -> None:
    """It is kept with the styles that it draws on, not with all; with a long text or many cells not at all."""

    def is_kept(row: str, *strings: str) -> bool:
        one, other = (
            sheet(xlsx_parts(row, formats=formats, strings=[f"<t>{text}</t>" for text in strings]))
            for formats in (["0%"], ["0%", "0.00"])
        )
        assert one.rows == other.rows
        return one.rows[8] is other.rows[8]

    shared = cell("<v>0</v>", 't="s" s="1"')
    many = "".join(f'<c r="{chr(65 + n)}9"><f>1</f><v>1</v></c>' for n in range(26))
    assert is_kept(shared, "优")
    assert not is_kept(shared, "优" * 10_000)
    assert not is_kept(shared, "优" + "</t><r><rPr/></r><t>" * 1_000)
    assert is_kept(f'<row r="9">{many}</row>')
    assert not is_kept(f'<row r="9">{many}{"<c/>" * 400}</row>')
