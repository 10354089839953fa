"""How well near copies are folded. `python -m benchmarks.folding`."""
