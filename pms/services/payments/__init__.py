"""Kinds of payment: which the desk offers, in which order and under which name, what number each bears,
and how its money goes back.

The house edits them; a kind is never taken out, for what came by it stands in the books."""
