"""Correction copies for towns."""
