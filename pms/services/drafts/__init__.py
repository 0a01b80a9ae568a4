"""Drafts: what has been typed on a page and is not done yet, kept for its workstation until it is.

A draft belongs to one page and what that page was opened for. It holds names and document numbers, so it
is sealed under the hotel's key and never stands in the open, neither in a file nor in the audit trail.
Anybody at the workstation may go on with it. It goes when the work is done or given up, and after a day and
a half.
"""
