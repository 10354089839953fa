"""Jobs of this room; importing them registers them with `nhipcau.running`."""

from nhipcau.network.jobs import tasks

__all__ = ["tasks"]
