"""Breaches over REST."""
