"""The shop's margin: what the goods sold brought beyond what they cost the house, by article, day and month.

Each move of a good keeps the cost at which it went; what was lost, given away, used by the house or missing
at a count stands beside it at cost. Who runs the hotel and the auditor see it.
"""
