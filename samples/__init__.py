"""Returned workbooks, clean and spoiled, for the demonstration and the tests."""
