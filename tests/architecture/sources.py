"""What the tests of the whole codebase read: every module as a tree, every template as text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"

COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
TRANSLATED = re.compile(r"{%-?\s*trans\b.*?endtrans\s*-?%}", re.DOTALL)
CLASS_NAMES = re.compile(r"{%-?\s*(block|macro) \w*class\b.*?%}.*?{%-?\s*end\1.*?%}", re.DOTALL)
RAW = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


@dataclass(frozen=True)
class Module:
    """A Python file; `name` is its path from the project's folder."""

    name: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 1)}"


@cache
def list_modules() -> tuple[Module, ...]:
    """Every module of the application."""
    paths = [ROOT / "config.py", *sorted((ROOT / "eventapp").rglob("*.py"))]
    return tuple(
        Module(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in paths
    )


def walk_modules() -> Iterator[tuple[Module, ast.AST]]:
    for module in list_modules():
        for node in ast.walk(module.tree):
            yield module, node


@cache
def read_templates() -> dict[str, str]:
    """Every template by its name, without its comments."""
    return {
        path.relative_to(TEMPLATES).as_posix(): COMMENT.sub("", path.read_text("utf-8"))
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
    }


def read_pages() -> dict[str, str]:
    """The templates that a browser is shown; mails keep rules of their own."""
    return {
        name: text
        for name, text in read_templates().items()
        if name.endswith(".html") and not name.startswith("mail/")
    }


def html_of(template: str) -> str:
    """Return the HTML that the template itself writes, without what it fills in or translates."""
    return RAW.sub("", CLASS_NAMES.sub("", TRANSLATED.sub("", template)))


def called_name(call: ast.Call) -> str:
    """Return what is called, as it is written: `datetime.now`, `db.session.commit`, `print`."""
    return ast.unparse(call.func)


def literals() -> set[str]:
    """Return every string that is written out in the application's code."""
    return {
        node.value
        for _module, node in walk_modules()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
