"""All points open their page at once and acknowledge within a minute, while the hub watches its live board."""
