"""The pages of articles."""
