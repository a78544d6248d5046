"""Any untrusted workbook, up to its cells: named, opened within limits, read strictly."""
