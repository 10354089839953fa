"""The house that the rooms stand in: settings, addresses, base templates, style, and what every page has in common."""
