"""Who may found a centre: whoever has the key that the start prints, and only while there is no office."""

from __future__ import annotations

from django.utils.crypto import constant_time_compare, salted_hmac

from nhipcau.network.models.offices import Office


def founding_key() -> str:
    """The key of the first page, made from the secret key of the installation: the same until that changes."""
    return salted_hmac("nhipcau.network.founding", "first page").hexdigest()[:24]


def is_unfounded() -> bool:
    """Whether there is no office yet."""
    return not Office.objects.exists()


def may_found(key: str) -> bool:
    """Whether this key opens the first page now."""
    return constant_time_compare(key, founding_key()) and is_unfounded()
