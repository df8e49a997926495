"""Rows of the agent queue, read from the record's own table: no clock, comment or log is touched for a list."""
