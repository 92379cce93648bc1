"""The model registry: which versions exist, which of them serves, and what happened to each."""
