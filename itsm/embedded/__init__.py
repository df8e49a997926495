"""
The servers that Steward brings along: PostgreSQL and Valkey from packages, supervised as children.

Nothing here imports Django: the settings ask `location` where the servers are, before Django is ready.
"""
