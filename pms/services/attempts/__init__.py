"""Payments in question: "the phone said paid, nothing arrived".

States: unknown, which is asked again every few minutes → arrived (posted on the folio, exactly once, under
its number) or absent (it did not arrive, or went back by itself). While one is unknown, a payment of the
same sum at the same stay is taken only after a question. Who may note and settle one: whoever takes payments.

The table and the question stand with the folios (``folios/attempts.py``).
"""
