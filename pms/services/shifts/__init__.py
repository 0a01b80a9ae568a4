"""Shifts: one person answers for the drawer of one workstation, from the float to the count.

A shift is open, then counted (blind: the person counts before the program tells what should be there), then
closed; money moves in an open shift only, and every posting carries its number. What differs goes to the
over/short account with a reason. The next person takes over by password, with every open item of the house
accepted one by one; what that sheet showed never changes. The desk works shifts, a lead approves what is paid
out of the drawer.
"""
