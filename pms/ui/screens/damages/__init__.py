"""Damages by guests."""
