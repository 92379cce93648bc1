"""One outside library per file, imported nowhere else."""
