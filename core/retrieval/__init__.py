"""The first stage: a conversation finds the snippets that may answer it."""
