"""What the tests share: the shipped campaign, a second one that differs in everything, a real office."""

import os

os.environ["GREENXL_LANG"] = "en"  # before greenxl is imported: the language is chosen once
os.environ["OPENPYXL_LXML"] = "False"  # the tests' own tools bring lxml, users have openpyxl without it

from collections.abc import Iterator
from pathlib import Path

import pytest

from greenxl.campaign import shipped
from greenxl.campaign.checks import load
from greenxl.campaign.model import Campaign
from tests.tools.office import Office, missing

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "samples"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever drives LibreOffice is slow; the rest that is slow bears the marker itself."""
    for item in items:
        if "office" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def huantai() -> Campaign:
    return load(shipped())


@pytest.fixture(scope="session")
def other() -> Campaign:
    """Sixteen criteria of unequal, partly decimal points, pass mark 70 of 110, urban totals, no target."""
    return load(HERE / "campaigns" / "other")


@pytest.fixture(scope="session")
def schools() -> Campaign:
    """Seven criteria for six schools of three school districts, in none of the plan's words."""
    return load(HERE / "campaigns" / "schools")


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with Office() as running:
        yield running
