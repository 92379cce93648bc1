"""The virtual judge: which annotations may teach, each decided by cheap named checks with reasons a person can read."""
