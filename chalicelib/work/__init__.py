"""What each queue's consumer does with one event. Each module is imported by its own function alone."""
