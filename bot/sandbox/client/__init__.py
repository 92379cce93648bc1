"""What people do in the local Slack: the JSON surface behind its page and behind scripted people."""
