"""What channels owe and are owed: the room of a prepaid order, credited at the check-in; the room of one on
the channel's credit, taken over at the check-out; the commission of one that is paid at the hotel.

States of a bill: open until what came in, went out or was written off leaves nothing of it; void where its
check-in was taken back. What is not used up goes back to the channel, never out to the guest. Who may take
what a channel pays: the desk; who may pay a channel, put a sum on its account or write one off: who leads.
"""
