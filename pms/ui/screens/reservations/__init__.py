"""Bookings: the list of what is to come, and the form that books."""
