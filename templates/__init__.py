"""The shipped campaigns and mail texts, as data."""
