"""`{% kept "template" key … %}` includes a part of the frame that is the same from page to page, rendered once.

Everything that such a part says comes from its keys and the language, but for two things that are filled in each time:
the token of its forms, and the address of the page (`here`). It must not hold anything else of a request.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable
from typing import Any, Final

from django.template import Library
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = Library()

MOST: Final = 2_000
"""Parts that are kept, some kilobytes each; when there are more it begins anew."""

_parts: dict[tuple[Hashable, ...], str] = {}
_TOKEN: Final = f"token-{secrets.token_hex(8)}"
_HERE: Final = f"here-{secrets.token_hex(8)}"


@register.simple_tag(takes_context=True)
def kept(context: Context, name: str, *keys: Hashable) -> SafeString:
    """Give the part, rendered now where it was not yet."""
    key = (name, get_language(), *keys)
    part = _parts.get(key)
    if part is None:
        if len(_parts) >= MOST:
            _parts.clear()
        flat: dict[str, Any] = context.flatten()  # type: ignore[assignment]
        part = _parts[key] = get_template(name).render(flat | {"csrf_token": _TOKEN, "here": _HERE})
    request = context.get("request")
    here = request.get_full_path() if request else ""
    filled = part.replace(_HERE, conditional_escape(here))
    if _TOKEN in filled:
        filled = filled.replace(_TOKEN, str(context.get("csrf_token", "")))
    return mark_safe(filled)  # noqa: S308  # rendered by a template, and filled with what is escaped
