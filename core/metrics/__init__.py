"""The figures that tell a team how the bot is doing: values, intervals, and what they are computed from."""
