"""Doors of incidents: the ticket page, a new ticket, the requester's view."""
