"""Reports of closed days."""
