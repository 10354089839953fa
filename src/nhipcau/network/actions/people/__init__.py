"""What is done with people: adding and inviting them, seats, deputies, the duty roster."""
