"""Pages of service reports."""
