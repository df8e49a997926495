"""Reads of procedures: on a record, in a process, in a workflow, and who really acted."""
