"""The page of money that waits."""
