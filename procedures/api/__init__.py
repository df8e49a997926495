"""Procedures, processes and accountability over REST."""
