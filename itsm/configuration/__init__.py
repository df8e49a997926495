"""Pages and API of configuration items. They stand here because they show records and agreements around the items."""
