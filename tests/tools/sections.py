"""The lists of 整改清单: those that are printed by their titles, the full one by its headings."""

from typing import Any

from tests.tools.books import opened

_TITLES = ("一、", "二、", "三、", "涉及部门的失分合计")


def section_cells(data: bytes, title: str) -> list[list[Any]]:
    """Return the rows under a title up to the next one, of each its cells."""
    sheet = opened(data, values=True)["整改清单"]
    printed = sheet[sheet.print_area.split("!")[-1].replace("$", "")]
    found: list[list[Any]] = []
    inside = False
    for row in printed:
        words = str(row[0].value or "")
        if words.startswith(_TITLES):
            inside = words.startswith(title)
        elif inside:
            found.append(list(row))
    return found


def section(data: bytes, title: str) -> list[list[Any]]:
    """Return the same as values, without cells that are empty."""
    return [
        [cell.value for cell in row if cell.value not in (None, "")] for row in section_cells(data, title)
    ]


def full_list(data: bytes, sheet: str = "整改清单", *, values: bool = True) -> list[dict[str, Any]]:
    """Return the rows of the table on a sheet, each by its headings."""
    found = opened(data, values=values)[sheet]
    [table] = found.tables.values()
    header, *rows = ([cell.value for cell in row] for row in found[table.ref])
    return [dict(zip(header, row, strict=True)) for row in rows]
