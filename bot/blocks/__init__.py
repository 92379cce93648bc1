"""Pure functions from values to Block Kit."""
