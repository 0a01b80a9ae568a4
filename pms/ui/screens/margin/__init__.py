"""The shop's margin."""
