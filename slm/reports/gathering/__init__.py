"""What a report says, counted from live records. Every figure keeps the rows that it was counted from."""
