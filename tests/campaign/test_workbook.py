"""The campaign workbook: what a clerk finds in it, how it prints, and that it loads as its tables do."""

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.checks import load
from greenxl.campaign.schemas import SCHEMAS
from greenxl.campaign.settings import SETTINGS
from greenxl.campaign.tables import CampaignTables, read_tables, shipped
from greenxl.campaign.workbook import campaign_workbook
from tests.tools.fitting import too_full


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
    assert (values["年份"], values["发信服务器"], values["收信服务器"]) == ("2021", None, None)


def test_the_first_sheet_explains_every_table_and_setting(workbook: bytes) -> None:
    """With a link to each table; what may stay empty and what must be filled in is said."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]
    links = [cell.hyperlink.location for [cell] in sheet.iter_rows(max_col=1) if cell.hyperlink]
    assert links == [f"'{schema.title}'!A1" for schema in SCHEMAS]
    explained = {(first, second): third for first, second, third in sheet.iter_rows(values_only=True)}
    assert explained[None, "试点"] == "试点社区填“是”，其余留空（可留空）"
    assert explained["满分", None] == "须等于各条标准分之和（必填）"
    assert explained["正文字体", "仿宋"] == "电脑中须已安装"


@pytest.mark.parametrize("name", ["shipped", "other"])
def test_the_workbook_loads_as_the_folder_does(tmp_path: Path, name: str) -> None:
    """The tables written as campaign.xlsx give the same campaign as the CSV files."""
    source = shipped() if name == "shipped" else Path(__file__).parent.parent / "campaigns" / "other"
    book = tmp_path / "campaign.xlsx"
    book.write_bytes(campaign_workbook(read_tables(source)))
    assert load(book) == load(source)


def test_a_campaign_workbook_makes_the_same_one_again(tmp_path: Path, workbook: bytes) -> None:
    """Settings are known by their titles too, and blank ones are not doubled (``init --from``)."""
    (tmp_path / "campaign.xlsx").write_bytes(workbook)
    assert campaign_workbook(read_tables(tmp_path / "campaign.xlsx")) == workbook


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
