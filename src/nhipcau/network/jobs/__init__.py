"""Jobs of this room; importing them registers them with `nhipcau.running`."""

from nhipcau.network.jobs import tasks, webhooks

__all__ = ["tasks", "webhooks"]
