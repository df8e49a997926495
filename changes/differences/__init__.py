"""Items that turned out to be other than written down, and which change explains it, if any."""
