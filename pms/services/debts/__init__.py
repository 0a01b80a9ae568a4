"""What agreement companies owe: a bill for each folio that a guest's company pays later, signed for by one of
its signers, and what came in on it.

States of a bill: open until all of it is paid or written off; void where its check-out was taken back. Who
may charge to a company's account: the desk, within the company's limit; beyond it, and to write a debt off:
who leads. Receipts and write-offs never change; one is taken back by another.
"""
