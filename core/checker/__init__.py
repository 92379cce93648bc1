"""The reply checker: three separate marks for a reply against what is on the screen, by rules alone."""
