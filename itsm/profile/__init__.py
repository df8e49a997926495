"""One's own settings and API tokens, and calendar feeds."""
