"""What to fix first: every bad outcome is replayed with one stage at a time swapped for the known right answer."""
