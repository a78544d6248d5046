"""Formulas that count rows: fast where an office takes a text as it is, exact where it would not."""

import pytest

from greenxl.report.sheets.counted import average_formula, count_formula, equals, equals_cell, is_plain


@pytest.mark.parametrize("name", ["城区街道", "索镇（新）", "八一街道12", '西"街'])
def test_a_chinese_name_is_counted_as_it_is(name: str) -> None:
    """Also with figures, brackets and quotes in it."""
    assert is_plain(name)
    assert count_formula([equals_cell("A:A", "$B2", name)]) == "COUNTIFS(A:A,$B2)"


@pytest.mark.parametrize("name", ["*", ">0", "01", "1月", "<>", "城区?", "城~区", "", "=1", "12团"])
def test_what_an_office_may_read_otherwise_is_compared_exactly(name: str) -> None:
    """A pattern, a comparison, a number or a day."""
    assert not is_plain(name)
    assert count_formula([equals("A:A", name)]) == f'SUMPRODUCT((A:A="{name}")*1)'


def test_an_average_is_of_the_numbers_alone() -> None:
    """Of all rows, or of those that fulfil conditions."""
    assert average_formula("C:C", []) == 'IF(COUNTIFS(C:C,">=0")=0,"",ROUND(AVERAGE(C:C),2))'
    assert average_formula("C:C", [equals("A:A", "索镇")]) == (
        'IF(COUNTIFS(A:A,"索镇",C:C,">=0")=0,"",ROUND(AVERAGEIFS(C:C,A:A,"索镇"),2))'
    )
