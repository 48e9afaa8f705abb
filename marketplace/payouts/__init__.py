"""Workers' money out: from our ledger through Stripe to the bank line."""
