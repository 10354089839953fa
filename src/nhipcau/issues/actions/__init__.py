"""What people and the worker do with issues, alerts and briefs: one transaction and one audit record each."""
