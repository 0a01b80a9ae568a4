"""Folios and the ledger: every posting moves an amount from one account to another, so the books balance by
construction.

Rows are never changed or deleted, and the database refuses it. A mistake is reversed: the same business date
by a void, later by an adjustment. A folio is the account of one payer of one stay, window A to H. Open,
closed. A routing rule leads a kind of charge from window A to another folio, for days and up to a sum.
"""
