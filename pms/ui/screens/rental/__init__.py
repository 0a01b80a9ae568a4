"""Item rental."""
