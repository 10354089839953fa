"""How well posts are grouped, against live peers. `python -m benchmarks.grouping --data FOLDER`."""
