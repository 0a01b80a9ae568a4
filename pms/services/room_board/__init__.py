"""The room board: the whole house as tiles, derived from rooms, stays, bookings and blocks. It keeps no
record of its own."""
