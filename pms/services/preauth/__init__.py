"""Pre-authorisations: an amount that a guest's bank or wallet holds for a stay, which the house has not got.

States: held → completed (captured once, in part or whole; the rest is released with it), released, or run out
after the day until which it is valid, by itself. It may be topped up while it is held; a completion of today
may be undone. What is held backs what the guest owes and is no money. Who may do it: the desk.

The tables and what a check-out does with them stand with the folios (``folios/holds.py``); here are the
words, the lists and the page.
"""
