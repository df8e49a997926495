"""What services are said to be, in four cells: pages, what agreements and reports make of it, and what a call is."""
