"""Pages of what services are said to be."""
