"""One module per file format, all with the same result: :class:`greenxl.workbooks.cells.WorkbookCells`."""

from importlib import import_module

from greenxl.workbooks.cells import Wanted, WorkbookCells
from greenxl.workbooks.kinds import Format
from greenxl.workbooks.safe_zip import Archive

_MODULES = {"xlsx": "xlsx", "xlsm": "xlsx", "xls": "xls", "ods": "ods"}
"""Imported when a file of the kind is met: some draw on libraries that others do not need."""


def read(
    kind: Format, data: bytes, box: Archive | None = None, wanted: Wanted | None = None
) -> WorkbookCells:
    """Return the cells of a workbook; ``box`` is its container, where that is open already.

    ``wanted`` are the sheets that are needed; of Office Open XML the others are not read.

    :raises Refused: it cannot be read, or not in one way alone.
    :raises ArchiveError: its container cannot be read.
    """
    module = import_module(f"{__name__}.{_MODULES[kind]}")
    source = data if kind == "xls" else box or Archive(data)
    cells: WorkbookCells = module.read(source, wanted) if _MODULES[kind] == "xlsx" else module.read(source)
    return cells
