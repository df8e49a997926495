"""How fast Steward is, measured beside the bare database and a bare Django view: `make bench`."""
