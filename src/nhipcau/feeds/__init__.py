"""Reading public feeds, politely and guarded: many at once in `reader.py`. The register is in `nhipcau.voices`."""
