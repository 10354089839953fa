"""Who may do what: `rights.py` states it for every address, the other files for the rows that a person reaches."""
