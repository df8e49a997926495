"""Settings of Steward: `base` for running, `testing` for the test suite."""
