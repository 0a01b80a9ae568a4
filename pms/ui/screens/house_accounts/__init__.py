"""House accounts."""
