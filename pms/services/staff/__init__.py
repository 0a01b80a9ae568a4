"""The people who use the program: their roles, rights and passwords.

States: active, left. A person signs in with a password; a wrong one makes the next try wait longer, for that
person at that workstation only, so nobody can lock another out. Rights are read afresh with every action.
"""
