"""What calamine does not tell about score cells: broken or blank, hidden, covered by another cell."""

from pathlib import Path

import openpyxl
import pytest

from greenxl.campaign.model import Campaign
from greenxl.returns.cell_states import covered, place
from greenxl.returns.model import Broken, Merged
from greenxl.returns.reader import Reading, read_bytes
from greenxl.scoring.checking import check
from tests.tools.office import Office
from tests.tools.spoil import SHEET, cell, good, replaced


def scores(reading: Reading) -> dict[str, object]:
    (sheet,) = reading.sheets
    return {line.score.address: line.score.value for line in sheet.lines}


@pytest.mark.parametrize(
    ("attributes", "content", "expected"),
    [
        ('t="e"', "<v>#REF!</v>", Broken("#REF!")),
        ('t="e"', "<f>1/0</f><v>#DIV/0!</v>", Broken("#DIV/0!")),
        ("", "<f>SUM(A1:A2)</f>", Broken("=SUM(A1:A2)")),
        ("", "<f>A1&amp;&quot;x&quot;</f><v></v>", Broken('=A1&"x"')),
        ("", '<f t="shared" si="0"/>', Broken("=…")),
        ('t="str"', '<f>IF(A1=0,"","")</f><v></v>', None),
        ("", "", None),
        ("", "<f>2+2</f><v>4</v>", 4.0),
        ("", "<v>0</v>", 0.0),
    ],
    ids=[
        "error", "failed formula", "uncalculated", "uncalculated, escaped", "shared formula",
        "formula that gives an empty text", "blank", "calculated", "zero",
    ],
)  # fmt: skip
def test_a_broken_cell_is_told_from_a_blank(
    attributes: str, content: str, expected: object, huantai: Campaign
) -> None:
    """An error and a formula without a value are quoted; a true blank stays one, and 0 is a score."""
    reading = read_bytes("a.xlsx", cell("E7", attributes, content)(good(huantai)), huantai)
    found = scores(reading)
    assert found.pop("E7") == expected
    assert set(found.values()) == {4.5}


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_every_format_tells_broken_from_blank_and_hidden_from_seen(
    suffix: str, huantai: Campaign, office: Office, tmp_path: Path
) -> None:
    """LibreOffice's own xlsx, xls and ods, in which calamine sees nothing or 0 where an error stands."""
    source, target = tmp_path / "a.xlsx", tmp_path / f"b{suffix}"
    source.write_bytes(good(huantai))
    book = openpyxl.load_workbook(source)
    page = book.worksheets[1]
    formulas = {"E5": "=1/0", "E6": "=#REF!+1", "E7": "=NOSUCH(1)", "E8": "=2+2", "E9": "=NA()", "E10": None}
    for address, formula in formulas.items():
        page[address] = formula
    page.row_dimensions[12].hidden = True
    book.save(source)
    office.recalculate(source, target)
    reading = read_bytes(target.name, target.read_bytes(), huantai)
    found = scores(reading)
    assert [found[address] for address in formulas] == [
        Broken("#DIV/0!"), Broken("#REF!"), Broken("#NAME?"), 4.0, Broken("#N/A"), None,
    ]  # fmt: skip
    assert [(f.code, f.cell, f.found) for f in reading.findings] == [("scores-hidden", "E12", "E12")]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_merged_scores_are_blank_but_for_the_first(
    suffix: str, huantai: Campaign, office: Office, tmp_path: Path
) -> None:
    """The value belongs to the first criterion; of the others the message says why they are blank."""
    source, target = tmp_path / "a.xlsx", tmp_path / f"b{suffix}"
    source.write_bytes(good(huantai))
    book = openpyxl.load_workbook(source)
    book.worksheets[1].merge_cells("E4:E6")
    book.save(source)
    office.convert(source, target)
    reading = read_bytes(target.name, target.read_bytes(), huantai)
    found = scores(reading)
    assert [found[address] for address in ("E4", "E5", "E6", "E7")] == [4.5, Merged("E4"), Merged("E4"), 4.5]
    told = [f for f in check(reading.sheets[0], huantai).findings if f.code == "score-merged"]
    assert [f.cell for f in told] == ["E5", "E6"]
    assert told[0].message("en") == (
        "The score of criterion 2 is blank: its cell is merged with E4, whose value counts for that cell’s "
        "criterion alone. Split the merged cells and type a number from 0 to 5."
    )


def test_a_value_under_merged_cells_does_not_count(huantai: Campaign) -> None:
    """A file may keep a value below the merged ones, which its sender never sees."""
    merged = replaced(SHEET, "</mergeCells>", '<mergeCell ref="D7:E7"/></mergeCells>')(good(huantai))
    assert scores(read_bytes("a.xlsx", merged, huantai))["E7"] == Merged("D7")


def test_cells_merged_with_what_is_no_score_keep_their_value(huantai: Campaign) -> None:
    """The first of merged cells is the one that has the value."""
    assert covered(["E4", "E5"], [((3, 4), (3, 6)), ((0, 0), (1, 9))]) == {}


@pytest.mark.parametrize(
    ("address", "expected"), [("A1", (0, 0)), ("E7", (6, 4)), ("XFD1048576", (1048575, 16383))]
)
def test_addresses_are_places(address: str, expected: tuple[int, int]) -> None:
    """Rows and columns are counted from 0."""
    assert place(address) == expected
