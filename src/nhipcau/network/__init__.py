"""DECIDE: offices and points, people and rights, directives. Nothing of the engine is needed here."""
