"""Doors of agreements and of the explanation of clocks."""
