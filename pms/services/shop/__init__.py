"""The shop at the desk: goods, what came in and went out, and the money for it.

Stock is nothing but the sum of a good's moves, and moves never change. A sale is paid in cash, by card or
mobile, or goes to a room; a return names the sale and never exceeds it. States of a purchase request: open →
done or dropped. The desk sells, receives and counts; what leaves without money needs a supervisor; goods and
prices are a supervisor's.
"""
