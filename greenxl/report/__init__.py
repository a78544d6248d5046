"""The consolidated workbook and the JSON document, out and back in."""
