"""What a service is said to be: versions of statements in four cells, and what they say of a call."""
