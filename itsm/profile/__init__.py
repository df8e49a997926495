"""One's own settings and API tokens."""
