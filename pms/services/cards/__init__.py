"""Room cards: every card cut, copied, extended, returned or lost is a record. A failed encoding leaves the
guest checked in and the card marked failed, with the retry one key away. States: failed, valid, ended,
returned, lost.
"""
