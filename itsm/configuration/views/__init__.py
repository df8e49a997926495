"""Doors of the configuration pages."""
