"""How many voices a second a centre accepts durably: programs push batches, and what is answered is counted."""
