"""Collecting: from a mailbox on a server to files among the returns."""
