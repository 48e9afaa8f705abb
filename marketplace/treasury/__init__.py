"""Treasury: what goes between our balance at Stripe and our own bank account."""
