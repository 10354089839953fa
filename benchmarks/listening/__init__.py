"""How soon a pushed voice is shown in its issue, how fast a backlog is caught up with, and what the listener needs."""
