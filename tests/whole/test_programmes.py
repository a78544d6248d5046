"""Forms of other programmes: the templates that are shipped, and the page on adapting one."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from greenxl.campaign import schemas
from greenxl.campaign.checks import load
from greenxl.campaign.settings import SETTINGS
from greenxl.campaign.tables import templates
from tests.conftest import HERE
from tests.tools import commands

ROOT = HERE.parent
PAGES = [ROOT / "docs" / "programmes.md", ROOT / "docs" / "programmes.zh-CN.md"]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
EVERY_TEMPLATE = pytest.mark.parametrize("name", templates())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_page_names_every_column_and_setting(page: Path) -> None:
    """By title and key, but for fonts, mail servers and recipients, which are no part of a form."""
    text = page.read_text("utf-8")
    settings = [one for one in SETTINGS if not one.name.startswith(("font_", "mail_"))]
    tables = [table for table in schemas.SCHEMAS if table.name not in ("settings", "recipients")]
    columns = [column for table in tables for column in table.columns]
    missing = [one.name for one in (*settings, *columns) if f"{one.title} `{one.name}`" not in text]
    assert missing == []


@pytest.mark.parametrize("page", [*PAGES, *READMES], ids=lambda page: page.name)
def test_the_pages_name_every_template(page: Path) -> None:
    """So does the command's help, which is made of the folders."""
    text = page.read_text("utf-8")
    assert [name for name in templates() if name not in text] == []
