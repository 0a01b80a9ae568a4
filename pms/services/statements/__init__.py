"""Statements of the payment providers, the card acquirer and the banks, held against the ledger line by line.

A file is read in once; its lines are kept and never changed. What they come to is worked out from the lines
and the books whenever it is looked at: matched, missing here, missing there, differing. What stays open is
cleared with a reason by who may, and stays cleared.
"""
