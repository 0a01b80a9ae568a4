"""The hotel's accounting day: which date it is, and how it moves (by the night audit alone, one day at a
time)."""
