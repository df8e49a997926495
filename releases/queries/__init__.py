"""Reads about releases."""
