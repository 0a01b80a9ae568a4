"""Wake-up calls: who is to be woken when, how often it was tried, and the proof that it was done.

A call is due, then answered or given up (no answer after the tries, security or the duty manager went up), or
cancelled. Any clerk takes calls and works them off; a call belongs to a stay and falls away with it.
"""
