"""Prices: rate plans, and what each asks for a type on a date and weekday. A clerk's own price needs
authority."""
