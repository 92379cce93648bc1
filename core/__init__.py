"""The product without Slack and without trainers."""
