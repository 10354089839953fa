"""How fast the console is with three years of history. `python -m benchmarks.console [--recipients N] [--audits N]`."""
