"""Measurements: each module is one command that prints a table and can write it as JSON."""
