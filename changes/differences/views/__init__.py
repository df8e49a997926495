"""Doors of differences."""
