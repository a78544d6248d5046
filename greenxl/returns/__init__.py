"""Untrusted files, up to score sheets: what was returned, read in processes of their own."""
