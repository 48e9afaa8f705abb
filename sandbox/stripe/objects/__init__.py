"""One module per resource: the shape of its objects, what can be done with them, and its endpoints."""
