"""Configuration items in the REST API."""
