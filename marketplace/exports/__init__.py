"""What finance takes home as a file: rows of the ledger, of payouts and of exceptions."""
