"""How long counts over years of voices take."""
