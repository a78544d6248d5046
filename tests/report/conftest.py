"""The rounds whose consolidated workbooks the tests of their sheets read."""

import pytest

from greenxl.campaign.model import Campaign
from tests.tools.reports import ROUNDS, Make, Report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """openpyxl does not know Excel's later data bars, and warns of them."""
    for item in items:
        if "report" in item.path.parts:
            item.add_marker(pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"))


@pytest.fixture(scope="session", params=ROUNDS, ids=lambda make: make.__name__)
def report(request: pytest.FixtureRequest, huantai: Campaign, other: Campaign) -> Report:
    """The workbook of each round, made once for all tests."""
    make: Make = request.param
    return Report(make(huantai, other))
