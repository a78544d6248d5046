"""Tables are read from folders and workbooks alike; what holds none is refused in one sentence."""

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign import shipped
from greenxl.campaign.tables import Row, read_tables
from greenxl.campaign.workbook import campaign_workbook
from greenxl.errors import CampaignError
from tests.conftest import SAMPLES

SHIPPED = Path(str(shipped()))
OTHER = Path(__file__).parent.parent / "campaigns" / "other"


def cells(path: Path) -> dict[str, list[dict[str, str]]]:
    """Return what the tables at a path hold, without where they come from."""
    return {name: [row.cells for row in table.rows] for name, table in read_tables(path).items()}


@pytest.mark.parametrize("source", [SHIPPED, OTHER], ids=["English", "Chinese"])
def test_headings_and_file_names_are_english_or_chinese(source: Path) -> None:
    """Either way a table and a column have their English names afterwards."""
    tables = read_tables(source)
    assert list(tables) == [
        *("settings", "standard", "roster", "towns", "targets", "departments", "recipients")
    ]
    assert tables["roster"].headings == ("number", "town", "community", "pilot", "aliases")


def test_a_folder_that_holds_a_campaign_workbook_is_that_campaign(tmp_path: Path) -> None:
    """Who names the folder of a round means the campaign.xlsx in it."""
    (tmp_path / "campaign.xlsx").write_bytes(campaign_workbook(read_tables(SHIPPED)))
    assert cells(tmp_path) == cells(tmp_path / "campaign.xlsx")
    assert read_tables(tmp_path)["roster"].place == "创建名单"


def test_a_csv_saved_by_excel_on_chinese_windows_is_read(tmp_path: Path) -> None:
    """GB18030 and a byte order mark are understood."""
    folder = tmp_path / "campaign"
    shutil.copytree(SHIPPED, folder)
    for name, encoding in (("roster.csv", "gb18030"), ("standard.csv", "utf-8-sig")):
        (folder / name).write_text((SHIPPED / name).read_text("utf-8"), encoding, newline="")
    assert cells(folder) == cells(SHIPPED)


def test_a_csv_in_no_known_encoding_is_refused(tmp_path: Path) -> None:
    """It names the file and how to save it."""
    (tmp_path / "roster.csv").write_bytes(b"\xff\xff\xff")
    with pytest.raises(CampaignError, match=r"roster\.csv: the text is neither UTF-8 nor GB18030"):
        read_tables(tmp_path)


def test_cells_of_a_workbook_become_the_texts_of_a_csv(tmp_path: Path) -> None:
    """A number without its .0, a date as ISO, a logical value in Chinese; empty rows are left out."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("创建 名单")
    for row in (
        ["序号", "街道（镇）", "社区", "试点", "备注"],
        [1, "索镇 ", "永安", True, date(2021, 9, 3)],
        [],
    ):
        sheet.append(row)
    sheet.append([2.5, None, "永和"])
    book.save(tmp_path / "campaign.xlsx")
    table = read_tables(tmp_path / "campaign.xlsx")["roster"]
    assert table.headings == ("number", "town", "community", "pilot", "备注")
    assert table.rows == (
        Row(2, {"number": "1", "town": "索镇", "community": "永安", "pilot": "是", "备注": "2021-09-03"}),
        Row(4, {"number": "2.5", "town": "", "community": "永和", "pilot": "", "备注": ""}),
    )


def test_a_workbook_of_other_sheets_is_no_campaign(tmp_path: Path) -> None:
    """One sentence instead of a fault for each missing table; it names the sheets."""
    openpyxl.Workbook().save(tmp_path / "score.xlsx")
    with pytest.raises(CampaignError, match=r"none of its sheets is one of a campaign’s tables .*: Sheet\)"):
        read_tables(tmp_path / "score.xlsx")


def test_a_folder_without_tables_is_no_campaign(tmp_path: Path) -> None:
    """Whatever else it holds."""
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CampaignError, match="there is no campaign here"):
        read_tables(tmp_path)


def test_a_row_of_formulas_without_values_is_not_lost(tmp_path: Path) -> None:
    """As other programs write them; the checks then say so."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "目标"
    for row in (["年份", "目标百分比"], ["=2020+1", "=15*2"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "campaign.xlsx")
    assert [row.cells for row in read_tables(tmp_path / "campaign.xlsx")["targets"].rows] == [
        {"year": "=2020+1", "percent": "=15*2"}
    ]


def test_only_cells_that_are_merged_downwards_repeat(tmp_path: Path) -> None:
    """The town of a roster; an empty cell there is none."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "创建名单"
    for row in (["街道（镇）", "社区", "别名"], ["甲镇", "一", "子"], [None, "二"], [None, "三"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "campaign.xlsx")
    rows = read_tables(tmp_path / "campaign.xlsx")["roster"].rows
    assert [(row.cells["town"], row.cells["aliases"]) for row in rows] == [
        ("甲镇", "子"),
        ("甲镇", ""),
        ("", ""),
    ]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nowhere", None, "there is no campaign here"),
        ("campaign.txt", b"x", "this is not a campaign workbook"),
        ("campaign.xlsx", b"PK\x03\x04junk", "the workbook cannot be read"),
    ],
    ids=["missing", "suffix", "junk"],
)
def test_what_is_no_campaign_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    """A wrong path names itself and says what to do."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CampaignError, match=words):
        read_tables(tmp_path / name)


def test_a_cut_off_workbook_is_one_sentence(tmp_path: Path) -> None:
    """Its reader panics over such a beginning, which is no Exception."""
    [whole] = (SAMPLES / "returned").glob("*.xls")
    (tmp_path / "c.xls").write_bytes(whole.read_bytes()[:519])
    with pytest.raises(CampaignError, match=r"c\.xls: the workbook cannot be read"):
        read_tables(tmp_path / "c.xls")
