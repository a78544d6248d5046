"""The campaign.xlsx of a new round: the clerk's own workbook with another year."""

import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from greenxl.campaign import example, shipped
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.campaign.new_round import NewCampaign, campaign_data, with_year
from greenxl.campaign.tables import read_tables
from greenxl.errors import CampaignError
from tests.tools.campaigns import state, type_another_county, typed
from tests.tools.office import Office

OTHER = Path(__file__).parent.parent / "campaigns" / "other"


def settings(new: NewCampaign) -> dict[object, object]:
    book = openpyxl.load_workbook(io.BytesIO(new.data))
    return {row[0].value: row[1].value for row in book["设置"].iter_rows()}


def told(new: NewCampaign) -> list[str]:
    return [one.line() for one in new.warnings]


def loaded(tmp_path: Path, new: NewCampaign) -> Campaign:
    (tmp_path / "new.xlsx").write_bytes(new.data)
    return load(tmp_path / "new.xlsx")


def keep_notes(book: Workbook) -> None:
    """Do what clerks do: a colour, a comment, a wider column, a sheet of one's own with a formula."""
    type_another_county(book)
    state(book, 报送截止日期=datetime(2026, 10, 15), 报送方式="2026年请发到 QQ 邮箱")
    sheet = book["创建名单"]
    sheet["C2"].comment = Comment("主任换人了", "小王")
    sheet.column_dimensions["C"].width = 41
    book.create_sheet("备忘")["A1"] = "=设置!B6+1"


def test_next_year_s_campaign_is_the_clerk_s_own_workbook(tmp_path: Path) -> None:
    """Year and deadline are others; comment, width and own sheets stay; the old year in words is told."""
    source = typed(tmp_path / "campaign.xlsx", keep_notes)
    new = campaign_data(source, 2027)
    assert (settings(new)["年份"], settings(new)["报送截止日期"]) == (2027, datetime(2027, 10, 15))
    book = openpyxl.load_workbook(io.BytesIO(new.data))
    comment = book["创建名单"]["C2"].comment
    assert comment is not None
    assert comment.text == "主任换人了"
    assert book["创建名单"].column_dimensions["C"].width == 41
    assert book["备忘"]["A1"].value == "=设置!B6+1"
    assert told(new) == [
        "设置: the deadline is now 2027-10-15. Correct it there if another day is meant.",
        "the year 2026 is also written in: 设置!B11. Correct it there if it is this round’s.",
    ]
    assert loaded(tmp_path, new).contents() == new.campaign.contents()
    assert (new.campaign.year, new.campaign.deadline) == (2027, date(2027, 10, 15))


def test_a_round_s_folder_means_its_workbook(tmp_path: Path) -> None:
    """``--from .``; a folder of CSV files stays a campaign of its own."""
    typed(tmp_path / "campaign.xlsx", type_another_county)
    assert campaign_data(tmp_path, 2027).campaign.county == "高青县"
    assert campaign_data(OTHER, 2024).campaign.county == "清城区"


@pytest.mark.parametrize("year", [None, 2026], ids=["no year", "the same year"])
def test_without_another_year_every_byte_is_the_same(tmp_path: Path, year: int | None) -> None:
    """Charts and pictures included."""
    source = typed(tmp_path / "campaign.xlsx", with_a_chart)
    new = campaign_data(source, year)
    assert new.data == source.read_bytes()
    assert new.warnings == ()


def with_a_chart(book: Workbook) -> None:
    type_another_county(book)
    chart = BarChart()
    chart.add_data(Reference(book["创建标准"], min_col=4, min_row=2, max_row=17))
    book.create_sheet("图").add_chart(chart)


def test_what_cannot_be_copied_whole_is_written_anew_and_told(tmp_path: Path) -> None:
    """The campaign itself is the same; the old workbook stays as it is."""
    source = typed(tmp_path / "campaign.xlsx", with_a_chart)
    new = campaign_data(source, 2027)
    assert told(new) == [
        f"{source}: what was found there (charts) cannot be carried over, so the new workbook was written "
        "anew: formats, notes and sheets of your own are only in the old one. "
        "Copy from it what you want to keep."
    ]
    assert loaded(tmp_path, new).contents() == new.campaign.contents()


def test_formulas_in_the_tables_are_told(tmp_path: Path, office: Office) -> None:
    """openpyxl keeps them without their values, which the next saving in an office brings back."""

    def change(book: Workbook) -> None:
        type_another_county(book)
        state(book, 标题='=B4&"绿色社区创建标准"')

    source, saved = typed(tmp_path / "typed.xlsx", change), tmp_path / "campaign.xlsx"
    office.recalculate(source, saved)
    new = campaign_data(saved, 2027)
    assert told(new) == [
        "the cells 设置!B3、创建标准!D18 hold formulas, whose values are not carried over. "
        "Open the new workbook in Excel or WPS and save it once."
    ]
    (tmp_path / "new.xlsx").write_bytes(new.data)
    with pytest.raises(CampaignError):
        load(tmp_path / "new.xlsx")
    office.recalculate(tmp_path / "new.xlsx", tmp_path / "again.xlsx")
    assert load(tmp_path / "again.xlsx").contents() == new.campaign.contents()


