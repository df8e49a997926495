"""Availability and outages over REST."""
