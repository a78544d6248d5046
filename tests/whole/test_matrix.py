"""Every promise about a score cell, in every format that is read, written by every program.

A cell of the matrix is a promise (:mod:`tests.tools.promises`) and a writer (:mod:`tests.tools.writers`).
Each program writes one workbook with a sheet for each promise; what it cannot write is no cell of the matrix.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from formulon import Workbook

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from greenxl.findings import Finding
from greenxl.returns.model import ScoreSheet
from greenxl.returns.reader import Reading, read_bytes
from greenxl.scoring.checking import check
from greenxl.scoring.score import shown_answer
from tests.tools.office import Office
from tests.tools.promises import (
    CANNOT,
    CELL,
    DIFFERENT,
    FORMULON_REFUSES,
    FROM_1904,
    LIBREOFFICE_SHOWS,
    PROMISES,
    WITHOUT_ZEROS,
    Promise,
    Verdict,
    agrees,
    keys_of,
    otherwise,
    wanted,
)
from tests.tools.sheets import Book, Put, issued, official, place
from tests.tools.writers import LIBREOFFICE, WRITERS, Writer, xlsb

NUMBER = PROMISES[0]
Verdicts = dict[str, Verdict]
"""By the name of the sheet, which is that of the promise."""


@cache
def campaign() -> Campaign:
    return load(shipped())


def book(promises: Iterable[Promise], **state: bool) -> Book:
    """Return a workbook with a sheet for each promise."""
    form, identity = official(campaign())
    sheets = [one.sheet(form) for one in promises]
    return Book(sheets=[*sheets, issued(identity, [sheet.name for sheet in sheets])], **state)


@cache
def written(writer: Writer) -> bytes:
    return writer.write(book(promises_of(writer)))


def promises_of(writer: Writer) -> list[Promise]:
    return [one for one in PROMISES if wanted(one, writer)]


def verdicts(reading: Reading) -> Verdicts:
    """Return what is said of each sheet; the file is read, and nothing is said of it as a whole."""
    assert reading.entry.reason is None, reading.entry.reason.line()
    return {sheet.sheet: _verdict(sheet, reading) for sheet in reading.sheets}


def _verdict(sheet: ScoreSheet, reading: Reading) -> Verdict:
    checked = check(sheet, campaign())
    values = (shown_answer(score.value) for score in checked.scores)
    scores = dict(zip((line.score.address for line in sheet.lines), values, strict=True))
    found = [one for one in (*reading.findings, *checked.findings) if one.sheet == sheet.sheet]
    return Verdict(scores, tuple(map(_line, found)))


def _line(one: Finding) -> str:
    return f"{one.code} {one.cell} {one.found}"


@cache
def read(writer: Writer) -> Verdicts:
    return verdicts(read_bytes(f"a.{writer.suffix}", written(writer), campaign()))


CELLS = [
    pytest.param(promise, writer, id=f"{writer}-{promise}")
    for writer in WRITERS
    for promise in promises_of(writer)
]


@pytest.mark.parametrize(("promise", "writer"), CELLS)
def test_the_promise_holds(promise: Promise, writer: Writer) -> None:
    """The scores of the sheet are those that are shown, and nothing else is said than what is promised."""
    assert read(writer)[promise.name] == wanted(promise, writer)


# LibreOffice writes.


@pytest.fixture(scope="module")
def files(office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[Writer, Path]:
    """The workbooks of all programs, LibreOffice among them."""
    folder = tmp_path_factory.mktemp("matrix")
    found = {writer: folder / f"{writer}.{writer.suffix}" for writer in (*WRITERS, *LIBREOFFICE)}
    for writer in WRITERS:
        found[writer].write_bytes(written(writer))
    office.convert(found[WRITERS[0]], *(found[writer] for writer in LIBREOFFICE))
    return found


@pytest.fixture(scope="module")
def said(files: dict[Writer, Path]) -> dict[Writer, Verdicts]:
    return {w: verdicts(read_bytes(path.name, path.read_bytes(), campaign())) for w, path in files.items()}


CONVERTED = [
    pytest.param(promise, writer, id=f"{writer}-{promise}")
    for writer in LIBREOFFICE
    for promise in promises_of(writer)
]


@pytest.mark.parametrize(("promise", "writer"), CONVERTED)
def test_the_promise_holds_in_what_libreoffice_writes(
    promise: Promise, writer: Writer, said: dict[Writer, Verdicts]
) -> None:
    """The same in the files of an office, which writes in its own way what it read of Excel's."""
    assert said[writer][promise.name] == wanted(promise, writer)


@pytest.mark.parametrize("suffix", [writer.suffix for writer in LIBREOFFICE])
def test_a_zero_that_libreoffice_does_not_show_is_told(suffix: str, office: Office, tmp_path: Path) -> None:
    """It knows this of each sheet, or of the whole workbook."""
    source, target = tmp_path / "a.xlsx", tmp_path / f"b.{suffix}"
    source.write_bytes(WRITERS[0].write(book(WITHOUT_ZEROS)))
    office.convert(source, target)
    found = verdicts(read_bytes(target.name, target.read_bytes(), campaign()))
    assert found == {one.name: wanted(one, WRITERS[0]) for one in WITHOUT_ZEROS}


