"""One module per file format, all with the same result: :class:`greenxl.returns.cells.WorkbookCells`."""
