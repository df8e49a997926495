"""Pages of the practice map and of framework packs."""
