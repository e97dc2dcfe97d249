"""Refusals are shown on pages, so nothing that somebody typed may get there as HTML.

A lazy message has `__html__`, which templates take for HTML that is safe, whatever it holds.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest
from flask import render_template_string

from eventapp.core.errors import Refusal
from tests.architecture.sources import called_name, walk_modules

LAZY = {"_l", "lazy_gettext", "lazy_ngettext", "lazy_pgettext"}
HOSTILE = "<script>alert(1)</script>"


def list_refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for refusal in kind.__subclasses__():
        yield refusal
        yield from list_refusals(refusal)


def takes_text(refusal: type[Refusal]) -> bool:
    return any(is_text(parameter) for parameter in parameters_of(refusal))


def is_text(parameter: inspect.Parameter) -> bool:
    return "str" in str(parameter.annotation)


def parameters_of(refusal: type[Refusal]) -> list[inspect.Parameter]:
    return [
        parameter
        for parameter in inspect.signature(refusal).parameters.values()
        if parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
    ]


def refuse(refusal: type[Refusal]) -> Refusal:
    """Return a refusal that is given hostile text wherever it takes a text."""
    positional, named = [], {}
    for parameter in parameters_of(refusal):
        value = HOSTILE if is_text(parameter) else 1_000_000
        if parameter.kind == parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            positional.append(value)
    return refusal(*positional, **named)


def test_lazy_messages_hold_nothing():
    holding = [
        module.at(node)
        for module, node in walk_modules()
        if isinstance(node, ast.Call) and called_name(node) in LAZY and node.keywords
    ]

    assert holding == []


@pytest.mark.parametrize("refusal", [each for each in list_refusals() if takes_text(each)])
def test_refusals_with_typed_text_are_escaped(app, refusal):
    with app.test_request_context():
        shown = render_template_string("{{ message }}", message=refuse(refusal).message)

    assert HOSTILE not in shown
