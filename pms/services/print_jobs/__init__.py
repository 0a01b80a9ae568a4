"""Print-outs: every paper is a job stored with what it proves, printed once, and printed again only on
request as a marked duplicate.

States: queued, failed (nothing came out; tried again by itself), printing, printed, incomplete (perhaps half
on paper; a person decides), replaced (a duplicate was printed instead), cancelled. Clerks may print
duplicates, and cancel; a manager sets the printers.
"""
