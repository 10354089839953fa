"""How well the rules of `nhipcau.engine.kinds` do on voices with a known kind. `python -m benchmarks.kinds`."""
