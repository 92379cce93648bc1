"""Reply drafts without a language model: composed from sentences of the snippets on the screen."""
