"""A made-up province that talks: sample streams with known truth, for the demonstration, the tests and the benchmarks.

`write_sample` is the whole public face; the modules' first lines are the map of the package, from `writing` downwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nhipcau.engine.sample.writing import SampleSummary, write_sample

__all__ = ["SampleSummary", "write_sample"]


def __getattr__(name: str) -> object:
    # Arrow and the phrasebook load when a sample is written, not when the engine is imported.
    if name in __all__:
        from nhipcau.engine.sample import writing

        return getattr(writing, name)
    raise AttributeError(name)
