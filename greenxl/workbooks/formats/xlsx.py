"""Office Open XML workbooks, .xlsx and .xlsm (ECMA-376 part 1, 18), as Excel reads them.

Strict where Excel is: what it would repair, or what another program would take otherwise, is refused as
ambiguous. Nothing is kept of empty cells.
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from greenxl.workbooks.cells import Ambiguous, CellBudget, SheetCells, Visibility, Wanted, WorkbookCells
from greenxl.workbooks.formats.cell_value import Book
from greenxl.workbooks.formats.number_format import Epoch
from greenxl.workbooks.formats.package import Package, Relation
from greenxl.workbooks.formats.shared_strings import shared_strings
from greenxl.workbooks.formats.spreadsheet_ml import check_type, only, root_namespace, styles
from greenxl.workbooks.formats.worksheet import read_sheet
from greenxl.workbooks.formats.xml_part import flag
from greenxl.workbooks.safe_zip import Archive

_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_MACROS = {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"}
_MACRO_PARTS = ("vbaproject.bin", "/macrosheets/")
"""What macros are called as well where nothing refers to them: a repair may find them."""
_LINK_PARTS = ("/externallinks/",)


def read(box: Archive, wanted: Wanted | None = None) -> WorkbookCells:
    """Return the cells of a workbook, of the sheets that are not ``wanted`` the names.

    :raises Refused: it cannot be read in one way alone.
    """
    package = Package(box)
    part = package.workbook
    if package.kind not in ("xlsx", "xlsm"):
        raise Ambiguous(f"{part}: {package.content_type(part)}")
    root = package.tree(part)
    main = root_namespace(root, "workbook", part)
    properties = only(root, f"{main}workbookPr")
    from_1904 = properties is not None and flag(properties.get("date1904"), "date1904")
    epoch = Epoch.FROM_1904 if from_1904 else Epoch.FROM_1900
    kinds = {relation.kind for relation in package.relations(part).values()}
    strings = {str(number): text for number, text in enumerate(shared_strings(package))}
    book = Book(strings, styles(package), epoch)
    return WorkbookCells(
        sheets=tuple(_sheets(package, root, main, book, wanted)),
        calculated=_calculated(only(root, f"{main}calcPr")),
        date_1904=from_1904,
        macros=bool(kinds & _MACROS) or package.holds(_MACRO_PARTS),
        links="externalLink" in kinds or package.holds(_LINK_PARTS),
        saved=package.saved(),
    )


def _calculated(properties: Element | None) -> bool:
    """Whether the values that formulas were saved with are those that an office shows on opening."""
    if properties is None:
        return True
    by_hand = properties.get("calcMode") == "manual" and not _said(properties, "calcOnSave", True)
    return (
        not by_hand
        and not _said(properties, "fullCalcOnLoad", False)
        and _said(properties, "calcCompleted", True)
    )


def _said(properties: Element, name: str, default: bool) -> bool:
    return flag(properties.get(name), name, default)


def _sheets(
    package: Package, root: Element, main: str, book: Book, wanted: Wanted | None
) -> Iterator[SheetCells]:
    """Yield the worksheets in the order of their tabs."""
    listed = only(root, f"{main}sheets")
    elements = list(root.iter(f"{main}sheet"))
    if listed is None or len(elements) != len(listed.findall(f"{main}sheet")):
        raise Ambiguous(f"{package.workbook}: <sheets>")
    relations = package.relations(package.workbook)
    budget = CellBudget()
    seen: set[str] = set()
    names = [element.get("name", "") for element in elements]
    read = wanted(names) if wanted else names
    for element in elements:
        name = element.get("name", "")
        if element.get(_IDS[0]) == "":
            continue  # a module of Excel 5, which has no part
        relation = _relation(element, relations)
        if relation is None or not name:
            raise Ambiguous(f"{package.workbook}: <sheet>", sheet=name)
        # Two sheets of one name, or two that are one part, are nothing that an office writes.
        for key in (f"name {name.casefold()}", relation.target):
            if key in seen:
                raise Ambiguous(f"{package.workbook}: {key[:80]}", sheet=name)
            seen.add(key)
        if relation.kind == "worksheet":
            check_type(package, relation.target, "worksheet+xml")
            if name not in read:
                yield SheetCells(name, _state(element, name))
                continue
            data = package.bytes(relation.target)
            yield read_sheet(relation.target, data, book, budget, name, _state(element, name))


def _relation(element: Element, relations: Mapping[str, Relation]) -> Relation | None:
    key = next((element.get(key, "") for key in _IDS if element.get(key)), "")
    relation = relations.get(key)
    return None if relation is None or relation.external else relation


def _state(element: Element, name: str) -> Visibility:
    state = element.get("state", "visible")
    if state not in list(Visibility):
        raise Ambiguous(f'state="{state[:20]}"', sheet=name)
    return Visibility(state)
