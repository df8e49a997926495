"""Deployments and environments in the API."""
