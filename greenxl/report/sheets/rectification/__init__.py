"""整改清单: what has to be put right, in three printed lists, and under them every lost point to look up."""

from greenxl.report.sheets.rectification.sheet import write_rectification

__all__ = ["write_rectification"]
