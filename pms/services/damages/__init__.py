"""Damages by guests: the price list, what a guest is charged and signs for, and that a leader has seen it.

A damage is a row that never changes: who stays where, what was damaged, what the list asks, what was charged
and why less. What is charged is a line of the folio; taken back there, it is taken back here. Every damage is
told to those who lead the desk until one of them has seen it. Who may charge: the desk, less than the price
by authority; who may change the list: who leads it.
"""
