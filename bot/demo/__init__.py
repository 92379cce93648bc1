"""The main job on embedded defaults: a local Slack, the bot, sample knowledge, sample cases."""
