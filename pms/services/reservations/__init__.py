"""Reservations: one or more rooms held for a guest, each with its own dates, type, price per night and state.

States of a booked room: tentative, waiting, confirmed, guaranteed → in_house → departed; or cancelled,
no_show. Every step has who, when and why; an illegal one is refused by name. A waiting room holds no
inventory.
"""
