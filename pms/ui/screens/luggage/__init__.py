"""Luggage storage: bags in, bags out, what stands where."""
