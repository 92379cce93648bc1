"""The command line's words for what the bot can do."""
