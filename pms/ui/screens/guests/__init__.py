"""The guests' records."""
