"""Reads about improvements."""
