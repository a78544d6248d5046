"""greenxl carries a scoring round from blank spreadsheets to a leader's desk."""

__version__ = "0.1.0"
