"""One module per file format, all with the same result: :class:`greenxl.workbooks.cells.WorkbookCells`."""

from importlib import import_module

from greenxl.workbooks.cells import Ambiguous, Kind, WorkbookCells
from greenxl.workbooks.safe_zip import Archive

_MODULES = {"xlsx": "xlsx", "xlsm": "xlsx", "xlsb": "xlsb", "xls": "xls", "ods": "ods"}
"""Imported when a file of the kind is met: some draw on libraries that others do not need."""


def kind_of(box: Archive) -> Kind | None:
    """Return which workbook a zip is, by what it says of itself; None where it is none.

    :raises Ambiguous: it says two things.
    """
    from greenxl.workbooks.formats.package import CONTENT_TYPES, Package

    names = {member.name.lower().lstrip("/"): member for member in box.members}
    stated = box.inflate(names["mimetype"]) if "mimetype" in names else b""
    if b"opendocument" in stated:
        if CONTENT_TYPES in names:
            raise Ambiguous("mimetype, [Content_Types].xml")
        return "ods" if b"opendocument.spreadsheet" in stated else None
    return Package(box).kind if CONTENT_TYPES in names else None


def read(kind: Kind, data: bytes, box: Archive | None = None) -> WorkbookCells:
    """Return the cells of a workbook; ``box`` is its container, where that is open already.

    :raises Refused: it cannot be read, or not in one way alone.
    :raises ArchiveError: its container cannot be read.
    """
    module = import_module(f"{__name__}.{_MODULES[kind]}")
    source = data if kind == "xls" else box or Archive(data)
    cells: WorkbookCells = module.read(source)
    return cells
