"""A real headless LibreOffice: one process fills, recalculates and converts many workbooks.

The virtual environment's Python cannot import UNO, so this file is two programs. Imported, it is
the client `Office`; run by the system's Python, it is the server, which owns soffice and answers
one JSON line with another until its input ends. On Debian it needs the packages
libreoffice-calc, python3-uno and, for `png`, poppler-utils.
"""

from __future__ import annotations

import json
import os
import posixpath
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any, cast
from xml.etree import ElementTree
from zipfile import ZipFile

Value = float | str
Cells = Mapping[str, Mapping[str, Value]]
Formulas = dict[str, dict[str, tuple[str, Value | None, Value]]]
"""By sheet and cell: the formula, the value that the file stores and the value computed anew."""

PYTHON = "/usr/bin/python3"
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".fods": "OpenDocument Spreadsheet Flat XML",
    ".pdf": "calc_pdf_Export",
}
SETTINGS = {  # load stored values as they are, leave no lock files beside the documents
    "Calc/Formula/Load": {"OOXMLRecalcMode": "1", "ODFRecalcMode": "1"},
    "Common/Misc": {"UseLocking": "false", "FirstRun": "false"},
}
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FORMULA_CELLS = 16  # com.sun.star.sheet.CellFlags.FORMULA
ANY_CONTENT = 1 | 2 | 4 | 16  # values, moments, texts and formulas, of the same


@cache
def missing() -> str | None:
    """Why LibreOffice cannot be driven here, or None."""
    if not shutil.which("soffice"):
        return "LibreOffice (soffice) is not installed"
    if not Path(PYTHON).exists():
        return f"{PYTHON} is not installed"
    probe = subprocess.run([PYTHON, "-I", "-c", "import uno"], capture_output=True, timeout=60)
    return f"{PYTHON} cannot import uno (package python3-uno)" if probe.returncode else None


def png(pdf: Path, folder: Path, dpi: int = 70) -> list[Path]:
    """One picture per page, in order: pdf.stem-1.png and so on, zero-padded alike."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as fresh:
        command = ["pdftoppm", "-png", "-r", str(dpi), str(pdf), str(Path(fresh, pdf.stem))]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return [page.replace(folder / page.name) for page in sorted(Path(fresh).iterdir())]


class OfficeError(RuntimeError):
    """LibreOffice refused, crashed or took too long."""


class Office:
    """LibreOffice as long as the `with` block lasts; after a timeout it is gone for good."""

    def __init__(self, timeout: float = 60) -> None:
        self.timeout = timeout
        self._exit = ExitStack()

    def __enter__(self) -> Office:
        with ExitStack() as stack:
            temporary = TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True)
            profile = stack.enter_context(temporary)
            self._server = subprocess.Popen(
                [PYTHON, "-I", __file__, profile],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
                encoding="utf-8",
                start_new_session=True,
            )
            stack.callback(self._stop)
            self._ask("ready")
            self._exit = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    def fill(self, source: Path, target: Path, cells: Cells) -> None:
        """Type into cells of `source` and save it as `target`; a locked cell is an error."""
        self._ask("fill", source, target, cells)

    def new(self, target: Path, sheets: Cells) -> None:
        """Type a workbook from scratch."""
        self._ask("new", target, sheets)

    def recalculate(self, source: Path, target: Path) -> None:
        """Save with every formula computed anew."""
        self._ask("recalculate", source, target)

    def convert(self, source: Path, *targets: Path) -> None:
        """Save in the formats of the targets' suffixes."""
        self._ask("convert", source, *targets)

    def pdf(self, source: Path, target: Path) -> None:
        """Print to a PDF file."""
        if target.suffix != ".pdf":
            raise ValueError(f"not a .pdf: {target}")
        self.convert(source, target)

    def formulas(self, source: Path) -> Formulas:
        """Every formula cell's formula, stored value and recomputed value; errors as text.

        An .xlsx file itself tells what it stores (None: nothing), for LibreOffice recomputes
        errors, booleans, array and volatile formulas on loading. It recomputes all of an .xls.
        """
        sheets = cast("dict[str, dict[str, list[Any]]]", self._ask("formulas", source))
        return {
            sheet: {a1: (formula, stored, anew) for a1, (formula, stored, anew) in cells.items()}
            for sheet, cells in sheets.items()
        }

    def shown(self, source: Path, *cells: str) -> dict[str, dict[str, str]]:
        """What these cells show, or every cell that holds anything, by sheet."""
        return cast("dict[str, dict[str, str]]", self._ask("shown", source, *cells))

    def _ask(self, action: str, *arguments: object) -> object:
        """The server's answer; past the timeout everything is killed, which ends the reading."""
        server = self._server
        assert server.stdin
        assert server.stdout
        clock = Timer(self.timeout, self._kill)
        clock.start()
        try:
            question = json.dumps([action, *arguments], default=_absolute)
            print(question, file=server.stdin, flush=True)
            answer = server.stdout.readline()
        except OSError:
            answer = ""
        finally:
            clock.cancel()
        if not answer:
            raise OfficeError(f"{action}: LibreOffice is gone or took over {self.timeout} s")
        result, error = json.loads(answer)
        if error:
            raise OfficeError(f"{action}: {error}")
        return result

    def _stop(self) -> None:
        """The end of its input lets the server close soffice; whatever remains is killed."""
        with suppress(subprocess.TimeoutExpired):
            self._server.communicate(timeout=15)
        self._kill()
        self._server.communicate()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._server.pid, signal.SIGKILL)


