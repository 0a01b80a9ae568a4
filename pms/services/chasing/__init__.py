"""Debt chasing: guests in house whose deposit does not last, what they were told, and what they promised.

Nothing is open or closed by hand: whether a guest is to be chased follows from folio, deposit and the rule by
which a check-out charges. What is kept is the log: each call with its result, each notice, payment and credit
allowed, never changed. Any clerk calls, prints and takes money; what is left at the hour is the duty
manager's, who may allow credit.
"""
