"""Agreement companies."""
