"""Every template: compiled, used, nothing inline, and its words open to translation."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import flask_security
import pytest
from flask import Flask
from jinja2 import meta

from tests.architecture.sources import (
    html_of,
    literals,
    read_pages,
    read_templates,
    walk_modules,
)

SCRIPT = re.compile(r"<script\b(?![^>]*\b(?:src=|application/ld\+json))[^>]*>", re.IGNORECASE)
STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
SAFE = re.compile(r"\|\s*safe\b")
URL_FOR = re.compile(r"""url_for\(\s*["']([\w.]+)["']""")
IMPORT = re.compile(r"{%-?\s*from\s+\S+\s+import\s+(.*?)(?:\s+with context)?\s*-?%}", re.DOTALL)
INCLUDE = re.compile(r"""{%-?\s*include\s+["']([^"']+)["']""")
WORD = re.compile(r"[^\W\d_]{2,}")
READ_ALOUD = {"alt", "aria-label", "aria-description", "placeholder", "title"}
NOT_READ = {"script", "style", "code", "kbd"}

# Its drawings are written in it.
ICONS = "components/icon.html"

PAGES = read_pages()
TEMPLATES = read_templates()

each_page = pytest.mark.parametrize("name", sorted(PAGES))


class Wording(HTMLParser):
    """Collects what a person would read, or hear, of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        self.words += [value or "" for name, value in attrs if name in READ_ALOUD]

    def handle_startendtag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [value or "" for name, value in attrs if name in READ_ALOUD]

    def handle_endtag(self, tag: str) -> None:
        while tag in self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not NOT_READ & set(self._inside):
            self.words.append(data)


def test_templates_compile(app: Flask):
    for name in TEMPLATES:
        app.jinja_env.get_template(name)


def test_templates_take_nothing_for_safe():
    """What is safe is made `Markup` where it is made safe; a template only escapes."""
    trusting = {name for name, text in TEMPLATES.items() if SAFE.search(text)}

    assert trusting - {ICONS} == set()


@each_page
@pytest.mark.parametrize("forbidden", [SCRIPT, STYLE, HANDLER], ids=["script", "style", "handler"])
def test_page_has_nothing_inline(name: str, forbidden: re.Pattern[str]):
    """The content security policy would keep a browser from running it."""
    assert forbidden.findall(html_of(PAGES[name])) == []


@each_page
def test_page_leaves_every_word_to_translation(name: str):
    wording = Wording()

    wording.feed(html_of(PAGES[name]))

    assert [words.strip() for words in wording.words if WORD.search(words)] == []


def test_templates_link_to_views_that_exist(app: Flask):
    named = {(name, view) for name, text in TEMPLATES.items() for view in URL_FOR.findall(text)}

    assert {(name, view) for name, view in named if view not in app.view_functions} == set()


def test_code_links_to_views_that_exist(app: Flask):
    named = {
        node.args[0].value: module.at(node)
        for module, node in walk_modules()
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "url_for"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert {n: at for n, at in named.items() if n not in app.view_functions} == {}


def referred_to(app: Flask, name: str) -> set[str]:
    parsed = app.jinja_env.parse(TEMPLATES[name])
    return {found for found in meta.find_referenced_templates(parsed) if found}


def test_templates_build_on_templates_that_exist(app: Flask):
    missing = {name: referred_to(app, name) - set(TEMPLATES) for name in TEMPLATES}

    assert {name: others for name, others in missing.items() if others} == {}


def test_every_template_is_used(app: Flask):
    library = Path(flask_security.__file__).parent / "templates"
    written = literals()
    used = written | {other for name in TEMPLATES for other in referred_to(app, name)}

    unused = [
        name
        for name in TEMPLATES
        if name not in used
        and not (library / name).exists()
        and not (name.startswith("mail/") and Path(name).parent.name in written)
    ]

    assert unused == []


def test_templates_import_only_what_they_use():
    unused = [
        f"{name}: {imported}"
        for name, text in TEMPLATES.items()
        for imported in _list_imported(text)
        if not re.search(rf"\b{imported}\b", _with_included(text))
    ]

    assert unused == []


def _list_imported(text: str) -> list[str]:
    found = [part for match in IMPORT.findall(text) for part in match.split(",")]
    return [part.split(" as ")[-1].strip() for part in found]


def _with_included(text: str) -> str:
    """A template without its imports, and those it includes, which see what it has imported."""
    included = [TEMPLATES[name] for name in INCLUDE.findall(text)]
    return IMPORT.sub("", "\n".join([text, *included]))


def test_mails_are_complete():
    """A mail has a subject, a plain text and an HTML text."""
    folders = {Path(name).parent.as_posix() for name in TEMPLATES if name.count("/") == 2}
    mails = [folder for folder in folders if folder.startswith("mail/")]

    missing = [
        f"{folder}/{part}"
        for folder in sorted(mails)
        for part in ("subject.txt", "body.txt", "body.html")
        if f"{folder}/{part}" not in TEMPLATES
    ]

    assert missing == []
