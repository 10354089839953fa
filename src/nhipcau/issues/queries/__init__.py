"""What is shown of issues, alerts and briefs. Only reads."""
