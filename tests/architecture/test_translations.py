"""The words of the application can be handed to translators."""

from __future__ import annotations

import re

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from tests.architecture.sources import ROOT

# A sentence, or what is said where the page says nothing.
WORDS_IN_A_SCRIPT = re.compile(r"""["'`][A-Z][^"'`]*[a-z][.?!]["'`]|\?\? ["'`][A-Z]""")


def extract_messages() -> set[str]:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT,
        method_map=methods,
        options_map=options,
        keywords={"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)},
        directory_filter=lambda folder: not folder.rpartition("/")[2].startswith("."),
    )
    return {
        part
        for _file, _line, message, _comments, _context in found
        for part in ([message] if isinstance(message, str) else message)
    }


def test_words_of_code_and_of_templates_are_extracted():
    messages = extract_messages()

    assert {"We can't find that page", "Skip to the content"} <= messages


def test_scripts_take_their_words_from_the_page():
    scripts = (ROOT / "eventapp" / "static" / "js").glob("*.js")

    assert {
        script.name: found
        for script in scripts
        if (found := WORDS_IN_A_SCRIPT.findall(script.read_text("utf-8")))
    } == {}
