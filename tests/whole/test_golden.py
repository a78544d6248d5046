"""What the workbooks are made of changes only on purpose, by ``python -m tests.tools.renew goldens``."""

from difflib import unified_diff

import pytest

from tests.tools.golden import GOLDENS, made, stored

MOST_LINES = 60
"""Of a difference that is shown."""


@pytest.mark.parametrize("name", GOLDENS)
def test_a_workbook_has_the_parts_of_its_golden(name: str) -> None:
    """No sheet is new, renamed or gone."""
    assert sorted(made(name)) == sorted(stored(name))


@pytest.mark.parametrize(
    ("name", "part"), [(name, part) for name in GOLDENS for part in sorted(stored(name))]
)
def test_a_sheet_is_made_of_what_its_golden_says(name: str, part: str) -> None:
    """Cells, formats, validations, conditions; of the workbook itself its properties and charts."""
    before, after = stored(name)[part].splitlines(), made(name).get(part, "").splitlines()
    changes = list(unified_diff(before, after, "golden", "made today", n=1, lineterm=""))
    if changes:
        more = [f"… and {len(changes) - MOST_LINES} lines more"] if len(changes) > MOST_LINES else []
        pytest.fail("\n".join([f"{name}, {part}:", *changes[:MOST_LINES], *more]), pytrace=False)
