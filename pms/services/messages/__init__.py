"""The handover book: what one shift tells the next, and messages to a colleague or about a guest. Open until
somebody has done or read it; every entry keeps who wrote it and who closed it. Everybody who works at the
desk writes and closes.
"""
