"""Template tags without variables say the same each time in one language: `translate`, `url` and `static` remember it.

They are Django's own tags; a page holds dozens of them. In the settings they stand for the libraries of their names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template import Library
from django.template.base import FilterExpression, Node, Parser, Token, Variable
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as do_url
from django.templatetags import i18n, static
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

Compile = Callable[[Parser, Token], Node]
register = Library()
register.tags = {**i18n.register.tags, **static.register.tags}
register.filters = dict(i18n.register.filters)


class Remembered(Node):
    """A node that is rendered once for each language."""

    child_nodelists = ()

    def __init__(self, node: Node) -> None:
        self.node = node
        self._said: dict[str | None, Any] = {}

    def render(self, context: Context) -> Any:
        """Give what was said in this language before, or have it said."""
        language = get_language()
        if language not in self._said:
            self._said[language] = self.node.render(context)
        return self._said[language]


def _remembering(compile_tag: Compile) -> Compile:
    def compiled(parser: Parser, token: Token) -> Node:
        node = compile_tag(parser, token)
        return Remembered(node) if _is_constant(node) else node

    return compiled


def _is_constant(node: Any) -> bool:
    """Whether nothing of what a node says comes from the page."""
    if isinstance(node, TranslateNode):
        return node.asvar is None and node.message_context is None and _is_literal(node.filter_expression)
    if isinstance(node, URLNode):
        return node.asvar is None and not node.args and not node.kwargs and _is_literal(node.view_name)
    return isinstance(node, StaticNode) and node.varname is None and _is_literal(node.path)


def _is_literal(expression: FilterExpression) -> bool:
    if expression.filters:
        return False
    return not isinstance(expression.var, Variable) or expression.var.literal is not None


for _name in ("translate", "trans"):
    register.tags[_name] = _remembering(i18n.do_translate)
register.tags["url"] = _remembering(do_url)
register.tags["static"] = _remembering(static.do_static)