def _absolute(path: object) -> str:
    if not isinstance(path, Path):
        raise TypeError(f"not a path: {path!r}")
    return str(path.absolute())


# From here on: the server, under the system's Python.


class Desk:
    """The client's methods, done with UNO."""

    def __init__(self, desktop: Any) -> None:
        self.desktop = desktop

    def ready(self) -> None: ...

    def fill(self, source: str, target: str, cells: Cells) -> None:
        with self._open(_url(source)) as document:
            _type(document, cells)
            _save(document, target)

    def new(self, target: str, sheets: Cells) -> None:
        with self._open("private:factory/scalc") as document:
            names = list(sheets)
            document.Sheets.getByIndex(0).Name = names[0]
            for position, name in enumerate(names[1:], 1):
                document.Sheets.insertNewByName(name, position)
            _type(document, sheets)
            _save(document, target)

    def recalculate(self, source: str, target: str) -> None:
        with self._open(_url(source)) as document:
            document.calculateAll()
            _save(document, target)

    def convert(self, source: str, *targets: str) -> None:
        with self._open(_url(source)) as document:
            for target in targets:
                _save(document, target)

    def formulas(self, source: str) -> Formulas:
        with self._open(_url(source)) as document:
            loaded = _formula_cells(document)
            document.calculateAll()
            anew = _formula_cells(document)
        stored = _stored(source) if source.endswith(".xlsx") else _results(loaded)
        return {
            sheet: {a1: (formula, stored[sheet].get(a1), value) for a1, (formula, value) in cells.items()}
            for sheet, cells in anew.items()
        }

    def shown(self, source: str, *cells: str) -> dict[str, dict[str, str]]:
        with self._open(_url(source)) as document:
            if not cells:
                return {sheet.Name: dict(_texts(sheet)) for sheet in document.Sheets}
            return {
                sheet.Name: {a1: sheet.getCellRangeByName(a1).String for a1 in cells}
                for sheet in document.Sheets
            }

    @contextmanager
    def _open(self, url: str) -> Iterator[Any]:
        """Not hidden, because a document without a window would lose its frozen panes."""
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, ())
        if not document:
            raise ValueError(f"cannot open {url}")
        try:
            yield document
        finally:
            document.close(True)


def _type(document: Any, cells: Cells) -> None:
    """Numbers become values and text stays text; each must be there afterwards."""
    for name, values in cells.items():
        if not document.Sheets.hasByName(name):
            raise ValueError(f"no sheet {name!r}")
        sheet = document.Sheets.getByName(name)
        for a1, value in values.items():
            cell = sheet.getCellRangeByName(a1)
            if sheet.isProtected() and cell.CellProtection.IsLocked:
                raise ValueError(f"{name}!{a1} is locked")
            cell.setDataArray(((value,),))
            if cell.getDataArray() != ((value,),):
                raise ValueError(f"{name}!{a1} holds {cell.getDataArray()}, not {value!r}")


def _formula_cells(document: Any) -> dict[str, dict[str, tuple[str, Value]]]:
    return {sheet.Name: dict(_formulas(sheet)) for sheet in document.Sheets}


