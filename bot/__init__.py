"""Everything that knows the word Slack."""
