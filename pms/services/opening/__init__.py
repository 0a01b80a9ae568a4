"""Opening: a new hotel set up in one step, and a running one taken over with its guests, balances and
deposits."""
