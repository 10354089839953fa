"""The API for programs, `/api/v1`: parse, ask for access, call an action or a query of the network, render.

Nothing is decided here: rights are those of `network/access`, writes are its actions.
"""
