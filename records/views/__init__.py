"""Doors of the platform: what every kind of record shares, and the queue."""
