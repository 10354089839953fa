"""What is done with briefs: drafting, editing, signing, sending, correcting, their readers and their hours."""
