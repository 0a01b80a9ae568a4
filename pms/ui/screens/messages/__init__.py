"""The handover book."""
