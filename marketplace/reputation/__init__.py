"""What the sides of a contract think of each other, and the reputation that comes of it."""
