"""Guests: who they are. Document numbers are sealed under a key per guest, shown masked, revealed with a
logged reason, erased by destroying the key. Identity: pending, checked.
"""
