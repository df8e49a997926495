"""What service reports tell of incidents: they are the tickets of customers."""

from slm.reports.gathering.tickets import register_tickets


def declare_tickets() -> None:
    """Called from `ready`."""
    register_tickets("incident")
