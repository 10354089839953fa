"""Processes of a working centre are killed at random: nothing may be lost, doubled or half-written."""
