"""A workbook with a few cells changed keeps all the rest, or is not copied at all."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from greenxl.campaign.copying import Changes, NotCopiedError, changed, formula_cells
from greenxl.workbooks.opening import Workbook, open_workbook
from tests.tools.office import Office

Extra = Callable[[Any, Any], object]
CHANGES: Changes = {("设置", 0, 0): 2027, ("设置", 1, 0): 2027, ("设置", 2, 0): date(2027, 9, 30)}


def clerks_book(extra: Extra = lambda book, notes: None) -> bytes:
    """Return a workbook with a number, a text and a date, a comment, and a sheet of somebody's own."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet, notes = book.add_worksheet("设置"), book.add_worksheet("备忘")
    sheet.set_column(0, 0, 33)
    sheet.write_number(0, 0, 2026, book.add_format({"bg_color": "#FFFF00"}))
    sheet.write_string(1, 0, "2026")
    sheet.write_datetime(2, 0, datetime(2026, 9, 30), book.add_format({"num_format": 'yyyy"年"m"月"'}))
    sheet.write_comment(0, 0, "去年是2025年")
    sheet.data_validation(0, 0, 9, 0, {"validate": "list", "source": ["2026", "2027"]})
    sheet.conditional_format(0, 0, 9, 0, {"type": "no_blanks", "format": book.add_format({"bold": True})})
    notes.write_formula(0, 0, "=设置!A1+1", None, 2027)
    notes.merge_range(1, 0, 3, 0, "待办")
    notes.write_rich_string(5, 0, "红", book.add_format({"color": "red"}), "字")
    notes.write_url(6, 0, "internal:'设置'!A1", string="去")
    notes.set_row(7, None, None, {"hidden": True})
    extra(book, notes)
    book.close()
    return target.getvalue()


def chart(book: Any, notes: Any) -> None:
    made = book.add_chart({"type": "column"})
    made.add_series({"values": "=设置!$A$1:$A$1"})
    notes.insert_chart(0, 5, made)


LOST: dict[str, tuple[Extra, str]] = {
    "chart": (chart, "charts"),
    "text box": (lambda book, notes: notes.insert_textbox(0, 5, "注意"), "drawings"),
    "button": (lambda book, notes: notes.insert_button(0, 5, {"caption": "汇总"}), "buttons"),
    "sparkline": (
        lambda book, notes: notes.add_sparkline(0, 5, {"range": "设置!A1:A3"}),
        "newer conditional",
    ),
    "new data bars": (
        lambda book, notes: notes.conditional_format("A1:A9", {"type": "data_bar", "data_bar_2010": True}),
        "newer conditional",
    ),
    "dynamic array": (
        lambda book, notes: notes.write_dynamic_array_formula("H1:H3", "=SORT(A1:A3)"),
        r"xl/metadata\.xml",
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_what_would_be_lost_is_not_copied(name: str) -> None:
    """The message says what is in the way."""
    extra, words = LOST[name]
    with pytest.raises(NotCopiedError, match=words):
        changed("campaign.xlsx", clerks_book(extra), CHANGES)


def patched(data: bytes, old: bytes, new: bytes, part_name: str = "xl/worksheets/sheet2.xml") -> bytes:
    """Return a workbook with other markup in one place of a part."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == part_name:
                assert part.count(old) == 1
                part = part.replace(old, new)
            after.writestr(name, part)
    return target.getvalue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<mergeCell ref="A2:A4"/>', b'<mergeCell ref="A2:A4"/><mergeCell ref="C1:XFD1048576"/>'),
        (b'<hyperlink ref="A7"', b'<hyperlink ref="A7:A1048576"'),
    ],
    ids=["merged cells", "link"],
)
def test_what_would_take_minutes_is_not_copied(old: bytes, new: bytes) -> None:
    """openpyxl makes each cell of a box, of which a file of a few bytes may state billions."""
    with pytest.raises(NotCopiedError, match="> 100000"):
        changed("campaign.xlsx", patched(clerks_book(), old, new), CHANGES)


def test_a_part_that_declares_entities_is_not_copied() -> None:
    """Also one that the reading of tables never looks into."""
    declared = b'<!DOCTYPE comments [<!ENTITY a "aaaaaaaaaa">]><comments '
    data = patched(clerks_book(), b"<comments ", declared, "xl/comments1.xml")
    with pytest.raises(NotCopiedError, match=r"comments1\.xml"):
        changed("campaign.xlsx", data, CHANGES)


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_workbook_is_not_copied(junk: bytes) -> None:
    """The guarded reading comes first."""
    with pytest.raises(NotCopiedError):
        changed("campaign.xlsx", junk, CHANGES)


def expect_all_but_the_changes(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    sheet, notes = book["设置"], book["备忘"]
    assert [row[0].value for row in sheet["A1:A3"]] == [2027, "2027", datetime(2027, 9, 30)]
    assert sheet["A1"].fill.fgColor.rgb == "FFFFFF00"
    assert "年" in sheet["A3"].number_format
    assert sheet["A1"].comment is not None
    assert "去年是2025年" in sheet["A1"].comment.text
    assert round(sheet.column_dimensions["A"].width) in (33, 34)
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["A1:A10"]
    assert len(sheet.conditional_formatting) == 1
    assert str(notes["A1"].value).endswith("A1+1")
    assert [str(one) for one in notes.merged_cells.ranges] == ["A2:A4"]
    assert [str(part) for part in notes["A6"].value] == ["红", "字"]
    assert notes["A7"].hyperlink is not None
    assert notes.row_dimensions[8].hidden


def test_formats_notes_lists_formulas_and_sheets_stay() -> None:
    """Only the values of the changed cells are others, each of the kind it was."""
    expect_all_but_the_changes(changed("campaign.xlsx", clerks_book(), CHANGES))


def test_what_an_office_saved_is_copied_too(office: Office, tmp_path: Path) -> None:
    """And what is copied is opened by an office, which finds the formula's new value."""
    source, saved, new = (tmp_path / f"{name}.xlsx" for name in ("typed", "saved", "new"))
    source.write_bytes(clerks_book())
    office.convert(source, saved)
    new.write_bytes(changed("campaign.xlsx", saved.read_bytes(), CHANGES))
    expect_all_but_the_changes(new.read_bytes())
    office.recalculate(new, tmp_path / "recalculated.xlsx")
    assert office.formulas(tmp_path / "recalculated.xlsx")["备忘"]["A1"][2] == 2028


def test_a_value_that_openpyxl_would_drop_is_noticed() -> None:
    """One below merged cells: openpyxl empties it without a word."""
    data = patched(clerks_book(), b'<row r="6"', b'<row r="4"><c r="A4"><v>7</v></c></row><row r="6"')
    with pytest.raises(NotCopiedError, match="备忘!A4"):
        changed("campaign.xlsx", data, CHANGES)


def test_formulas_are_listed_by_sheet_and_cell() -> None:
    """Of the sheets that are asked for."""
    book = open_workbook("campaign.xlsx", clerks_book())
    assert isinstance(book, Workbook)
    assert formula_cells(book.cells, ["设置"]) == []
    assert formula_cells(book.cells, ["设置", "备忘"]) == ["备忘!A1"]
