"""Measurements of the product as it stands."""
