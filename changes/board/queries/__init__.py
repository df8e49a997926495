"""What is to be talked about, who is needed for it, and what a meeting looks like."""
