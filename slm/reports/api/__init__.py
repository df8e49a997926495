"""Service reports over REST."""
