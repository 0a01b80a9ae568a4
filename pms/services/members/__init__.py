"""Members: who belongs to the house's club, at which level, and what that gives.

A **level** is data: its price plan, until when a departure is free, how many times the points, what a card
costs, what one needs to be raised to it. A **member** has a number, a level, at most one valid card, and is
found by phone, card, name or pinyin; suspended by who leads, ended for good at the member's own wish, which
erases phone and date of birth at once. A stay remembers whose membership it counts for. The desk registers
and sells cards; levels and suspensions are for who leads.
"""
