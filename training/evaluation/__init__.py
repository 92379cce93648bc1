"""Champion and candidate on the same later cases, and the gate that decides what becomes of the candidate."""
