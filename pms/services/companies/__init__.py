"""Agreement companies: with whom the house has agreed a price plan, what it lets them owe, and who may sign
for them.

States: in force while the agreement's dates run, ended, or suspended with its reason. Who may see them:
whoever sees guests; who may change them: whoever manages.
"""
