"""A stay with its folio: who it is, every line of money with its rule, and what one can do about it."""