def _formulas(sheet: Any) -> Iterator[tuple[str, tuple[str, Value]]]:
    """Cell, formula and value, read range by range since every UNO call costs."""
    for area in sheet.queryContentCells(FORMULA_CELLS):
        corner, values = area.RangeAddress, area.getDataArray()
        for row, formulas in enumerate(area.getFormulaArray()):
            for column, formula in enumerate(formulas):
                value = values[row][column]
                if not isinstance(value, float | str):
                    value = area.getCellByPosition(column, row).String
                yield _a1(corner.StartColumn + column, corner.StartRow + row), (formula, value)


def _texts(sheet: Any) -> Iterator[tuple[str, str]]:
    for area in sheet.queryContentCells(ANY_CONTENT):
        corner = area.RangeAddress
        for row in range(corner.EndRow - corner.StartRow + 1):
            for column in range(corner.EndColumn - corner.StartColumn + 1):
                text = area.getCellByPosition(column, row).String
                yield _a1(corner.StartColumn + column, corner.StartRow + row), text


def _stored(xlsx: str) -> dict[str, dict[str, Value]]:
    return {sheet: dict(part_values(part)) for sheet, part in sheet_parts(xlsx)}


def _results(sheets: dict[str, dict[str, tuple[str, Value]]]) -> dict[str, dict[str, Value]]:
    return {sheet: {a1: cell[1] for a1, cell in cells.items()} for sheet, cells in sheets.items()}


def sheet_parts(xlsx: str | Path) -> Iterator[tuple[str, ElementTree.Element]]:
    """Every sheet's name and XML, in the workbook's order."""
    with ZipFile(xlsx) as package:
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        parts = {link.attrib["Id"]: posixpath.join("/xl", link.attrib["Target"]) for link in links}
        for sheet in book.iterfind("{*}sheets/{*}sheet"):
            part = package.read(parts[sheet.attrib[RELATION]][1:])
            yield sheet.attrib["name"], ElementTree.fromstring(part)


def part_values(part: ElementTree.Element) -> Iterator[tuple[str, Value]]:
    """The values in a sheet's XML that are not shared strings."""
    for cell in part.iterfind("{*}sheetData/{*}row/{*}c"):
        value, kind = cell.findtext("{*}v", ""), cell.get("t", "n")
        if kind == "str" or (value and kind != "s"):
            yield cell.attrib["r"], float(value) if kind in {"n", "b"} else value


def _a1(column: int, row: int) -> str:
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters, column = chr(65 + letter) + letters, column - 1
    return f"{letters}{row + 1}"


def _save(document: Any, target: str) -> None:
    document.storeToURL(_url(target), _properties(FilterName=FILTERS[Path(target).suffix]))


def _url(path: str) -> str:
    return Path(path).as_uri()


def _properties(**values: object) -> tuple[Any, ...]:
    from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, settings in SETTINGS.items()
        for name, value in settings.items()
    )
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">' + items + "</oor:items>"
    )


@contextmanager
def _desktop(profile: Path) -> Iterator[Any]:
    """A running soffice's desktop; soffice has ended afterwards."""
    _write_profile(profile)
    pipe = f"pipe,name=office{uuid.uuid4().hex};urp"
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", f"--accept={pipe}"]
    command += ["--headless", "--norestore", "--nologo", "--nodefault"]
    null = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=null, stdout=null, stderr=null)
    try:
        desktop = _connect(pipe, process)
        yield desktop
        with suppress(Exception):
            desktop.terminate()
        process.wait(10)
    finally:
        if process.poll() is None:  # kill the group, as soffice.bin is a grandchild
            os.killpg(os.getpid(), signal.SIGKILL)


def _connect(pipe: str, process: subprocess.Popen[bytes]) -> Any:
    """Ask until soffice listens; it is given up when it has ended or a minute has passed."""
    import uno  # type: ignore[import-not-found]

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    limit = time.monotonic() + 60
    while True:
        try:
            context = resolver.resolve(f"uno:{pipe};StarOffice.ComponentContext")
            return context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
        except Exception as error:
            if process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"soffice does not answer: {error}") from error
            time.sleep(0.05)


def _serve(profile: Path) -> None:
    with _desktop(profile) as desktop:
        desk = Desk(desktop)
        for line in sys.stdin:
            action, *arguments = json.loads(line)
            result, failure = None, None
            try:
                result = getattr(desk, action)(*arguments)
            except Exception as error:
                failure = f"{type(error).__name__}: {error}"
            print(json.dumps([result, failure]), flush=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
