"""Measurements and, later, the trainers; meets the bot only in the database and the registry."""
