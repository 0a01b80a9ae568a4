"""Debt chasing."""
