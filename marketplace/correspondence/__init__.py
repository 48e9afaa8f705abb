"""What the two sides of a contract write and hand to each other."""
