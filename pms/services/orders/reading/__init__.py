"""Read an order as a channel writes it: text or list in, a proposal out; nothing here knows a database."""
