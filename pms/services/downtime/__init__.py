"""What a workstation can still tell when the hotel's server does not answer: who is in house, who is to come,
the rooms and the balances, as they stood a few minutes before.

Every workstation of a hotel on a server keeps them in a sealed file that it writes anew every two minutes, in
the background. How many people are in which room is told to whoever stands there, as on the evacuation list;
everything else to who types a password of somebody who may read it, and only to be read and printed.
"""