@pytest.mark.parametrize("suffix", [writer.suffix for writer in LIBREOFFICE])
def test_links_and_dates_from_1904_are_kept_by_libreoffice(
    suffix: str, office: Office, tmp_path: Path
) -> None:
    """Both are there in each of its formats."""
    sheets = (*FROM_1904, Promise("linked", {"A40": Put(7, formula="[1]S!A1")}, "4"))
    source, target = tmp_path / "a.xlsx", tmp_path / f"b.{suffix}"
    source.write_bytes(WRITERS[0].write(book(sheets, from_1904=True, links=True)))
    office.convert(source, target)
    reading = read_bytes(target.name, target.read_bytes(), campaign())
    assert [one.code for one in reading.findings if not one.sheet] == ["file-links"]
    assert verdicts(reading) == {one.name: wanted(one, WRITERS[0]) for one in sheets}


# What an office shows.


@pytest.mark.parametrize("writer", [*WRITERS, *LIBREOFFICE], ids=str)
def test_libreoffice_shows_what_is_said(
    writer: Writer, office: Office, files: dict[Writer, Path], said: dict[Writer, Verdicts]
) -> None:
    """An accepted score is the number that is shown, a quote is what is shown, but for what is explained."""
    shown = office.shown(files[writer], CELL)
    found = {one.name: shown[one.name][CELL] for one in promises_of(writer)}
    assert _disagreements(said[writer], found) == otherwise(LIBREOFFICE_SHOWS, writer)


FOR_FORMULON = [w for w in WRITERS if w.format in ("xlsx", "xlsm") and w.name not in FORMULON_REFUSES]


@pytest.mark.parametrize("writer", FOR_FORMULON, ids=str)
def test_formulon_shows_what_is_said(writer: Writer) -> None:
    """The same by an engine that shows as Excel does."""
    with Workbook.load(written(writer)) as opened:
        names = {opened.sheet_name(at): at for at in range(opened.sheet_count())}
        row, column = (n - 1 for n in place(CELL))
        found = {name: opened.get_display_text(at, row, column)[0] for name, at in names.items()}
    assert _disagreements(read(writer), found) == {}


def _disagreements(said: Verdicts, shown: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in shown.items() if name in said and not agrees(said[name], text)}


# Workbooks that are something as a whole.


@pytest.mark.parametrize("writer", WRITERS, ids=str)
def test_dates_from_1904_are_those_that_are_shown(writer: Writer) -> None:
    """Excel for Macintosh counted from another day; no number changes, and no day is another."""
    found = _read(writer, FROM_1904, from_1904=True)
    assert found == {one.name: wanted(one, writer) for one in FROM_1904}


@pytest.mark.parametrize("writer", [w for w in WRITERS if w.name != "formulon"], ids=str)
def test_a_zero_that_is_not_shown_is_told(writer: Writer) -> None:
    """A view may show nothing where a value is 0; formulon leaves that out."""
    assert _read(writer, WITHOUT_ZEROS) == {one.name: wanted(one, writer) for one in WITHOUT_ZEROS}


@pytest.mark.parametrize("writer", [w for w in WRITERS if w.rebuilt and w.format != "ods"], ids=str)
def test_values_that_were_not_calculated_are_none(writer: Writer) -> None:
    """What is stored of a formula is old where the workbook says that it is to be calculated."""
    formulas = [one for one in promises_of(writer) if one.put.formula]
    stale = replace(writer, formulas="stale")
    found = _read(writer, formulas, calculated=False)
    assert found == {one.name: wanted(one, stale) for one in formulas}


@pytest.mark.parametrize("writer", [w for w in WRITERS if w.rebuilt], ids=str)
def test_links_and_macros_are_told(writer: Writer) -> None:
    """Both are nothing that a form has."""
    macros = writer.suffix != "xlsx" and writer.name != "Excel-5"
    data = writer.write(book([NUMBER], links=True, macros=macros))
    reading = read_bytes(f"a.{writer.suffix}", data, campaign())
    found = {one.code for one in reading.findings if not one.sheet}
    assert found == {"file-links"} | ({"file-macros"} if macros else set())
    assert verdicts(reading)[NUMBER.name] == wanted(NUMBER, writer)


def test_the_binary_format_is_refused_by_name() -> None:
    """It has to be saved as .xlsx."""
    reading = read_bytes("a.xlsb", xlsb(book([NUMBER])), campaign())
    assert reading.entry.reason
    assert reading.entry.reason.code == "file-resave"
    assert ".xlsb" in reading.entry.reason.message()


def _read(writer: Writer, promises: Sequence[Promise], **state: bool) -> Verdicts:
    return verdicts(read_bytes(f"a.{writer.suffix}", writer.write(book(promises, **state)), campaign()))


# The tables of the matrix.


def test_every_exception_is_used() -> None:
    """What one cannot write, or an office shows otherwise, is of a promise and a program that there are."""
    writers = [*WRITERS, *LIBREOFFICE]
    keys = {key for writer in writers for key in keys_of(writer)}
    names = {one.name for one in PROMISES}
    assert {*CANNOT, *(key for key, _name in (*DIFFERENT, *LIBREOFFICE_SHOWS))} <= keys
    excepted = {name for _key, name in (*DIFFERENT, *LIBREOFFICE_SHOWS)}
    assert {*excepted, *(name for some in CANNOT.values() for name in some)} <= names