def test_a_deadline_that_is_a_formula_stays_one(tmp_path: Path, office: Office) -> None:
    """It follows the year by itself; the year is written over whatever it was."""

    def change(book: Workbook) -> None:
        type_another_county(book)
        state(book, 年份="=2025+1", 报送截止日期="=DATE(B6,10,15)")

    source, saved = typed(tmp_path / "typed.xlsx", change), tmp_path / "campaign.xlsx"
    office.recalculate(source, saved)
    new = campaign_data(saved, 2027)
    assert (settings(new)["年份"], str(settings(new)["报送截止日期"])) == (2027, "=DATE(B6,10,15)")
    (tmp_path / "new.xlsx").write_bytes(new.data)
    office.recalculate(tmp_path / "new.xlsx", tmp_path / "again.xlsx")
    assert load(tmp_path / "again.xlsx").deadline == date(2027, 10, 15)


@pytest.mark.parametrize("suffix", [".ods", ".xls"])
def test_another_format_becomes_a_fresh_workbook(tmp_path: Path, office: Office, suffix: str) -> None:
    """Which says that formats and notes are only in the old one."""
    source = tmp_path / f"campaign{suffix}"
    office.convert(typed(tmp_path / "typed.xlsx", type_another_county), source)
    new = campaign_data(source, 2027)
    assert [one.code for one in new.warnings] == ["copy-written-anew"]
    assert loaded(tmp_path, new).contents() == new.campaign.contents()


@pytest.mark.parametrize("source", [shipped(), OTHER], ids=["shipped", "other"])
def test_csv_files_become_a_fresh_workbook(tmp_path: Path, source: Path) -> None:
    """A deadline moves with the year."""
    new = campaign_data(source, 2029)
    assert loaded(tmp_path, new).contents() == new.campaign.contents()
    assert new.campaign.year == new.campaign.deadline.year == 2029


def test_a_wrong_campaign_is_not_begun_with(tmp_path: Path) -> None:
    """Nothing is made of it."""
    with pytest.raises(CampaignError):
        campaign_data(typed(tmp_path / "campaign.xlsx", lambda book: state(book, 达标分="八十")), 2027)


def test_an_empty_campaign_loads_with_two_examples_in_each_table(tmp_path: Path) -> None:
    """So that ``template`` shows at once what is made of them."""
    new = campaign_data(example(), 2027)
    campaign = loaded(tmp_path, new)
    assert [len(table) for table in (campaign.criteria, campaign.towns, campaign.communities)] == [2, 2, 2]
    assert campaign.year == 2027
    assert new.warnings == ()


def test_another_year_moves_year_and_deadline() -> None:
    """with_year changes the year and a stated deadline, and nothing else."""
    before, after = read_tables(OTHER), with_year(read_tables(OTHER), 2024)
    values = [
        {row.cells["setting"]: row.cells["value"] for row in t["settings"].rows} for t in (before, after)
    ]
    changed = {name: values[1][name] for name in values[0] if values[0][name] != values[1][name]}
    assert changed == {"年份": "2024", "报送截止日期": "2024年11月5日"}
    assert {**after, "settings": None} == {**before, "settings": None}


@pytest.mark.parametrize(
    ("deadline", "moved"),
    [
        ("2023年11月5日", "2024年11月5日"),
        ("2024-01-15", "2025-01-15"),
        ("2024/2/29", "2025-02-28"),
        ("", ""),
        ("年底", "年底"),
    ],
    ids=["same year", "January after", "leap day", "none", "no date"],
)
def test_a_deadline_moves_by_as_many_years_as_the_round(deadline: str, moved: str) -> None:
    """One in the January after the round stays in the January after it."""
    tables = read_tables(OTHER)
    settings = tables["settings"]
    rows = [
        replace(row, cells={**row.cells, "value": deadline})
        if row.cells["setting"] == "报送截止日期"
        else row
        for row in settings.rows
    ]
    later = with_year({**tables, "settings": replace(settings, rows=tuple(rows))}, 2024)
    values = {row.cells["setting"]: row.cells["value"] for row in later["settings"].rows}
    assert values["报送截止日期"] == moved


@pytest.mark.parametrize("written", ["2023", "2023年", "２０２３"])
def test_a_year_may_be_typed_with_its_unit(written: str) -> None:
    """The deadline moves with it all the same; the same year changes nothing."""
    tables = read_tables(OTHER)
    settings = tables["settings"]
    rows = tuple(
        replace(row, cells={**row.cells, "value": written}) if row.cells["setting"] == "年份" else row
        for row in settings.rows
    )
    tables = {**tables, "settings": replace(settings, rows=rows)}
    values = {row.cells["setting"]: row.cells["value"] for row in with_year(tables, 2024)["settings"].rows}
    assert (values["年份"], values["报送截止日期"]) == ("2024", "2024年11月5日")
    assert with_year(tables, 2023) == tables


def test_tables_without_settings_have_no_year() -> None:
    """The checks will say that the table is missing."""
    tables = read_tables(shipped())
    del tables["settings"]
    assert with_year(tables, 2024) == tables
