"""The register of notices: what whoever starts an installation must be told, such as where a new centre is founded.

Rooms register theirs in `<room>/notices`. A notice is a sentence in which `{address}` stands for where pages are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Notice = Callable[[str], Iterable[str]]

_NOTICES: dict[str, Notice] = {}


def notice(function: Notice) -> Notice:
    """Register what gives sentences, in the language it is asked for, when there is something to say."""
    _NOTICES[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def all_notices(lang: str) -> list[str]:
    """Give the sentences of all rooms; needs the tables of this version."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("notices")
    return [sentence for function in _NOTICES.values() for sentence in function(lang)]
