"""Doors of procedures, processes and accountability."""
