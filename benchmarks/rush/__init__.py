"""All points open a directive at once and acknowledge within a minute, while the hub watches its live board."""
