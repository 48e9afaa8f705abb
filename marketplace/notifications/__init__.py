"""Telling clients' own systems what has happened: their webhook endpoints, and what is sent there."""
