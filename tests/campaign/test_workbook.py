"""The campaign workbook: what a clerk finds in it, how it prints, and that it loads as its tables do."""

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.campaign.schemas import SCHEMAS
from greenxl.campaign.settings import SETTINGS
from greenxl.campaign.tables import CampaignTables, read_tables
from greenxl.campaign.workbook import campaign_workbook
from tests.tools.fitting import too_full
from tests.tools.office import Office

OTHER = Path(__file__).parent.parent / "campaigns" / "other"


@pytest.fixture(scope="module")
def tables() -> CampaignTables:
    return read_tables(shipped())


@pytest.fixture(scope="module")
def workbook(tables: CampaignTables) -> bytes:
    return campaign_workbook(tables)


def rows(workbook: bytes, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return list(book[sheet].iter_rows(min_row=2, values_only=True))


def test_every_setting_has_its_row(workbook: bytes) -> None:
    """Those that the campaign does not state stand there empty, to be filled in; none stands twice."""
    found = rows(workbook, "设置")
    assert [row[0] for row in found] == [setting.title for setting in SETTINGS]
    values = {name: value for name, value, *_rest in found}
    assert (values["年份"], values["发信服务器"], values["收信服务器"]) == (2021, None, None)


def test_the_first_sheet_explains_every_table_and_setting(workbook: bytes) -> None:
    """With a link to each table; what may stay empty and what must be filled in is said."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]
    links = [cell.hyperlink.location for [cell] in sheet.iter_rows(max_col=1) if cell.hyperlink]
    assert links == [f"'{schema.title}'!A1" for schema in SCHEMAS]
    explained = {(first, second): third for first, second, third in sheet.iter_rows(values_only=True)}
    assert explained[None, "试点"] == "试点社区填“是”，其余留空（可留空）"
    assert explained["满分", None] == "须等于各条标准分之和；留空即各条标准分之和"
    assert explained["达标分", None] == "合计分值达到此分即达标（必填）"
    assert explained["正文字体", "仿宋"] == "电脑中须已安装"


@pytest.mark.parametrize("name", ["shipped", "other"])
def test_the_workbook_loads_as_the_folder_does(tmp_path: Path, name: str) -> None:
    """The tables written as campaign.xlsx give the same campaign as the CSV files."""
    source = shipped() if name == "shipped" else OTHER
    book = tmp_path / "campaign.xlsx"
    book.write_bytes(campaign_workbook(read_tables(source)))
    assert load(book).contents() == load(source).contents()


def test_a_campaign_workbook_makes_the_same_one_again(tmp_path: Path, workbook: bytes) -> None:
    """Settings are known by their titles too, and blank ones are not doubled (``init --from``)."""
    (tmp_path / "campaign.xlsx").write_bytes(workbook)
    assert campaign_workbook(read_tables(tmp_path / "campaign.xlsx")) == workbook


def test_numbers_and_dates_are_no_texts(tmp_path: Path) -> None:
    """So that they can be sorted and summed; a code or a telephone number stays as it was typed."""
    tables = read_tables(OTHER)
    book = campaign_workbook(tables)
    values = {row[0]: row[1] for row in rows(book, "设置")}
    assert values["报送截止日期"] == datetime(2023, 11, 5)
    assert (values["年份"], values["达标分"], values["方案代号"]) == (2023, 70, "qingyuan")
    assert [row[1:4] for row in rows(book, "创建标准")][1] == (
        2,
        "第2项工作：组织保障的第2条要求全部落实",
        7.5,
    )
    typed = [type(value) for value in rows(book, "街道（镇）")[0]]
    assert typed == [int, str, str, int, str, str, type(None)]


def test_an_empty_deadline_is_typed_as_a_date(workbook: bytes) -> None:
    """And what is typed below a table's rows has its column's format: text stays text."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    [deadline] = [row[1] for row in book["设置"].iter_rows() if row[0].value == "报送截止日期"]
    assert deadline.number_format == "yyyy-mm-dd"
    columns = book["街道（镇）"].column_dimensions
    titles = [cell.value for cell in book["街道（镇）"][1]]
    formats = {title: columns[letter].number_format for title, letter in zip(titles, "ABCDEFG", strict=True)}
    assert formats == {
        "顺序": "General",
        "街道（镇）": "@",
        "别名": "@",
        "城市社区总数": "General",
        "联系人": "@",
        "邮箱": "@",
        "县（市、区）": "@",
    }


def test_fixed_values_are_chosen_from_lists(workbook: bytes) -> None:
    """Pilots, roles, and the towns of the towns' own table by a name, as Excel keeps it on saving."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    lists = {
        sheet.title: [
            (str(one.sqref), one.formula1, one.errorStyle) for one in sheet.data_validations.dataValidation
        ]
        for sheet in book
        if sheet.data_validations.dataValidation
    }
    assert lists == {
        "创建标准": [("H2:H501", '"加分,扣分,条件"', None), ("K2:K501", '"是,否"', None)],
        "创建名单": [("B2:B501", "可选街道镇", "warning"), ("D2:D501", '"是,否"', None)],
        "收件人": [("C2:C501", '"领导,主管部门"', None)],
    }
    assert book.defined_names["可选街道镇"].attr_text == "'街道（镇）'!$B$2:$B$501"


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".xls"])
@pytest.mark.parametrize("name", ["shipped", "other"])
def test_an_office_that_saves_it_changes_nothing(
    office: Office, tmp_path: Path, name: str, suffix: str
) -> None:
    """Numbers, dates and lists included."""
    source = shipped() if name == "shipped" else OTHER
    book, saved = tmp_path / "written.xlsx", tmp_path / f"campaign{suffix}"
    book.write_bytes(campaign_workbook(read_tables(source)))
    office.convert(book, saved)
    assert load(saved).contents() == load(source).contents()


def test_english_roles_become_the_clerk_s(tables: CampaignTables) -> None:
    """A script's CSV may say leadership and authority."""
    people = tables["recipients"]
    roles = ("leadership", "authority")
    english = tuple(
        replace(row, cells={**row.cells, "role": role}) for row, role in zip(people.rows, roles, strict=True)
    )
    made = campaign_workbook({**tables, "recipients": replace(people, rows=english)})
    assert [row[-1] for row in rows(made, "收件人")] == ["领导", "主管部门"]


def test_nothing_is_cut_in_print(workbook: bytes) -> None:
    """Rows are as high as their wrapped texts."""
    assert too_full(workbook) == []
