"""Cells as the readers give them: a plain value, and whatever else a test says of it."""

from greenxl.workbooks.cells import Cell, Format, Struck, Value


def cell(
    address: str = "E9",
    value: Value = None,
    *,
    error: str = "",
    formula: str = "",
    format: Format = Format.PLAIN,
    shown: str = "",
    struck: Struck = Struck.NO,
    hidden: bool = False,
    merged_into: str = "",
) -> Cell:
    """Return a cell that holds a value and is nothing besides, unless told."""
    return Cell(
        address=address,
        value=value,
        error=error,
        formula=formula,
        format=format,
        shown=shown,
        struck=struck,
        hidden=hidden,
        merged_into=merged_into,
    )
