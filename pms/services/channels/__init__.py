"""Channels that sell the house's rooms: how their orders are paid, what commission they take, and for which
period they settle.

States: active, or not sold through any more. Who may see them: whoever sees guests; who may change them:
whoever manages.
"""
