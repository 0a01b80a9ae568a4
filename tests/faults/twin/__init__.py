"""A hotel's twin in plain Python: numbers, dates and dictionaries, none of the program's own rules.

Each part of the house is a class: what is so (its attributes), what can be done (methods marked ``act``: each
draws one step and says whether the hotel must do it, and what is so afterwards), what a close changes
(``night``), what the twin says and what the hotel shows of the same (``says``, ``shows``).

A new operation of a duty that is here is one more ``act``; a new duty is a class of its own, named in
``hotel.Hotel``. An act that draws what must be refused is worth as much as one that draws what must be done.
"""
