"""Serial numbers: which ones the house's money papers were given, and the books of forms numbered in print.

A series of the program gives each number once; one that no paper or record holds is missing, one that two
papers hold is doubled, and both are told. A book of blank forms (receipts bought at the printer's) is
received with its numbers from to, handed out to somebody, counted by the next number that is unused, with
the stubs and the spoilt forms beside it, and comes back; what neither stub nor spoilt form accounts for is a
gap until who leads a shift explains it.

Everybody at the desk hands books out and counts them; who leads a shift receives them and explains gaps;
the numbers of the papers are looked at by who leads a shift and by the auditor.
"""
