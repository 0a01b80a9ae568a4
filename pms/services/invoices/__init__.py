"""Invoices (数电票): what a guest wants written on a tax invoice, and what the tax platform issued.

A row is an invoice for one stay: buyer, tax number, amount. States: wanted → issued (its twenty figures,
its day) or
called off. An issued invoice is never changed or voided: a red letter, or several, takes it back in part
or in whole.

What may be invoiced of a stay is what it was charged and has paid: deposits count once they are used, what
was left
unsettled or is paid by a channel does not. The sum of a stay's invoices less their red letters never
passes it; the table of sums refuses it too.

The desk takes the wish, notes what was issued and opens the platform's files; red letters are for who
leads a shift.
"""
