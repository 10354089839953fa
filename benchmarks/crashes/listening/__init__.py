"""Processes of a centre that listens are killed at random: voices, issues and briefs are those of an unbroken run."""
