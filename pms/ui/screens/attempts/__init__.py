"""Payments in question."""
