"""A workbook in the making: formats made once, and saved whole or not at all."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from greenxl.xlsx import Book
from tests.tools import oracles


@pytest.fixture
def book() -> Book:
    return Book("宋体", date(2021, 9, 30), {"title": "标题"})


def test_the_same_format_is_one_object(book: Book) -> None:
    """So that a workbook of many cells has few formats."""
    assert book.format(bold=True, border=1) is book.format(border=1, bold=True)
    assert book.format(bold=True) is not book.format()


def large(rows: int = 40) -> Book:
    """Return a workbook of one long list."""
    book = Book("宋体", date(2021, 9, 30), {"title": "标题"})
    sheet, shown = book.sheet("表"), book.format(border=1)
    for row in range(rows):
        sheet.add_row(row, 20, [(0, shown, f"第{row}行", None), (1, shown, row, None)])
    return book


def test_a_large_workbook_is_put_together_on_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It holds the same, comes out with the same bytes each time, and leaves no temporary file."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    small = large().bytes()
    monkeypatch.setattr("greenxl.xlsx.sheet._IN_MEMORY", 200)
    first, second = large().bytes(), large().bytes()
    assert first == second
    assert list(tmp_path.iterdir()) == []
    rows = [
        [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data))["表"].iter_rows()]
        for data in (small, first)
    ]
    assert rows[0] == rows[1] == [[f"第{row}行", row] for row in range(40)]
    (tmp_path / "large.xlsx").write_bytes(first)
    assert oracles.repairs(tmp_path / "large.xlsx") == []


class Full(io.BytesIO):
    """A file on a disk that is full."""

    def write(self, _data: object) -> int:
        raise OSError(28, "No space left on device")


def test_a_file_that_cannot_be_written_is_an_error_of_the_system(
    book: Book, capfd: pytest.CaptureFixture[str]
) -> None:
    """As of any other file; nothing more is said of it when the workbook is forgotten."""
    book.sheet("表")
    with pytest.raises(OSError, match="No space left"):
        book.save(Full())
    del book
    assert capfd.readouterr().err == ""
