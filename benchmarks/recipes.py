"""What greenxl is compared with: the ways in which people merge such sheets, and what no way can go below.

``python -m benchmarks.recipes NAME FOLDER OUTPUT`` runs one of them in a process of its own over a round
that :mod:`benchmarks.returns` made. The recipes check nothing, know no roster and write two columns: the name
of a sheet and the sum of its scores, which :mod:`benchmarks.compare` holds against what greenxl found.
"""

import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

HEADER, ROWS, SCORE_COLUMN = 2, 20, 4
"""On a score sheet: the row of its headings from 0, how many criteria follow, where their scores are."""
HEADING = "内容"
"""Above its first column."""
_TEXT_PARTS = ("xl/sharedStrings.xml", "xl/worksheets/sheet2.xml")


def imports(_folder: Path, _output: Path) -> None:
    """Import what a script with pandas needs, and end."""
    import pandas  # noqa: F401
    import xlsxwriter  # noqa: F401


def pandas_openpyxl(folder: Path, output: Path) -> None:
    _pandas(folder, output, "openpyxl")


def pandas_calamine(folder: Path, output: Path) -> None:
    _pandas(folder, output, "calamine")


def _pandas(folder: Path, output: Path, engine: Literal["openpyxl", "calamine"]) -> None:
    """Read every sheet, as a return may have any number, and add up those that are score sheets."""
    import pandas as pd

    totals: dict[str, float] = {}
    for path in returned(folder):
        for name, sheet in pd.read_excel(path, sheet_name=None, header=None, engine=engine).items():
            if sheet.shape[1] > SCORE_COLUMN and HEADING in str(sheet.iat[HEADER, 0]):
                scores = sheet.iloc[HEADER + 1 : HEADER + 1 + ROWS, SCORE_COLUMN]
                totals[str(name)] = pd.to_numeric(scores).sum()
    pd.Series(totals).reset_index().to_excel(output, index=False)


def polars_loop(folder: Path, output: Path) -> None:
    import polars as pl

    totals: dict[str, float] = {}
    for path in returned(folder):
        for name, sheet in pl.read_excel(path, sheet_id=0, has_header=False, drop_empty_rows=False).items():
            if sheet.width > SCORE_COLUMN and HEADING in str(sheet[HEADER, 0]):
                scores = sheet[HEADER + 1 : HEADER + 1 + ROWS, SCORE_COLUMN]
                totals[name] = float(scores.cast(pl.Float64).sum())
    pl.DataFrame({"community": list(totals), "total": list(totals.values())}).write_excel(output)


def csvkit(folder: Path, output: Path) -> None:
    """A process for each file, then one that stacks what they wrote; it adds nothing up."""
    programs = Path(sys.executable).parent
    tables = []
    for path in returned(folder):
        table = output.with_name(f"{path.stem}.csv")
        with table.open("wb") as file:
            in2csv = [str(programs / "in2csv"), "--sheet", path.stem, "--no-inference", str(path)]
            subprocess.run(in2csv, stdout=file, check=True)
        tables.append(table)
    with output.with_suffix(".csv").open("wb") as file:
        subprocess.run(
            [str(programs / "csvstack"), "--filenames", *map(str, tables)], stdout=file, check=True
        )


def floor(folder: Path, _output: Path) -> None:
    """Inflate sheet and strings of every file, and look at nothing."""
    for path in returned(folder):
        with zipfile.ZipFile(path) as archive:
            for part in _TEXT_PARTS:
                archive.read(part)


def pandas_to_excel(folder: Path, output: Path) -> None:
    """Write the tables of the consolidated workbook as values alone."""
    import pandas as pd

    with pd.ExcelWriter(output, engine="xlsxwriter") as writer:
        for name, rows in tables(folder).items():
            pd.DataFrame(rows).to_excel(writer, sheet_name=name, header=False, index=False)


def bare_xlsxwriter(folder: Path, output: Path) -> None:
    """The same values, one by one, with one format: what the library itself needs."""
    import xlsxwriter

    with xlsxwriter.Workbook(output) as book:
        plain = book.add_format({"border": 1, "align": "center"})
        for name, rows in tables(folder).items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value, plain)
                    else:
                        sheet.write_number(number, column, value, plain)


def returned(folder: Path) -> list[Path]:
    return sorted((folder / "returned").iterdir())


def tables(folder: Path) -> dict[str, list[list[str | float]]]:
    """Return the cells of the consolidated workbook that :func:`keep_tables` kept, by sheet."""
    kept: dict[str, list[list[str | float]]] = pickle.loads((folder / "tables.pickle").read_bytes())
    return kept


def keep_tables(folder: Path, workbook: Path) -> None:
    """Keep the cells of a consolidated workbook's sheets for the recipes that write the same."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(workbook)
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    cells = {name: [list(map(_plain, row)) for row in rows] for name, rows in sheets.items()}
    (folder / "tables.pickle").write_bytes(pickle.dumps(cells))


def _plain(value: object) -> str | float:
    return value if isinstance(value, str | float | int) else str(value)


def totals_in(output: Path) -> dict[str, float]:
    """Return the sums that a recipe wrote, by community."""
    from python_calamine import CalamineWorkbook

    _header, *rows = CalamineWorkbook.from_path(output).get_sheet_by_index(0).to_python()
    return {str(name): float(total) for name, total in _pairs(rows)}


def _pairs(rows: Sequence[Sequence[object]]) -> Iterable[tuple[object, str]]:
    return ((row[0], str(row[1])) for row in rows)


RECIPES: dict[str, Callable[[Path, Path], None]] = {
    one.__name__: one
    for one in (
        imports,
        pandas_openpyxl,
        pandas_calamine,
        polars_loop,
        csvkit,
        floor,
        pandas_to_excel,
        bare_xlsxwriter,
    )
}

if __name__ == "__main__":
    RECIPES[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
