"""Workbooks as openpyxl reads them: each is opened once, to be looked at and never to be changed."""

import io
import warnings
from functools import lru_cache
from typing import Any

import openpyxl


@lru_cache(maxsize=8)
def opened(data: bytes, *, values: bool = False) -> Any:
    """Return a workbook with its formulas, or with the values that are stored for them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl does not know the data bars of Excel 2010
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values)
