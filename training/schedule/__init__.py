"""The process that keeps the cadence: one leader rings, trains, compares and clears up."""
