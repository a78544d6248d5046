"""The printed lists of 整改清单, each found by its title."""

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
