"""Reports: what a closed day looks like on paper. They read the snapshot and the closed ledger only, so a
closed day's report is the same today and in ten years. A report of a day that is still open does not exist.
Who may run the audit or lead may read them.
"""
