"""The server's part of the command palette: what it finds beyond the acts and places of the page."""
