"""The first start: choose the demonstration hotel, set up one's own, or join one; then take over the guests
in house."""
