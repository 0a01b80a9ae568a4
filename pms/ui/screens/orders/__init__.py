"""Channel orders."""
