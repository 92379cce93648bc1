"""Slack's Web API, as far as a bot for channels, views and reactions needs it."""
