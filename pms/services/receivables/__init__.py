"""Money that stays behind when nobody is in house for it: what a stay left unsettled, and the advance of a
booking that will not come.

States: owed until it is paid, held until it is given back or kept. Who may take payments takes what is owed;
who may refund gives an advance back; who may adjust keeps it. Each prints its paper.
"""
