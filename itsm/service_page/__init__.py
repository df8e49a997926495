"""One page per service: how it stands, what was promised, what is open, what is ahead."""
