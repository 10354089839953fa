"""What templates of tokens need."""

from __future__ import annotations

from django import template

from nhipcau.network.tokenwords import SCOPES

register = template.Library()


@register.filter
def scope_words(scope: str) -> str:
    """Say what a scope allows; one that is no longer there says its code."""
    return str(SCOPES.get(scope, scope))
