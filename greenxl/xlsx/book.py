"""A workbook in the making."""

import io
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from greenxl.xlsx.sheet import Sheet

_FALLBACK = {"font_family": 1, "font_charset": 134}
"""Roman and GB 2312: where a font is missing, Windows then shows 宋体 rather than a Latin one."""


class Book:
    """A workbook in the making: adds sheets and formats, then gives its bytes or writes them to a file."""

    def __init__(self, font: str, created: date, properties: dict[str, str]) -> None:
        self._book: Workbook = xlsxwriter.Workbook(None, {"in_memory": True})
        self._font = font
        self._formats: dict[frozenset[tuple[str, Any]], Format] = {}
        self._sheets: list[Sheet] = []
        moment = datetime(created.year, created.month, created.day)
        self._book.set_properties({**properties, "created": moment})

    def sheet(self, name: str) -> Sheet:
        sheet: Sheet = self._book.add_worksheet(name, Sheet)
        self._sheets.append(sheet)
        return sheet

    def define_name(self, name: str, cells: str) -> None:
        """Give cells a name for formulas and lists: ``'街道（镇）'!$B$2:$B$501``."""
        self._book.define_name(name, f"={cells}")

    def chart(self, kind: str, subtype: str | None = None) -> Any:
        return self._book.add_chart({"type": kind, "subtype": subtype})

    def format(self, **properties: Any) -> Format:
        """Return the format of these properties, one object however often it is asked for."""
        name = frozenset(properties.items())
        if name not in self._formats:
            common = {"font_name": self._font, **_FALLBACK, "font_size": 11, "valign": "vcenter"}
            self._formats[name] = self._book.add_format({**common, **properties})
        return self._formats[name]

    def condition_format(self, **properties: Any) -> Format:
        """Return a format for a condition: only what it changes."""
        return self._book.add_format(properties)

    def save(self, file: BinaryIO) -> None:
        """Write the finished workbook to a file, once; a large one is put together in temporary files.

        :raises OSError: it cannot be written.
        """
        target = _Target(file)
        self._book.filename = target
        self._book.in_memory = not any(sheet.is_large for sheet in self._sheets)
        self._book.use_zip64()  # only a part of more than 2 GiB makes use of it
        try:
            self._book.close()
        except FileCreateError as error:
            target.file = None
            [reason] = error.args
            raise reason from error

    def bytes(self) -> bytes:
        buffer = io.BytesIO()
        self.save(buffer)
        return buffer.getvalue()


class _Target:
    """The file that a workbook is written to, as long as that works.

    An archive that could not be finished tries so again when it is forgotten, and would say on the terminal
    that it cannot: without a file it is let write to nowhere.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file: BinaryIO | None = file
        self._place = file.tell()

    def write(self, data: bytes) -> int:
        self._place += len(data)
        return self.file.write(data) if self.file else len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._place = self.file.seek(offset, whence) if self.file else offset
        return self._place

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        if self.file:
            self.file.flush()
