"""What a returned workbook shows, in a new workbook that holds nothing else.

Carried over is only what stands here: values, looks, sizes, merged cells, comments, links inside the
workbook, the page, and such formulas and guards as the form itself has. Macros, other formulas, links
to outside, connections, objects and pictures stay behind because nothing copies them, and are counted.
"""

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from xml.etree import ElementTree

from greenxl.form.layout import IDENTITY_SHEET, SENDBACK_SHEET

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

INFLATED = 8 * 2**20
"""Bytes of XML; openpyxl takes some fifty times that. A town's workbook has 0.3 million."""
AREA = 100_000
"""Cells of one merged box or link; openpyxl makes an object for each."""

Shapes = frozenset[str]
"""Formulas without their addresses (see :func:`shape`)."""

_MEMBERS = {
    "图片": r"/media/|/cellimages",
    "图表": r"/charts/[^/]*\.xml$|/chartsheets/[^/]*\.xml$",
    "宏": r"vbaproject[^/]*\.bin$|/macrosheets/[^/]*\.xml$|/dialogsheets/[^/]*\.xml$",
    "对其他文件的引用": r"/externallinks/[^/]*\.xml$",
    "嵌入对象或控件": r"/embeddings/|/activex/[^/]*\.xml$|/ctrlprops/",
    "数据连接": r"/connections\.xml$|/querytables/[^/]*\.xml$",
    "数据透视表": r"/pivottables/[^/]*\.xml$",
    "智能表格": r"/tables/[^/]*\.xml$",
    "批注回复": r"/threadedcomments/",
}
_SHAPE = re.compile(rb"<(?:\w+:)?(?:sp|cxnSp)[\s>]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass
class CleanCopy:
    book: "Workbook"
    lost: Counter[str] = field(default_factory=Counter)
    """What stayed behind, in Chinese, and how many of it."""
    replaced: set[tuple[str, str]] = field(default_factory=set)
    """(Sheet, address) of the formulas that became their values."""


def shape(formula: str) -> str:
    """Return a formula without its addresses, so that it is known again where rows were inserted."""
    return re.sub(r"\$?[A-Z]{1,3}\$?[0-9]{1,7}", "#", formula.removeprefix("=").replace("'", ""))


def shapes_of(data: bytes) -> Shapes:
    """Return the shapes of all formulas in a workbook's cells and conditional formats."""
    found = set()
    for sheet in _load(data).worksheets:
        found |= {shape(str(c.value)) for c in _cells(sheet) if c.data_type == "f"}
        found |= {
            _condition(rule) for formatting in sheet.conditional_formatting for rule in formatting.rules
        }
    return frozenset(found)


def clean_copy(data: bytes, own: Shapes) -> CleanCopy | None:
    """Return the copy; None where the file is no .xlsx or .xlsm, or not one that openpyxl can carry."""
    import openpyxl

    try:
        if not _bearable(data):
            return None
        old = _load(data)
        clean = CleanCopy(openpyxl.Workbook(), _lost_members(data))
        clean.book.remove(clean.book.worksheets[0])
        clean.book.epoch = old.epoch
        _Copier(old, clean, own, data).run()
    except Exception:  # openpyxl raises whatever a strange file makes it raise
        return None
    return clean if clean.book.worksheets else None


def _load(data: bytes, *, values: bool = False) -> "Workbook":
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is not carried over anyway
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values, keep_links=False)


