"""The shop: the till, the shelf, the receipts and what should be bought."""
