"""Figures: how the house does over any period, beside last year and the budget, and what is booked for the
days to come. Closed days come from the snapshot; the days to come from the bookings. Those who may read
reports read them; the manager enters the budget.
"""
