"""How fast the whole path is. `python -m benchmarks.throughput [--input FILE] [--posts N …]`."""
