"""What every workbook that is written shares: safe cells, formats by name, fixed dates, long lists."""

from greenxl.xlsx.book import Book
from greenxl.xlsx.cells import (
    write_cell,
    write_comment,
    write_date,
    write_formula,
    write_link,
    write_merged,
)
from greenxl.xlsx.sheet import Sheet, Value
from greenxl.xlsx.texts import fit_to_cell, line_count, size_to_fit, text_width

__all__ = [
    "Book",
    "Sheet",
    "Value",
    "fit_to_cell",
    "line_count",
    "size_to_fit",
    "text_width",
    "write_cell",
    "write_comment",
    "write_date",
    "write_formula",
    "write_link",
    "write_merged",
]
