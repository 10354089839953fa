"""Text made ready for counting: redaction, normalisation for readers, tokens for the engine."""
