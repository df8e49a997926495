"""Pages of meetings: the list, one meeting, its minutes, and the acts below it."""
