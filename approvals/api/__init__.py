"""Approvals in the REST API: the same acts as the pages."""
