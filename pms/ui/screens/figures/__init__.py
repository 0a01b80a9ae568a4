"""Figures: how the house does, beside last year and the budget."""
