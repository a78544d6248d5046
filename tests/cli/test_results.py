"""A result is printed for people."""

from tests.cli.conftest import Run
from tests.conftest import SAMPLES


def test_the_table_of_towns_is_plain_text(run: Run) -> None:
    """Also on a terminal: the old console of Windows would print the codes of bold headings."""
    shown = run("check", SAMPLES / "returned", FORCE_COLOR="1", COLUMNS="120").stdout
    assert "Town      listed" in shown
    assert "\x1b" not in shown
