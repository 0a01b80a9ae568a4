"""Lost and found: what is kept, what is missed, how a thing gets back to its owner."""
