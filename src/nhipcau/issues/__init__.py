"""UNDERSTAND: the engine at work on the voice log; issues, alerts and briefs. The engine itself knows none of this."""
