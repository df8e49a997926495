"""Reads about changes that need the database."""