def _bearable(data: bytes) -> bool:
    """Whether openpyxl would load the file in bounded time and memory."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
        if sum(info.file_size for info in parts) > INFLATED:
            return False
        return all(_area(ref) <= AREA for info in parts for ref in _boxes(archive.read(info)))


def _boxes(part: bytes) -> Iterator[str]:
    """Yield the boxes of cells that openpyxl would walk through one by one."""
    for _event, element in ElementTree.iterparse(io.BytesIO(part)):
        if element.tag.endswith(("}mergeCell", "}hyperlink")):
            yield element.get("ref", "A1")


def _area(ref: str) -> int:
    from openpyxl.utils import range_boundaries

    bounds = range_boundaries(ref)
    if None in bounds:
        return AREA + 1
    left, top, right, bottom = (bound or 0 for bound in bounds)
    return (right - left + 1) * (bottom - top + 1)


def _lost_members(data: bytes) -> Counter[str]:
    lost: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            lost.update(kind for kind, pattern in _MEMBERS.items() if re.search(pattern, f"/{name}".lower()))
            if re.search(r"/drawings/[^/]*\.xml$", name):
                lost["图形或文本框"] += len(_SHAPE.findall(archive.read(name)))
    return +lost


def _cells(sheet: "Worksheet") -> "list[Cell]":
    """Return the cells that are there; iterating a sheet would make all of its box."""
    return cast("list[Cell]", list(sheet._cells.values()))


class _Copier:
    """One workbook's way into another."""

    def __init__(self, old: "Workbook", clean: CleanCopy, own: Shapes, data: bytes) -> None:
        self.old, self.clean, self.own, self.data = old, clean, own, data
        self.values: Workbook | None = None
        self.styles: dict[int, StyleArray] = {}

    def run(self) -> None:
        for sheet in self.old.worksheets:
            if sheet.title not in (IDENTITY_SHEET, SENDBACK_SHEET):
                new = self.clean.book.create_sheet(sheet.title)
                self._sheet(sheet, new)

    def _sheet(self, old: "Worksheet", new: "Worksheet") -> None:
        for cell in _cells(old):
            self._cell(cell, new)
        for box in old.merged_cells.ranges:
            new.merge_cells(box.coord)
        self._guards(old, new)
        _sizes(old, new)
        _page(old, new)

    def _cell(self, cell: "Cell", new: "Worksheet") -> None:
        target = cast("Cell", new.cell(cell.row, cell.column))
        target._style = copy(self._style(cell, target))  # type: ignore[attr-defined]
        put(target, self._value(cell))
        if cell.comment:
            target.comment = _comment(cell)
        self._link(cell, target)

    def _style(self, cell: "Cell", target: "Cell") -> "StyleArray":
        """Return the style in the new workbook, made once for each that the old one has."""
        number = cell.style_id
        if number not in self.styles:
            for part in ("font", "fill", "border", "alignment", "protection"):
                setattr(target, part, copy(getattr(cell, part)))
            target.number_format = cell.number_format
            self.styles[number] = target._style  # type: ignore[attr-defined]
        return self.styles[number]

    def _value(self, cell: "Cell") -> object:
        """Return the value, or the formula where it is one of the form's own."""
        if cell.data_type != "f":
            return cell.value
        if isinstance(cell.value, str) and shape(cell.value) in self.own:
            return Formula(cell.value)
        self.clean.lost["其他公式（已换成数值）"] += 1
        self.clean.replaced.add((cell.parent.title, cell.coordinate))
        if self.values is None:
            self.values = _load(self.data, values=True)
        return self.values[cell.parent.title][cell.coordinate].value

    def _link(self, cell: "Cell", target: "Cell") -> None:
        """Carry a link over where it leads to a sheet of this workbook."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        link = cell.hyperlink
        if not link:
            return
        place = str(link.location or "").removeprefix("#")
        sheet = place.rpartition("!")[0].strip("'").replace("''", "'")
        if not link.target and sheet in self.old.sheetnames:
            target.hyperlink = Hyperlink(ref=target.coordinate, location=place)
        else:
            self.clean.lost["对外或失效的链接"] += 1

    def _guards(self, old: "Worksheet", new: "Worksheet") -> None:
        """Carry over what the form itself guards its cells with."""
        for validation in old.data_validations.dataValidation:
            bounds = (validation.formula1, validation.formula2)
            if validation.type in ("decimal", "whole") and all(map(_number, bounds)):
                new.add_data_validation(copy(validation))
            else:
                self.clean.lost["其他数据有效性"] += 1
        for formatting in old.conditional_formatting:
            for rule in formatting.rules:
                if _condition(rule) in self.own:
                    new.conditional_formatting.add(str(formatting.sqref), copy(rule))
                else:
                    self.clean.lost["其他条件格式"] += 1


class Formula(str):
    """A formula that may stand in the copy; any other text that looks like one is text."""

    __slots__ = ()


def put(cell: "Cell", value: object) -> None:
    """Write a value; a text stays a text whatever it looks like."""
    if isinstance(value, str) and not isinstance(value, Formula):
        cell.value = _CONTROL.sub("", value)
        cell.data_type = "s"
    elif isinstance(value, str):
        cell.value = str(value)
    else:
        cell.value = value  # type: ignore[assignment]


def _condition(rule: "Rule") -> str:
    """Return the shape of a conditional format: what it asks, wherever it asks it."""
    return " ".join((str(rule.type), str(rule.operator), str(rule.text), *map(shape, rule.formula)))


def _number(bound: object) -> bool:
    return bound is None or bool(re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", str(bound)))


def _comment(cell: "Cell") -> "Comment":
    from openpyxl.comments import Comment

    assert cell.comment
    text = _CONTROL.sub("", cell.comment.text)
    return Comment(text, cell.comment.author or "", cell.comment.height, cell.comment.width)


def _sizes(old: "Worksheet", new: "Worksheet") -> None:
    from openpyxl.worksheet.dimensions import ColumnDimension, RowDimension

    for key, column in old.column_dimensions.items():
        new.column_dimensions[key] = ColumnDimension(
            new, key, column.width, hidden=column.hidden, min=column.min, max=column.max
        )
    for number, row in old.row_dimensions.items():
        new.row_dimensions[number] = RowDimension(new, number, ht=row.ht, hidden=row.hidden)
    new.sheet_format = copy(old.sheet_format)


def _page(old: "Worksheet", new: "Worksheet") -> None:
    new.sheet_state = old.sheet_state
    new.protection = copy(old.protection)
    new.freeze_panes = old.freeze_panes
    new.sheet_view.showGridLines = old.sheet_view.showGridLines
    new.page_margins = copy(old.page_margins)
    new.print_options = copy(old.print_options)
    new.HeaderFooter = copy(old.HeaderFooter)
    for name in ("orientation", "paperSize", "scale", "fitToWidth", "fitToHeight"):
        setattr(new.page_setup, name, getattr(old.page_setup, name))
    if old.sheet_properties.pageSetUpPr:
        new.sheet_properties.pageSetUpPr = copy(old.sheet_properties.pageSetUpPr)
    new.print_title_rows = old.print_title_rows
    if old.print_area:
        new.print_area = old.print_area
