"""The reference of the commands is what they print, and their help is fit to be read."""

import pytest

from greenxl.cli.app import cli
from tests.tools import commands_page


@pytest.mark.parametrize("language", commands_page.PAGES)
def test_the_page_is_fresh(language: str) -> None:
    """The stored page is what the commands print: else ``python -m tests.tools.renew commands``."""
    assert commands_page.PAGES[language].read_text("utf-8") == commands_page.page(language)


@pytest.mark.parametrize("language", commands_page.PAGES)
def test_no_summary_is_cut(language: str) -> None:
    """In a window of 80 columns the list of commands tells each in full, in one line."""
    [text] = commands_page.help_of([[]], language, columns=80)
    lines = text.partition("  check ")[2].splitlines()[: len(cli.commands)]
    assert not [line for line in lines if line.endswith("...")]
    assert [line.split()[0] for line in lines[1:]] == sorted(cli.commands)[1:]


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_option_is_explained(name: str) -> None:
    """No option stands in the help without a word about it."""
    context = cli.commands[name].make_context(name, [], resilient_parsing=True)
    options = [p for p in cli.commands[name].get_params(context) if p.param_type_name == "option"]
    assert [option.name for option in options if not getattr(option, "help", None)] == []
