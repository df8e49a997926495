"""What went wrong, said so that a person knows what to do next."""


class Trouble(Exception):
    """A start cannot go on. The message is a complete sentence or two: what happened, why, what to do."""
