"""The DynamoDB side of the ports: models, keys, the commit and the read models."""
