"""The reference in the READMEs holds every command and every option, in both languages."""

import click
import pytest

from tests.tools import reference
from tests.tools.commands import leaves


@pytest.mark.parametrize("language", reference.PAGES)
def test_the_reference_is_fresh(language: str) -> None:
    """What stands there is what the commands take: else ``python -m tests.tools.renew reference``."""
    assert reference.PAGES[language].read_text("utf-8") == reference.page(language)


@pytest.mark.parametrize("language", reference.PAGES)
@pytest.mark.parametrize("name", sorted(leaves()))
def test_every_option_of_a_command_is_in_its_row(name: str, language: str) -> None:
    """All that a command takes is in its row, and each option has a row of its own."""
    text = reference.PAGES[language].read_text("utf-8").partition(reference.BEGIN)[2]
    [row] = [line for line in text.splitlines() if line.startswith(f"| `greenxl {name} ")]
    for option in (one for one in leaves()[name].params if isinstance(one, click.Option)):
        assert f"[{min(option.opts, key=len)}" in row
        assert any(
            line.startswith(f"| `{', '.join(sorted(option.opts, key=len))}") for line in text.splitlines()
        )
