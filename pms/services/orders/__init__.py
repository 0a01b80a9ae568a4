"""Orders from channels: what was pasted or read from a list, what was understood of it, and which booking it
became.

States: new, changed, cancelled, asked to cancel, refused with a reason. Who may: whoever books.
"""
