"""The product: rules, use cases and adapters. Knows nothing of Chalice or Lambda."""
