"""Procedures: who does what, and how, at a step of a process; and who is accountable for it."""
