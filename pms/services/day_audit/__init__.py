"""The day audit: what went wrong, by whom, why, and what is taught because of it. A finding is open until its
cause, its person and the training are named and it is closed; a closed one does not change any more. What the
night audit queried comes here by itself at the close. Those who lead and the night auditor add findings;
those who lead name the person and close them.
"""
