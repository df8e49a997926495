"""Specifications over REST."""
