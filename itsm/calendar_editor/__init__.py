"""Pages to set calendars up. They stand here because they ask `people` for rights, which calendars know nothing of."""
