"""A second person's word for one act: at the desk by password, or by phone; and signatures.

States: given, used, and by phone signed for. A word stands for one operation with its very fields, at one
workstation, for 60 seconds, once. Who holds the right to approve gives it. The desk may take it by phone:
then it is open, and found by the night audit, until the person has signed.
"""
