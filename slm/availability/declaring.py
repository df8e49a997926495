"""How a practice says that its records tell of outages."""

from . import panel, reactions, sources


def tells_of_outages(kind: str, tell: sources.Teller) -> None:
    """
    Let outages be recorded from records of a kind, propose them from critical ones, and end them with the resolution.

    Called from the `ready` of the practice.

    :param tell: gets a record as its own kind, and says what it knows of the outage.
    """
    sources.declare(kind, tell)
    reactions.register(kind)
    panel.register(kind)
