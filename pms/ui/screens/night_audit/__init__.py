"""The night audit: what must be cleared, what would be posted, one button that says what comes next."""
