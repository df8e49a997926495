"""Doors of approvals, deputies, policies and boards."""
