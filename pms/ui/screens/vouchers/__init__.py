"""Serial numbers."""
