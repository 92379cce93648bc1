"""The response ranker: which of several drafts an agent would rather have, learned from preferences."""
