"""What the READMEs show is what the commands print."""

from pathlib import Path

import pytest

from tests.tools import readme


@pytest.mark.slow
@pytest.mark.parametrize("path", readme.LANGUAGES, ids=lambda p: Path(p).name)
def test_the_commands_of_the_readme_print_what_it_shows(path: Path) -> None:
    """Every console block, run in order; ``python -m tests.tools.renew readme`` rewrites the output."""
    assert readme.run(path) == path.read_text("utf-8")
