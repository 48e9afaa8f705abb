"""Who may call: clients, their API keys, and the people behind tokens."""
