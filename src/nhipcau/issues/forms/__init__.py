"""Reading what was typed, and the words of what can go wrong."""
