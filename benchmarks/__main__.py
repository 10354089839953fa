"""All benchmarks, one after the other. `python -m benchmarks --data FOLDER`; each also runs alone."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

WITHOUT_DATA = ("kinds", "console", "crashes", "crashes.listening", "rush", "intake", "listening", "voicelog")
ALL = ("grouping", "folding", "throughput", "forecast", "warning", *WITHOUT_DATA)


def main() -> None:
    """Run each benchmark in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with the public data sets")
    options = parser.parse_args()
    for name in ALL:
        print(f"\n## {name}\n", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        if options.data and name not in WITHOUT_DATA:
            command += ["--data", str(options.data)]
        elif name == "forecast":
            print("needs --data", flush=True)
            continue
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
