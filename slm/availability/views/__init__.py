"""Pages of availability and outages."""
