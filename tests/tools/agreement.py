"""What other programs see in the cells of a return whose scores count, to be held against what was read.

openpyxl and calamine read in a worker of a pool, for a strange file may end their process; formulon has a
sandbox of its own, and LibreOffice a session of its own (see :mod:`tests.tools.office`).
"""

import io
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from greenxl.campaign.model import Campaign
from greenxl.names import key
from greenxl.returns.model import ScoreSheet
from greenxl.returns.reader import Reading
from greenxl.scoring.checking import check
from greenxl.scoring.score import Mark

MOST_NOISE = 1e-9


class Counted(NamedTuple):
    """A sheet of a file that was read: the scores that count and about which nothing was found."""

    sheet: str
    scores: Mapping[str, float]
    """By their addresses."""
    texts: Mapping[str, str]
    """The keys of the criteria beside them, and of the community."""


class Seen(NamedTuple):
    """A cell as another program sees it."""

    value: object
    """A number, a text, None where nothing stands."""
    shown: str | None = None
    """None where the program does not tell."""
    not_plain: str = ""
    """``struck``, ``hidden``, ``formula`` …: what is to be told of a score."""


Cells = Mapping[str, Seen]
Oracle = Callable[[bytes, Counted], Cells]
"""Returns the cells of one sheet that are asked for; raises anything where the program cannot read it."""


def counted(reading: Reading, campaign: Campaign) -> list[Counted]:
    """Return what counts of a file, sheet by sheet, as far as nothing is found at the cells."""
    return [_counted(reading, sheet, campaign) for sheet in reading.sheets]


def _counted(reading: Reading, sheet: ScoreSheet, campaign: Campaign) -> Counted:
    checked = check(sheet, campaign)
    about = [one for one in (*reading.findings, *checked.findings) if one.sheet == sheet.sheet]
    told = {cell for one in about for cell in one.cells}
    whole = any(one.code == "sheet-hidden" for one in about)
    scores: dict[str, float] = {}
    texts: dict[str, str] = {}
    cells = {line.number: line for line in sheet.lines}
    for criterion, score in zip(campaign.criteria, checked.scores, strict=True):
        line = cells.get(criterion.number)
        if line and score.mark is Mark.ACCEPTED and line.score.address not in told and not whole:
            scores[line.score.address] = float(score.value or Decimal(0))
            if line.text.address not in told:
                texts[line.text.address] = key(str(line.text.value))
    if sheet.community and scores and sheet.community.address not in told:
        texts[sheet.community.address] = key(str(sheet.community.value))
    return Counted(sheet.sheet, scores, texts)


def disagreements(wanted: Counted, seen: Cells) -> list[str]:
    """Return in which cells a program sees something else than was read, each in a few words."""
    found = []
    for address, score in wanted.scores.items():
        cell = seen.get(address, Seen(None))
        if cell.not_plain:
            found.append(f"{address} {score:g} is {cell.not_plain}")
        elif not _is(score, cell.value) or (cell.shown is not None and not _is(score, _number(cell.shown))):
            found.append(f"{address} {score:g} is {cell.value!r} shown {cell.shown!r}")
    for address, text in wanted.texts.items():
        other = seen.get(address, Seen(None)).value
        if key(str(other)) != text:
            found.append(f"{address} {text[:20]} is {str(other)[:20]!r}")
    return found


def _is(score: float, value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(score - value) < MOST_NOISE


def _number(shown: str) -> float | None:
    try:
        return float(shown)
    except ValueError:
        return None


def addresses(wanted: Counted) -> list[str]:
    return [*wanted.scores, *wanted.texts]


# The programs.


def openpyxl_cells(data: bytes, wanted: Counted) -> Cells:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    sheet = book[wanted.sheet]
    hidden_columns = {
        get_column_letter(number)
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for number in range(dimension.min or 0, min(dimension.max or 0, 30) + 1)
        if number
    }
    found = {}
    for address in addresses(wanted):
        cell = sheet[address]
        struck = "struck" if cell.font and cell.font.strike else ""
        row, column = coordinate_to_tuple(address)
        hidden = sheet.row_dimensions[row].hidden or get_column_letter(column) in hidden_columns
        merged = "merged" if type(cell).__name__ == "MergedCell" else ""
        found[address] = Seen(cell.value, None, struck or merged or ("hidden" if hidden else ""))
    return found


def calamine_cells(data: bytes, wanted: Counted) -> Cells:
    from python_calamine import CalamineWorkbook

    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_name(wanted.sheet)
        .to_python(skip_empty_area=False)
    )
    found = {}
    for address in addresses(wanted):
        row, column = coordinate_to_tuple(address)
        inside = row <= len(rows) and column <= len(rows[row - 1])
        found[address] = Seen(rows[row - 1][column - 1] if inside else None)
    return found


def formulon_cells(data: bytes, wanted: Counted) -> Cells:
    from formulon import Workbook

    with Workbook.load(data) as book:
        names = [book.sheet_name(number) for number in range(book.sheet_count())]
        sheet = names.index(wanted.sheet)
        rows = {layout.row for layout in book.get_sheet_row_overrides(sheet) if layout.hidden}
        columns = {
            number
            for layout in book.get_sheet_columns(sheet)
            if layout.hidden
            for number in range(layout.first, min(layout.last, 30) + 1)
        }
        found = {}
        for address in addresses(wanted):
            row, column = (number - 1 for number in coordinate_to_tuple(address))
            style = book.get_effective_style(sheet, row, column)
            marks = (
                "formula" if book.get_formula(sheet, row, column) else "",
                "struck" if book.get_font(style.font_index).strike else "",
                "hidden" if row in rows or column in columns else "",
            )
            shown = book.get_display_text(sheet, row, column)[0]
            value = book.get_value(sheet, row, column).to_python()
            found[address] = Seen(value, shown, next(filter(None, marks), ""))
        return found


class Verdict(NamedTuple):
    """What one program says of one file."""

    differing: tuple[str, ...] = ()
    """In what it reads the file otherwise."""
    refusing: str = ""
    """Why it does not read it."""


def verdict(oracle: Oracle, data: bytes, sheets: Iterable[Counted]) -> Verdict:
    """Return what a program says of what counts in a file."""
    try:
        return Verdict(tuple(one for wanted in sheets for one in disagreements(wanted, oracle(data, wanted))))
    except BaseException as error:  # noqa: BLE001  (a panic of a Rust library is no Exception)
        return Verdict(refusing=f"{type(error).__name__}: {error}"[:200])


IN_A_WORKER: Mapping[str, Mapping[str, Oracle]] = {
    "xlsx": {"openpyxl": openpyxl_cells, "calamine": calamine_cells},
    "ods": {"calamine": calamine_cells},
}
"""By kind of file; a strange one may end their process or fill its memory."""


def verdicts(question: tuple[str, bytes, Iterable[Counted]]) -> dict[str, Verdict]:
    """Return what the programs say of a file that are asked in a worker."""
    kind, data, sheets = question
    return {name: verdict(oracle, data, sheets) for name, oracle in IN_A_WORKER[kind].items()}
