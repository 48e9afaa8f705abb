"""What every capability speaks: money, ids, time, errors, events and the storage transaction."""
