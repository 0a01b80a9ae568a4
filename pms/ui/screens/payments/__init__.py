"""Kinds of payment."""
